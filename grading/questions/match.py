"""Things to match with what belongs to each.

Partial credit: each thing is worth the same, and earns it when it has its own partner; one left out earns nothing, and
nothing is taken off. A partner may belong to several things or to none, so the last one is never left over by itself.
A value maps things to partners, in the order of the things.
"""

import random
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Annotated, Any, Literal

from pydantic import Field

from grading.questions import answer
from grading.questions.item import (
    BLANK,
    HALVES,
    Credit,
    Feedback,
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

name = "match"
brief = True
drill = False
by_hand = False
stepped = False
credit = Credit.PARTS
LISTED = 80
"""Up to so many answers are listed (three things with three partners have 63); with more, an answer waits for the line."""
Short = Annotated[str, Field(min_length=1, max_length=14)]
"""What a closed list shows in two lines of large type on a phone."""


class Item(BaseItem):
    type: Literal["match"] = "match"
    items: Annotated[dict[Id, Words], Field(min_length=2, max_length=8)]
    options: Annotated[dict[Id, Short], Field(min_length=2, max_length=8)]
    key: dict[Id, Id]
    feedback: dict[str, Words] = {}

    def misfits(self) -> Iterator[Misfit]:
        if self.key.keys() != self.items.keys():
            yield Misfit(("key",), f'"key" 没有给 {"、".join(self.items)} 各配一个', "每一项写一次，后面写它配的选项")
        for each, partner in self.key.items():
            yield from unknown_options(partner, self.options, ("key", each))
        for each in sorted(HALVES & self.items.keys()):
            yield Misfit(("items", each), f'"items" 里不能用 "{each}" 这个名字', "feedback 里要用它，换一个名字")
        yield from feedback_fits(self.feedback, HALVES, frozenset(self.items))


def public(item: Item, order: random.Random | None = None) -> dict[str, Any]:
    """Things stand as the author wrote them, what happens first above; their partners are shuffled."""
    things = [{"id": each, "text": text} for each, text in item.items.items()]
    partners = [{"id": each, "text": item.options[each]} for each in shuffled(item.options, order)]
    return {"id": item.id, "type": name, "stem": item.stem, "items": things, "options": partners}


def parse(item: Item, raw: Any) -> dict[str, str] | None:
    if answer.is_blank(raw):
        return None
    given = answer.parts(raw, item.items)
    return {each: answer.one_of(value, item.options) for each, value in given.items()} or None


def key(item: Item) -> dict[str, str]:
    return {each: item.key[each] for each in item.items}


def score(item: Item, value: Mapping[str, str] | None) -> Score:
    if value is None:
        return BLANK
    parts = {each: float(value.get(each) == partner) for each, partner in key(item).items()}
    return Score(sum(parts.values()) / len(parts), parts=parts)


def feedback(item: Item, value: Mapping[str, str] | None, say: Say = untranslated) -> Feedback:
    """Say of each thing that has not its own partner what it is, or why."""
    if value is None:
        return Feedback(False, say("还没有配，先给每一样选一个。"))
    said = [
        item.feedback.get(each)
        or say("{element}：应当是“{choice}”。").format(element=item.items[each], choice=item.options[partner])
        for each, partner in key(item).items()
        if value.get(each) != partner
    ]
    return Feedback(not said, paragraphs(item.feedback.get("wrong" if said else "right"), *said, item.why))


def spelled(item: Item, value: Mapping[str, str]) -> list[str]:
    return [f"{item.items[each]} → {item.options[partner]}" for each, partner in value.items()]


def answers(item: Item) -> Iterator[dict[str, str]] | None:
    if (len(item.options) + 1) ** len(item.items) > LISTED:
        return None
    chosen = product(*[(None, *sorted(item.options))] * len(item.items))
    listed = ({each: to for each, to in zip(item.items, partners, strict=True) if to} for partners in chosen)
    return (each for each in listed if each)
