"""Steps to put in order.

Partial credit: of the pairs that follow each other in the right order, the share that follow each other directly in the
answer. The right order earns 1, the reverse 0; moving one whole block costs only its seams. An answer names every step.
"""

import random
from collections.abc import Iterator
from itertools import pairwise, permutations
from typing import Any, Literal

from banyan.errors import InvalidAnswerError
from grading.questions import answer
from grading.questions.item import (
    BLANK,
    HALVES,
    Credit,
    Feedback,
    Id,
    Misfit,
    Options,
    Say,
    Score,
    Words,
    feedback_fits,
    paragraphs,
    untranslated,
)
from grading.questions.item import Item as BaseItem
from grading.questions.shuffle import shuffled

name = "order"
brief = True
drill = False
by_hand = False
stepped = False
credit = Credit.OWN
LISTED = 4
"""Up to so many steps all orders are listed (24); with more, an answer waits for the line."""


class Item(BaseItem):
    type: Literal["order"] = "order"
    items: Options
    key: tuple[Id, ...]
    feedback: dict[str, Words] = {}

    def misfits(self) -> Iterator[Misfit]:
        if sorted(self.key) != sorted(self.items):
            listed = "、".join(self.items)
            yield Misfit(("key",), f'"key" 没有把 {listed} 各排一次', "把每个步骤按正确先后写一次")
        yield from feedback_fits(self.feedback, HALVES)


def public(item: Item, order: random.Random | None = None) -> dict[str, Any]:
    steps = [{"id": each, "text": item.items[each]} for each in shuffled(item.items, order)]
    return {"id": item.id, "type": name, "stem": item.stem, "items": steps}


def parse(item: Item, raw: Any) -> tuple[str, ...] | None:
    if answer.is_blank(raw):
        return None
    given = tuple(answer.distinct(raw, item.items))
    if len(given) != len(item.items):
        raise InvalidAnswerError("步骤没有排全，请把每一步都排进去")
    return given


def key(item: Item) -> tuple[str, ...]:
    return item.key


def score(item: Item, value: tuple[str, ...] | None) -> Score:
    if value is None:
        return BLANK
    wanted = set(pairwise(item.key))
    return Score(len(wanted & set(pairwise(value))) / len(wanted))


def feedback(item: Item, value: tuple[str, ...] | None, say: Say = untranslated) -> Feedback:
    if value is None:
        return Feedback(False, say("还没有排，先排一排。"))
    right = value == item.key
    return Feedback(right, paragraphs(item.feedback.get("right" if right else "wrong"), item.why))


def spelled(item: Item, value: tuple[str, ...]) -> list[str]:
    return [f"{each} {item.items[each]}" for each in value]


def answers(item: Item) -> Iterator[tuple[str, ...]] | None:
    return permutations(sorted(item.items)) if len(item.items) <= LISTED else None
