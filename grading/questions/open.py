"""A written answer that a person reads.

There is no automatic score: what is not blank needs a mark, row by row of the rubric. Length is counted in characters;
too long is refused, too short is only said on screen: a first draft must be saved too.
"""

import random
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from grading.questions import answer
from grading.questions.item import BLANK, Credit, Feedback, Misfit, Say, Score, untranslated
from grading.questions.rubric import ByHand
from grading.questions.rubric import Row as Row  # as authors know it

name = "open"
brief = False
drill = False
by_hand = True
stepped = False
credit = Credit.WHOLE
LONGEST = 4000


class Item(ByHand):
    type: Literal["open"] = "open"
    min_chars: Annotated[int, Field(ge=0)] = 0
    max_chars: Annotated[int, Field(ge=1, le=LONGEST)] = 600

    def misfits(self) -> Iterator[Misfit]:
        if self.min_chars >= self.max_chars:
            yield Misfit(("min_chars",), f'"min_chars" 是 {self.min_chars}，不小于 "max_chars" 的 {self.max_chars}', "改小它")
        yield from super().misfits()


def public(item: Item, order: random.Random | None = None) -> dict[str, Any]:
    return {"id": item.id, "type": name, "stem": item.stem, "min_chars": item.min_chars, "max_chars": item.max_chars}


def parse(item: Item, raw: Any) -> str | None:
    if answer.is_blank(raw):
        return None
    return answer.text(raw, item.max_chars) or None


def key(item: Item) -> None:
    """No text is the key: a person decides."""


def score(item: Item, value: str | None) -> Score:
    return BLANK if value is None else Score(0.0, needs_mark=True)


def too_short(item: Item, value: str | None) -> bool:
    return len(value or "") < item.min_chars


def feedback(item: Item, value: str | None, say: Say = untranslated) -> Feedback:
    if value is None or too_short(item, value):
        return Feedback(False, say("再写几句，至少 {n} 个字。").format(n=item.min_chars))
    return Feedback(True, item.why or say("写好了，老师会读。"))


def spelled(_item: Item, value: str) -> list[str]:
    return [value]


def answers(item: Item) -> None:
    """Texts cannot be listed."""
