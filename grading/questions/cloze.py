"""A text with gaps, each filled by choosing or by typing a few words.

Partial credit: each gap is worth the same; one left open earns nothing, and nothing is taken off. In the text a gap
stands as [[name]]. A value maps gaps to the choice made or the words typed, in the order of the gaps in the text.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Annotated, Any, Literal

from pydantic import Field

from grading.questions import accepted, answer
from grading.questions.accepted import Accepted
from grading.questions.item import (
    BLANK,
    HALVES,
    Credit,
    Feedback,
    Fitting,
    Id,
    Misfit,
    Say,
    Score,
    Words,
    feedback_fits,
    paragraphs,
    unknown_options,
    untranslated,
)
from grading.questions.item import Item as BaseItem
from grading.questions.shuffle import shuffled

name = "cloze"
brief = True
drill = False
by_hand = False
stepped = False
credit = Credit.PARTS
GAP = re.compile(r"\[\[([A-Za-z0-9][A-Za-z0-9_-]{0,63})\]\]")
MARKS = "，。；：、！？”』」》）％,.;:!?)%"
LISTED = 80
"""Up to so many answers are listed; with more, an answer waits for the line."""
Short = Annotated[str, Field(min_length=1, max_length=14)]
"""What a closed list shows in two lines of large type on a phone."""


class Gap(Fitting):
    """Filled either by one of the `choices`, of which `key` is right, or by words of which `accept` says which are right."""

    choices: Annotated[dict[Id, Short], Field(min_length=2, max_length=8)] | None = None
    key: Id | None = None
    accept: Accepted | None = None

    def misfits(self) -> Iterator[Misfit]:
        if (self.choices is None) == (self.accept is None) or (self.choices is None) != (self.key is None):
            yield Misfit((), "这个空既不是选的，也不是填的", "选的写 choices 和 key，填的只写 accept")
        elif self.choices is not None and self.key is not None:
            yield from unknown_options(self.key, self.choices, ("key",))
        yield from accepted.unfit(self.accept or (), ("accept",))

    def parse(self, raw: Any) -> str | None:
        return accepted.parse(raw) if self.choices is None else answer.one_of(raw, self.choices)

    @property
    def right(self) -> str:
        """What fills it rightly, as an answer says it."""
        return accepted.example(self.accept[0]) if self.accept else str(self.key)

    def is_right(self, given: str | None) -> bool:
        return given is not None and (accepted.is_accepted(given, self.accept) if self.accept else given == self.key)

    def spelled(self, given: str) -> str:
        return self.choices[given] if self.choices else given


class Item(BaseItem):
    """`stem` says what to do, `text` is what has the gaps."""

    type: Literal["cloze"] = "cloze"
    text: Words
    gaps: Annotated[dict[Id, Gap], Field(min_length=1, max_length=10)]
    feedback: dict[str, Words] = {}

    def ordered(self) -> Iterator[tuple[str, Gap]]:
        """Yield the gaps in the order they are met in the text."""
        return ((each, self.gaps[each]) for each in GAP.findall(self.text))

    def misfits(self) -> Iterator[Misfit]:
        stands = Counter(GAP.findall(self.text))
        for each in stands.keys() - self.gaps.keys():
            yield Misfit(("text",), f'"text" 里的空 "{each}" 在 "gaps" 里没有', "补上它，或改名字")
        for each in self.gaps:
            if stands[each] != 1:
                fault = f'空 "{each}" 在 "text" 里出现了 {stands[each]} 次'
                yield Misfit(("gaps", each), fault, f"在 text 里写一次 [[{each}]]")
        for each in sorted(HALVES & self.gaps.keys()):
            yield Misfit(("gaps", each), f'"gaps" 里不能用 "{each}" 这个名字', "feedback 里要用它，换一个名字")
        yield from feedback_fits(self.feedback, HALVES, frozenset(self.gaps))


def public(item: Item, order: random.Random | None = None) -> dict[str, Any]:
    """Return the text in paragraphs of pieces: {text}, or {gap, number, choices, after}, max_chars where words are typed."""
    numbers = {each: number for number, (each, _) in enumerate(item.ordered(), start=1)}
    shown = {each: {"gap": each, "number": numbers[each]} | _filled_by(gap, order) for each, gap in item.ordered()}
    lines = [_pieces(line, shown) for line in item.text.split("\n") if line.strip()]
    return {"id": item.id, "type": name, "stem": item.stem, "text": lines}


def _pieces(line: str, shown: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the pieces of a paragraph; a mark behind a gap stays with it, so that no line begins with one."""
    first, *others = GAP.split(line)
    pieces: list[dict[str, Any]] = [{"text": first, "choices": []}]
    for gap, text in zip(others[::2], others[1::2], strict=True):
        rest = text.lstrip(MARKS)
        pieces += [shown[gap] | {"after": text[: len(text) - len(rest)]}, {"text": rest, "choices": []}]
    return pieces


def _filled_by(gap: Gap, order: random.Random | None) -> dict[str, Any]:
    if gap.choices is None:
        return {"choices": [], "max_chars": accepted.LONGEST}
    return {"choices": [{"id": each, "text": gap.choices[each]} for each in shuffled(gap.choices, order)]}


def parse(item: Item, raw: Any) -> dict[str, str] | None:
    if answer.is_blank(raw):
        return None
    given = answer.parts(raw, [each for each, _ in item.ordered()])
    read = {each: item.gaps[each].parse(value) for each, value in given.items()}
    return {each: value for each, value in read.items() if value} or None


def key(item: Item) -> dict[str, str]:
    return {each: gap.right for each, gap in item.ordered()}


def score(item: Item, value: Mapping[str, str] | None) -> Score:
    if value is None:
        return BLANK
    parts = {each: float(gap.is_right(value.get(each))) for each, gap in item.ordered()}
    return Score(sum(parts.values()) / len(parts), parts=parts)


def feedback(item: Item, value: Mapping[str, str] | None, say: Say = untranslated) -> Feedback:
    """Say of each gap that is open or wrong what belongs there, or why."""
    if value is None:
        return Feedback(False, say("还没有填，先填一个空。"))
    said = [
        item.feedback.get(each) or say("第{n}空：应当是“{words}”。").format(n=number, words=gap.spelled(gap.right))
        for number, (each, gap) in enumerate(item.ordered(), start=1)
        if not gap.is_right(value.get(each))
    ]
    return Feedback(not said, paragraphs(item.feedback.get("wrong" if said else "right"), *said, item.why))


def spelled(item: Item, value: Mapping[str, str]) -> list[str]:
    return [gap.spelled(value[each]) for each, gap in item.ordered() if each in value]


def answers(item: Item) -> Iterator[dict[str, str]] | None:
    gaps = dict(item.ordered())
    if any(gap.choices is None for gap in gaps.values()) or prod(len(gap.choices or ()) + 1 for gap in gaps.values()) > LISTED:
        return None
    chosen = product(*((None, *sorted(gap.choices or ())) for gap in gaps.values()))
    listed = ({each: to for each, to in zip(gaps, made, strict=True) if to} for made in chosen)
    return (each for each in listed if each)
