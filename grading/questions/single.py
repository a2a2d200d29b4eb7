"""One right choice among several: all or nothing."""

import random
from collections.abc import Iterator
from typing import Any, Literal

from grading.questions import answer
from grading.questions.item import (
    BLANK,
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
    unknown_options,
    untranslated,
)
from grading.questions.item import Item as BaseItem
from grading.questions.shuffle import shuffled

name = "single"
brief = True
drill = False
by_hand = False
stepped = False
credit = Credit.WHOLE


class Item(BaseItem):
    type: Literal["single"] = "single"
    options: Options
    key: Id
    feedback: dict[str, Words] = {}
    hard_fail: tuple[Id, ...] = ()

    def misfits(self) -> Iterator[Misfit]:
        yield from unknown_options(self.key, self.options, ("key",))
        yield from unknown_options(self.hard_fail, self.options, ("hard_fail",))
        yield from feedback_fits(self.feedback, frozenset(self.options))
        if self.key in self.hard_fail:
            yield Misfit(("hard_fail",), f'"hard_fail" 里有正确答案 "{self.key}"', "从 hard_fail 里删掉它")


def public(item: Item, order: random.Random | None = None) -> dict[str, Any]:
    options = [{"id": each, "text": item.options[each]} for each in shuffled(item.options, order)]
    return {"id": item.id, "type": name, "stem": item.stem, "options": options}


def parse(item: Item, raw: Any) -> str | None:
    return None if answer.is_blank(raw) else answer.one_of(raw, item.options)


def key(item: Item) -> str:
    return item.key


def score(item: Item, value: str | None) -> Score:
    if value is None:
        return BLANK
    return Score(float(value == item.key), hard_fail=item.options[value] if value in item.hard_fail else None)


def feedback(item: Item, value: str | None, say: Say = untranslated) -> Feedback:
    if value is None:
        return Feedback(False, say("还没有选，先选一个。"))
    return Feedback(value == item.key, paragraphs(item.feedback.get(value), item.why))


def spelled(item: Item, value: str) -> list[str]:
    return [f"{value} {item.options[value]}"]


def answers(item: Item) -> Iterator[str]:
    return iter(item.options)
