"""Several right choices among several.

Partial credit: (right ones chosen − wrong ones chosen) ÷ right ones, never below 0. So choosing everything is worth
nothing more than choosing at random, and each right choice more, each wrong choice fewer, is worth more.
A value is the sorted tuple of chosen ids.
"""

import random
from collections.abc import Iterator
from itertools import chain, combinations
from typing import Annotated, Any, Literal

from pydantic import Field

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
    named,
    paragraphs,
    unknown_options,
    untranslated,
)
from grading.questions.item import Item as BaseItem
from grading.questions.shuffle import shuffled

name = "multiple"
brief = True
drill = False
by_hand = False
stepped = False
credit = Credit.CHOSEN
LISTED = 6
"""Up to so many options all subsets are listed (63); with more, an answer waits for the line."""


class Item(BaseItem):
    type: Literal["multiple"] = "multiple"
    options: Options
    key: Annotated[tuple[Id, ...], Field(min_length=1)]
    feedback: dict[str, Words] = {}
    hard_fail: tuple[Id, ...] = ()

    def misfits(self) -> Iterator[Misfit]:
        yield from unknown_options(self.key, self.options, ("key",))
        yield from unknown_options(self.hard_fail, self.options, ("hard_fail",))
        yield from feedback_fits(self.feedback, frozenset(self.options))
        if len(set(self.key)) != len(self.key):
            yield Misfit(("key",), '"key" 里同一个选项写了两次', "删掉重复的")
        for each in sorted(set(self.key) & set(self.hard_fail)):
            yield Misfit(("hard_fail",), f'"hard_fail" 里有正确答案 "{each}"', "从 hard_fail 里删掉它")


def public(item: Item, order: random.Random | None = None) -> dict[str, Any]:
    options = [{"id": each, "text": item.options[each]} for each in shuffled(item.options, order)]
    return {"id": item.id, "type": name, "stem": item.stem, "options": options}


def parse(item: Item, raw: Any) -> tuple[str, ...] | None:
    return None if answer.is_blank(raw) else tuple(sorted(answer.distinct(raw, item.options)))


def key(item: Item) -> tuple[str, ...]:
    return tuple(sorted(item.key))


def score(item: Item, value: tuple[str, ...] | None) -> Score:
    if value is None:
        return BLANK
    wanted = set(item.key)
    right = len(wanted & set(value))
    lost = "；".join(item.options[each] for each in value if each in item.hard_fail)
    return Score(max(0, 2 * right - len(value)) / len(wanted), hard_fail=lost or None)


def feedback(item: Item, value: tuple[str, ...] | None, say: Say = untranslated) -> Feedback:
    """Say what each choice teaches, then what was missed."""
    if value is None:
        return Feedback(False, say("还没有选，先选一个。"))
    told = {each: named(option, item.feedback.get(each)) for each, option in item.options.items()}
    missed = [told[each] for each in key(item) if each not in value and told[each]]
    said = [told[each] for each in value]
    return Feedback(value == key(item), paragraphs(*said, say("还漏了：") if missed else None, *missed, item.why))


def spelled(item: Item, value: tuple[str, ...]) -> list[str]:
    return [f"{each} {item.options[each]}" for each in value]


def answers(item: Item) -> Iterator[tuple[str, ...]] | None:
    if len(item.options) > LISTED:
        return None
    ids = sorted(item.options)
    return chain.from_iterable(combinations(ids, size) for size in range(1, len(ids) + 1))
