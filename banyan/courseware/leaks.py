"""Whether anything of the exam stands where a learner can get at it: searched in what was built, not assumed of the builder.

Searched is every text of an exam question that is long enough to be told by, in every file outside private/, whatever
way the file writes it down: escaped in JSON, as HTML, broken over lines, within a picture that travels in a page. Short
texts (待核, 打电话) are said everywhere; what there is to choose from may be said elsewhere too, for it does not say which
choice is right. A short answer to be typed, words or a number with its unit, is found where its question is asked in the
same file: the whole stem or one of its sentences that no other question of the bank shares.
"""

import base64
import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from grading import questions
from grading.questions.accepted import ANYTHING

TELLING = 12
"""Characters from which a text, blanks and marks left out, is not said twice by chance."""
NAMES = frozenset({"id", "type", "facts", "own", "indicators", "indicator", "difficulty", "tags", "picture", "version", "next"})
"""What is no text of a question, but names something."""
CHOICES = frozenset({"options", "items", "choices", "label"})
WITHIN = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
"""A file as base64, as notebooks and addresses hold a picture."""
SPACE = re.compile(r"\s+")


SENTENCE = re.compile(r"[。？！；?!;\n]")
ASKING = 6
"""Characters from which a sentence of a stem asks something of its own."""


class Leak(NamedTuple):
    """`file` holds `text`, which is part of the exam question `question`."""

    file: str
    question: str
    text: str


def leaks(release: Path, bank: Mapping[str, questions.Item], private: str = "private") -> Iterator[Leak]:
    """Yield each text of the bank that stands in a release outside its private folder."""
    secret, typed = telling(bank), short_answers(bank)
    for path in sorted(release.rglob("*")):
        parts = path.relative_to(release).parts
        if path.is_file() and parts[0] != private:
            told = legible(path.read_bytes())
            yield from (Leak("/".join(parts), name, text) for text, name in secret.items() if text in told)
            found = ((each.question, each.in_text(told)) for each in typed)
            yield from (Leak("/".join(parts), name, text) for name, text in found if text)


def telling(bank: Mapping[str, questions.Item]) -> dict[str, str]:
    """Return the texts by which a bank's questions would be known, without blanks, and whose each is."""
    found = {}
    for name, item in bank.items():
        for text in texts(questions.dump(item)):
            squeezed = SPACE.sub("", text)
            if len(squeezed) >= TELLING:
                found[squeezed] = name
    return found


@dataclass(frozen=True)
class Typed:
    """A question whose answer is a few signs to be typed: how it asks, and what is right."""

    question: str
    asks: tuple[str, ...]
    answers: tuple[re.Pattern[str], ...]

    def in_text(self, told: str) -> str:
        """Return an answer that a text holds together with what it answers, "" if it holds none."""
        if not any(each in told for each in self.asks):
            return ""
        return next((found[0] for each in self.answers if (found := each.search(told))), "")


def short_answers(bank: Mapping[str, questions.Item]) -> list[Typed]:
    """Return the questions of a bank that are answered by a few words or a number, and by how they can be known."""
    asked = {name: _sentences(getattr(item, "stem", "")) for name, item in bank.items()}
    shared = Counter(each for sentences in asked.values() for each in sentences)
    found = []
    for name, item in bank.items():
        answers = tuple(_pattern(each) for each in _typed(questions.dump(item)))
        asks = tuple(each for each in asked[name] if shared[each] == 1)
        if answers and asks:
            found.append(Typed(name, asks, answers))
    return found


def _sentences(stem: str) -> frozenset[str]:
    """Return a stem and its sentences, without blanks, as far as they say something of their own."""
    squeezed = (SPACE.sub("", each) for each in (stem, *SENTENCE.split(stem)))
    return frozenset(each for each in squeezed if len(each) >= ASKING)


def _typed(data: Any) -> Iterator[str]:
    """Yield what is accepted when it is typed: words, or a number with its unit."""
    if isinstance(data, Mapping):
        for name, each in data.items():
            if name == "accept":
                yield from each or ()
            elif name == "key" and isinstance(each, Mapping) and "value" in each:
                yield f"{Decimal(str(each['value'])).normalize():f}{each.get('unit', '')}"
            else:
                yield from _typed(each)
    elif isinstance(data, list | tuple):
        for each in data:
            yield from _typed(each)


def _pattern(answer: str) -> re.Pattern[str]:
    """Return how an answer reads without blanks: `*` is a few signs, and a number is not part of a longer one."""
    pieces = (re.escape(SPACE.sub("", each)) for each in answer.split(ANYTHING))
    body = ".{0,12}".join(pieces)
    return re.compile(rf"(?<![\d.]){body}(?![\d.]*\d)" if answer[:1].isdigit() else body)


def texts(data: Any) -> Iterator[str]:
    """Yield every text in an item's JSON but names and what there is to choose from."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for name, each in data.items():
            if name not in NAMES and not (name in CHOICES and _is_plain(each)):
                yield from texts(each)
    elif isinstance(data, list | tuple):
        yield from (text for each in data for text in texts(each))


def _is_plain(data: Any) -> bool:
    """Say whether it is one text or texts by name; the choices of a case hold more than their text."""
    return isinstance(data, str) or (isinstance(data, Mapping) and all(isinstance(each, str) for each in data.values()))


def legible(content: bytes) -> str:
    """Return a file's text as somebody could read it out of it, without blanks."""
    text = content.decode("utf-8", errors="ignore")
    try:
        strings = "\n".join(_strings(json.loads(text)))
    except ValueError:
        strings = ""
    within = "\n".join(_decoded(each) for each in WITHIN.findall(text))
    return SPACE.sub("", "\n".join((text, strings, *map(html.unescape, (text, strings, within)))))


def _decoded(text: str) -> str:
    whole = text.rstrip("=")
    whole = whole[:-1] if len(whole) % 4 == 1 else whole
    return base64.b64decode(whole + "=" * (-len(whole) % 4)).decode(errors="ignore")


def _strings(data: Any) -> Iterator[str]:
    """Yield every string of JSON; a list of them, as a notebook breaks its lines, as one; keys too."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        yield from data.keys()
        for each in data.values():
            yield from _strings(each)
    elif isinstance(data, list):
        if data and all(isinstance(each, str) for each in data):
            yield "".join(data)
        for each in data:
            yield from _strings(each)
