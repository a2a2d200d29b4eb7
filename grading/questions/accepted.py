"""Whether a few typed words are among those accepted, however they were typed.

Full-width and half-width forms, large and small letters, and spaces make no difference, nor do marks before and after.
In an accepted text `*` stands for anything or nothing, so that “镇*值班室” accepts 镇政府值班室; nothing else is special,
and the time it takes grows with the length of the text alone.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from grading.questions import answer
from grading.questions.item import Misfit

LONGEST = 60
MOST = 40
Accepted = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=LONGEST)], ...], Field(min_length=1, max_length=MOST)]
ANYTHING = "*"


def normal(text: str) -> str:
    """Return what two ways of typing the same words have in common."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    bare = unicodedata.normalize("NFKC", "".join(folded.split()))  # an accent that stood apart joins its letter
    kept = [place for place, each in enumerate(bare) if unicodedata.category(each)[0] not in "PC"]
    return bare[kept[0] : kept[-1] + 1] if kept else ""


def fits(text: str, pattern: str) -> bool:
    said, (first, *others) = normal(text), _pieces(pattern)
    if not others:
        return said == first
    *middle, last = others
    end = len(said) - len(last)
    at = len(first)
    if at > end or not (said.startswith(first) and said.endswith(last)):
        return False
    for piece in middle:
        found = said.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def is_accepted(text: str, patterns: Iterable[str]) -> bool:
    return any(fits(text, each) for each in patterns)


def example(pattern: str) -> str:
    """Return the shortest text that an accepted text accepts, as its author wrote it."""
    return pattern if ANYTHING not in unicodedata.normalize("NFKC", pattern) else "".join(_pieces(pattern))


def parse(raw: Any) -> str | None:
    """Return one line of a hostile text, None if nothing can be seen of it."""
    return " ".join(answer.text(raw, LONGEST).split()) or None


def unfit(patterns: Iterable[str], place: tuple[str | int, ...]) -> Iterator[Misfit]:
    """Yield each accepted text that accepts everything or not even itself."""
    for number, each in enumerate(patterns):
        if not normal(example(each)) or not fits(example(each), each) or answer.readable(example(each)) != example(each):
            yield Misfit((*place, number), f'"{place[-1]}" 里的 "{each}" 认不出任何字', "写上认可的字；* 只能和别的字一起用")


def unreachable(feedback: Mapping[str, str], patterns: Iterable[str], halves: frozenset[str]) -> Iterator[Misfit]:
    """Yield each text said of a wrong answer that is accepted, or that nobody can give."""
    for each in sorted(feedback.keys() - halves):
        if is_accepted(example(each), patterns):
            yield Misfit(("feedback", each), f'"feedback" 里的 "{each}" 是认可的答案', "对的写在 right 里，这里只写常见的错答")
        elif not normal(example(each)):
            yield Misfit(("feedback", each), f'"feedback" 里的 "{each}" 认不出任何字', "写上常见的错答")


def _pieces(pattern: str) -> list[str]:
    return [normal(each) for each in unicodedata.normalize("NFKC", pattern).split(ANYTHING)]
