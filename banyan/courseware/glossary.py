"""content/glossary.yaml: words a village volunteer may not know, each said in plain ones.

A lesson marks a word by itself, the first time a step says it; {term}`待核` chooses the place by hand. Marked words are
links to `#term-<n>`, where the page lists the lesson's words: they lead there without a script, and on paper.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from banyan.courseware.facts import Facts, flaws
from banyan.courseware.faults import Fault, Faults
from banyan.courseware.fit import fit
from banyan.courseware.lesson import Block, Lesson, code_lines, roles
from banyan.courseware.yaml_source import Source, read
from grading.questions.item import Fitting, Words

ROLE = re.compile(r"\{term\}`([^`\n]*)`")
LEFT_ALONE = r"!?\[[^\]\n]*\]\([^)\n]*\)|\{[A-Za-z][\w-]*\}`[^`\n]*`|`[^`\n]*`"
"""A role, code, a link or a picture: no word is marked inside."""
HEADING = re.compile(r"\s{0,3}#")


class Term(Fitting):
    """`also` are other ways of writing the word; an explanation that states a fact names it."""

    plain: Annotated[str, Field(min_length=1, max_length=90)]
    also: tuple[Words, ...] = ()
    fact: Words | None = None


Glossary = Mapping[str, Term]


def load_glossary(path: Path, file: str, facts: Facts, faults: Faults) -> dict[str, Term]:
    """Return the words that can be used; there need be none."""
    source = read(path, file, faults) if path.exists() else None
    if source is None:
        return {}
    found = {each: term for each in source.data if (term := fit(Term, source, faults, (each,)))}
    faults.extend(_twice(source, found))
    for name, term in found.items():
        faults.extend(source.fault((name, "fact"), *flaw) for _, flaw in flaws([term.fact] if term.fact else [], facts))
    return found


def _twice(source: Source, found: Glossary) -> Iterator[Fault]:
    owners = {each: each for each in found}
    for name, term in found.items():
        for place, each in enumerate(term.also):
            if owners.setdefault(each, name) != name or each == name:
                yield source.fault((name, "also", place), f'"{each}" 已经写过了', "只留一处")


def spellings(glossary: Glossary) -> dict[str, str]:
    """Return the word behind each way of writing it."""
    return {each: name for name, term in glossary.items() for each in (name, *term.also)}


def term_faults(lesson: Lesson, block: Block, glossary: Glossary) -> Iterator[Fault]:
    """Yield each word marked by hand that the glossary lacks, or where none can be marked."""
    known = spellings(glossary)
    for role, line in roles(block):
        if role["name"] != "term":
            continue
        if role["content"].strip() not in known:
            yield Fault(lesson.file, line, f'glossary.yaml 里没有 "{role["content"].strip()}" 这个词', "补上它，或去掉记号")
        elif HEADING.match(role.string):
            yield Fault(lesson.file, line, "标题里不能标词语", "去掉记号，在正文里标")


def marked_terms(lesson: Lesson, glossary: Glossary) -> tuple[str, ...]:
    """Return the words a lesson's page explains, in the order of their first mention."""
    marker = Marker(lesson, glossary, ())
    for block in lesson.prose():
        marker.mark(block)
    return tuple(dict.fromkeys(marker.met))


class Marker:
    """Marks a lesson's words, block after block from its top; `terms` are the words in the order of their numbers."""

    def __init__(self, lesson: Lesson, glossary: Glossary, terms: Iterable[str]) -> None:
        self.known = spellings(glossary)
        self.numbers = {name: number for number, name in enumerate(terms, start=1)}
        self.met: list[str] = []
        self.said: dict[str | None, set[str]] = {}
        for block in lesson.prose():
            by_hand = {self.known[each.strip()] for each in ROLE.findall(block.text) if each.strip() in self.known}
            self.said.setdefault(block.step, set()).update(by_hand)
        words = "|".join(re.escape(each) for each in sorted(self.known, key=len, reverse=True))
        self.shape = re.compile(
            rf"(?P<opens>\*\*)?(?:\{{term\}}`\s*(?P<hand>[^`\n]*?)\s*`|(?P<alone>{LEFT_ALONE})|(?P<word>{words}))(?P<shuts>\*\*)?"
        )

    def mark(self, block: Block) -> str:
        """Return the prose of a block with its words marked; headings and code stay as they are."""
        if not self.known or block.step is None:
            return ROLE.sub(r"\1", block.text)
        code = code_lines(block.text)
        lines = enumerate(block.text.split("\n"))
        return "\n".join(
            line if number in code or HEADING.match(line) else self._line(line, self.said[block.step]) for number, line in lines
        )

    def _line(self, line: str, said: set[str]) -> str:
        parts, end, bold = [], 0, False
        for found in self.shape.finditer(line):
            before = line[end : found.start()]
            bold ^= before.count("**") % 2 == 1
            parts += [before, self._marked(found, said, bold)]
            bold ^= (bool(found["opens"]) + bool(found["shuts"])) % 2 == 1
            end = found.end()
        return "".join([*parts, line[end:]])

    def _marked(self, found: re.Match[str], said: set[str], bold: bool) -> str:
        """Return a word as a link. Bold type does not begin or end beside a tag: it is ended before and begun again inside."""
        opens, shuts = found["opens"] or "", found["shuts"] or ""
        word = found["hand"] or found["word"]
        name = self.known.get(word or "")
        if name is None or (found["hand"] is None and name in said):
            return f"{opens}{word}{shuts}" if found["hand"] is not None else found[0]
        said.add(name)
        self.met.append(name)
        link = f'<a class="term" href="#term-{self.numbers.get(name, 0)}">'
        if bold ^ bool(opens) and (opens or shuts):  # the word is bold and stands at an edge
            return f"{'' if opens else '**'}{link}**{word}**</a>{'' if shuts else '**'}"
        return f"{opens}{link}{word}</a>{shuts}"
