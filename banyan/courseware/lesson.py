"""A lesson file: MyST Markdown, its header, its steps, the code cells between.

`# ` is the lesson's title, each `## ` opens a step of at most three minutes and one idea. The line `(name)=` above it names
the step for good: addresses and what was read go by that name (docs/decisions/0016). Facts are cited with the role
{fact}`F8`, what each county says for itself with {county}`duty_phone`, a word of the glossary with {term}`待核`; other
roles, directives and HTML are not part of a lesson. A practice question is a cell that says ask("…").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from jupytext.myst import MystMetadataParsingError, myst_to_notebook
from markdown_it import MarkdownIt
from markdown_it.token import Token

from banyan.courseware.faults import Fault, Faults
from banyan.courseware.fit import fit
from banyan.courseware.manifest import LessonHead
from banyan.courseware.yaml_source import Source, parse, read_text

MARKDOWN = MarkdownIt("commonmark").enable("table")
ROLE = re.compile(r"\{(?P<name>[A-Za-z][\w-]*)\}`(?P<content>[^`\n]*)`")
FACT = re.compile(r"\{fact\}`([^`\n]*)`")
TERM = re.compile(r"\{term\}`([^`\n]*)`")
TARGET = re.compile(r"\((?P<name>[^()`]*)\)=\s*")
BLANK = re.compile(r"\A(?:[ \t]*\n)+")
KNOWN = frozenset({"fact", "county", "term"})
UNREADABLE = (MystMetadataParsingError, yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError)
"""What jupytext raises on cell options that are no options."""


@lru_cache(maxsize=1024)
def parsed(text: str) -> tuple[Token, ...]:
    """Return the tokens of some Markdown, to be read only: check and build ask for those of one text many times over."""
    return tuple(MARKDOWN.parse(text))


@dataclass(frozen=True)
class Step:
    """`name` is empty if the file gives none, which the check does not let pass."""

    name: str
    title: str
    line: int


@dataclass(frozen=True)
class Block:
    """A stretch of prose or one code cell; `step` is None before the first step, `line` where it begins in the file."""

    kind: str
    text: str
    line: int
    step: str | None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    src: str
    alt: str
    line: int


@dataclass(frozen=True)
class Lesson:
    name: str
    path: Path
    file: str
    head: LessonHead
    steps: tuple[Step, ...]
    blocks: tuple[Block, ...]

    def prose(self) -> Iterator[Block]:
        return (each for each in self.blocks if each.kind == "markdown")

    def code(self) -> Iterator[Block]:
        return (each for each in self.blocks if each.kind == "code")

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts cited, each once, in the order of their first mention."""
        return tuple(dict.fromkeys(each for block in self.prose() for each, _ in cited(block)))


def read_lesson(path: Path, file: str, faults: Faults) -> Lesson | None:
    """Return a lesson, or None with what is wrong with its file."""
    text = read_text(path, file, faults)
    if text is None:
        return None
    parts = headed(text, file, faults, "title 和 minutes")
    if parts is None:
        return None
    source, body = parts
    head = fit(LessonHead, source, faults) if source else None
    steps, blocks = _steps(_cells(body, file, faults))
    return Lesson(path.stem, path, file, head, steps, blocks) if head else None


def headed(text: str, file: str, faults: Faults, asked: str) -> tuple[Source | None, str] | None:
    """Return a file's header and the rest with every line where it was, None with a fault if there is no header.

    `asked` names what a header must say; one that cannot be read is None with its faults.
    """
    lines = text.split("\n")
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    if lines[0].rstrip() != "---" or not end:
        faults.append(Fault(file, 1, "课文开头没有 --- 括起来的表头", f"第一行写 ---，接着 {asked}，再写 ---"))
        return None
    source = parse("\n".join(lines[1:end]), file, faults, first_line=2)
    return source, "\n" * (end + 1) + "\n".join(lines[end + 1 :])


def _cells(body: str, file: str, faults: Faults) -> list[Block]:
    try:
        notebook = myst_to_notebook(body, add_source_map=True)
    except UNREADABLE as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else 1
        faults.append(Fault(file, line, "代码格开头的选项读不懂", "代码格只写 ```{code-cell} ipython3，下一行起就是代码"))
        return []
    lines = body.split("\n")
    faults.extend(misspelt_cells(lines, file))
    cells = []
    for cell, start in zip(notebook.cells, notebook.metadata["source_map"], strict=True):
        text = BLANK.sub("", cell.source)  # as IPython does, which counts from the first line that says something
        line = first_line(lines, start, text)
        tags = cell.metadata.get("tags", [])
        if set(cell.metadata) - {"tags"} or not isinstance(tags, list) or not all(isinstance(each, str) for each in tags):
            faults.append(Fault(file, line, "这一格有认不得的选项", "只能写 :tags: [名字]，其余删掉"))
            tags = []
        cells.append(Block(cell.cell_type, text, line, None, tuple(tags)))
    return cells


def misspelt_cells(lines: list[str], file: str) -> Iterator[Fault]:
    for number, line in enumerate(lines, start=1):
        if line.startswith("```{code-cell}") and line.split() != ["```{code-cell}", "ipython3"]:
            yield Fault(file, number, "代码格的第一行写得不对", "写成 ```{code-cell} ipython3")


