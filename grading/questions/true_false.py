"""A statement that is true or not: all or nothing.

Half of all guesses are right; so it is for what people are heard to say, where the reason is what one learns.
A value is "true" or "false".
"""

import random
from collections.abc import Iterator
from typing import Any, Literal

from grading.questions import answer
from grading.questions.item import (
    BLANK,
    HALVES,
    Credit,
    Feedback,
    Misfit,
    Say,
    Score,
    Words,
    feedback_fits,
    paragraphs,
    untranslated,
)
from grading.questions.item import Item as BaseItem

name = "true_false"
brief = True
drill = False
by_hand = False
stepped = False
credit = Credit.WHOLE
SAID = {"true": "对", "false": "不对"}


class Item(BaseItem):
    """`hard_fail` says that holding the wrong opinion loses the exam."""

    type: Literal["true_false"] = "true_false"
    key: bool
    feedback: dict[str, Words] = {}
    hard_fail: bool = False

    def misfits(self) -> Iterator[Misfit]:
        yield from feedback_fits(self.feedback, HALVES)


def public(item: Item, order: random.Random | None = None) -> dict[str, Any]:
    return {"id": item.id, "type": name, "stem": item.stem}


def parse(_item: Item, raw: Any) -> str | None:
    return None if answer.is_blank(raw) else answer.one_of(raw, SAID)


def key(item: Item) -> str:
    return "true" if item.key else "false"


def score(item: Item, value: str | None) -> Score:
    if value is None:
        return BLANK
    right = value == key(item)
    return Score(float(right), hard_fail=item.stem if item.hard_fail and not right else None)


def feedback(item: Item, value: str | None, say: Say = untranslated) -> Feedback:
    if value is None:
        return Feedback(False, say("还没有选，先选一个。"))
    right = value == key(item)
    return Feedback(right, paragraphs(item.feedback.get("right" if right else "wrong"), item.why))


def spelled(_item: Item, value: str) -> list[str]:
    return [SAID[value]]


def answers(_item: Item) -> Iterator[str]:
    return iter(SAID)
