"""A few words, typed: all or nothing.

Right is what one of the accepted texts accepts (grading/questions/accepted.py says what makes no difference). Feedback
has `right`, `wrong`, and by choice a text for each common wrong answer. A value is the text in one line.
"""

import random
from collections.abc import Iterator
from typing import Any, Literal

from grading.questions import accepted, answer
from grading.questions.accepted import Accepted
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

name = "short_text"
brief = True
drill = False
by_hand = False
stepped = False
credit = Credit.WHOLE


class Item(BaseItem):
    type: Literal["short_text"] = "short_text"
    accept: Accepted
    feedback: dict[str, Words] = {}

    def misfits(self) -> Iterator[Misfit]:
        yield from accepted.unfit(self.accept, ("accept",))
        yield from feedback_fits(self.feedback, HALVES, frozenset(self.feedback))
        yield from accepted.unreachable(self.feedback, self.accept, HALVES)


def public(item: Item, order: random.Random | None = None) -> dict[str, Any]:
    return {"id": item.id, "type": name, "stem": item.stem, "max_chars": accepted.LONGEST}


def parse(_item: Item, raw: Any) -> str | None:
    return None if answer.is_blank(raw) else accepted.parse(raw)


def key(item: Item) -> str:
    return accepted.example(item.accept[0])


def score(item: Item, value: str | None) -> Score:
    return BLANK if value is None else Score(float(accepted.is_accepted(value, item.accept)))


def feedback(item: Item, value: str | None, say: Say = untranslated) -> Feedback:
    if value is None:
        return Feedback(False, say("还没有写，先写几个字。"))
    if accepted.is_accepted(value, item.accept):
        return Feedback(True, paragraphs(item.feedback.get("right"), item.why))
    known = [said for each, said in item.feedback.items() if each not in HALVES and accepted.fits(value, each)]
    return Feedback(False, paragraphs(known[0] if known else item.feedback.get("wrong"), item.why))


def spelled(_item: Item, value: str) -> list[str]:
    return [value]


def answers(_item: Item) -> None:
    """Words cannot be listed."""