def first_line(lines: list[str], start: int, source: str) -> int:
    """Return the 1-based line where a cell's text begins, past blank lines and options: where the file says all of it."""
    wanted = [each.rstrip() for each in source.split("\n")]
    stretches = ((number, lines[number : number + len(wanted)]) for number in range(start, len(lines)))
    return next((number for number, found in stretches if [each.rstrip() for each in found] == wanted), start) + 1


def _steps(cells: list[Block]) -> tuple[tuple[Step, ...], tuple[Block, ...]]:
    """Cut the prose at each `## ` and say of every block which step it belongs to."""
    steps: list[Step] = []
    blocks: list[Block] = []
    for cell in cells:
        for text, line, step in _cut(cell) if cell.kind == "markdown" else [(cell.text, cell.line, None)]:
            if step is not None:
                steps.append(step)
            blocks.append(Block(cell.kind, text, line, steps[-1].name if steps else None, cell.tags))
    return tuple(steps), tuple(blocks)


def _cut(cell: Block) -> Iterator[tuple[str, int, Step | None]]:
    """Yield the parts of a prose cell: text, line, and the step it opens, None if it opens none. Names are left out."""
    lines = cell.text.split("\n")
    cuts = [(number, title) for level, number, title in _headings(cell.text) if level == "h2"]
    names = [TARGET.fullmatch(lines[number - 1]) if number else None for number, _ in cuts]
    edges = [number - bool(name) for (number, _), name in zip(cuts, names, strict=True)] + [len(lines)]
    before = "\n".join(lines[: edges[0]]).strip("\n")
    if before:
        yield before, cell.line, None
    for (number, title), name, end in zip(cuts, names, edges[1:], strict=True):
        step = Step(name["name"] if name else "", title, cell.line + number)
        yield "\n".join(lines[number:end]).strip("\n"), step.line, step


def targets(block: Block) -> Iterator[tuple[str, int]]:
    """Yield each `(name)=` that names no step, and its line."""
    hidden = code_lines(block.text)
    for number, line in enumerate(block.text.split("\n")):
        if number not in hidden and TARGET.fullmatch(line):
            yield line.strip(), block.line + number


def _headings(text: str) -> Iterator[tuple[str, int, str]]:
    tokens = parsed(text)
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.level == 0 and opening.map:
            yield opening.tag, opening.map[0], plain(inline)


def headings(lesson: Lesson, level: str) -> list[int]:
    """Return the lines of all headings of a level ("h1", "h3", …)."""
    return [block.line + number for block in lesson.prose() for tag, number, _ in _headings(block.text) if tag == level]


def plain(inline: Token) -> str:
    """Return what a reader reads of a run of Markdown, without its marks."""
    kept = ("text", "code_inline", "image")
    return "".join(each.content for each in inline.children or [] if each.type in kept).strip()


def readable(block: Block) -> str:
    """Return the characters a reader reads in a block of prose."""
    return "".join(plain(each) for each in parsed(ROLE.sub("", TERM.sub(r"\1", block.text))) if each.type == "inline")


def cited(block: Block) -> Iterator[tuple[str, int]]:
    """Yield each fact a block of prose cites, and the line."""
    for role, line in roles(block):
        if role["name"] == "fact":
            for each in re.split(r"[,，、\s]+", role["content"].strip()):
                yield each, line


def roles(block: Block) -> Iterator[tuple[re.Match[str], int]]:
    """Yield each MyST role in a block of prose, and its line; code is not looked into."""
    hidden = code_lines(block.text)
    for number, line in enumerate(block.text.split("\n")):
        if number not in hidden:
            yield from ((found, block.line + number) for found in ROLE.finditer(line))


def code_lines(text: str) -> frozenset[int]:
    """Return the numbers of the lines of some Markdown that are code, counted from 0."""
    code = (each.map for each in parsed(text) if each.type in {"fence", "code_block"} and each.map)
    return frozenset(line for first, end in code for line in range(first, end))


def pictures(block: Block) -> Iterator[Picture]:
    """Yield each picture in a block of prose."""
    for token in parsed(block.text):
        for child in token.children or []:
            if child.type == "image":
                yield Picture(str(child.attrs.get("src", "")), child.content, block.line + (token.map or [0])[0])


def foreign(block: Block) -> Iterator[tuple[str, int]]:
    """Yield what stands in the prose but is not part of a lesson: HTML, directives, roles we do not know."""
    for token in parsed(block.text):
        line = block.line + (token.map or [0])[0]
        if token.type == "html_block" or any(child.type == "html_inline" for child in token.children or []):
            yield "HTML", line
        if token.type == "fence" and token.info.startswith("{"):
            yield f"指令 {token.info.split('}')[0]}}}", line
    for role, line in roles(block):
        if role["name"] not in KNOWN:
            yield f"记号 {{{role['name']}}}", line


def as_json(lesson: Lesson) -> dict[str, Any]:
    """Return the lesson's outline for the release: name, title, minutes, steps with the facts each cites."""
    facts: dict[str | None, list[str]] = {}
    for block in lesson.prose():
        facts.setdefault(block.step, []).extend(each for each, _ in cited(block))
    steps = [
        {"name": each.name, "title": each.title, "facts": list(dict.fromkeys(facts.get(each.name, ())))} for each in lesson.steps
    ]
    return {"name": lesson.name, "title": lesson.head.title.model_dump(), "minutes": lesson.head.minutes, "steps": steps}
