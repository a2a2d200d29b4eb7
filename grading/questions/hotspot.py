"""A place in a picture, or several, to be pointed at.

Every place that can be pointed at has a name, and stands below the picture as a choice of that name: so it can be
reached by keyboard, read aloud and tapped by a thumb; names therefore say where a place is, not what is the matter there.
One right place: all or nothing. Several: as `multiple`, (right − wrong) ÷ right, never below 0.
Places are measured in hundredths of the picture's width and height from its upper left corner.
A value is the sorted tuple of places.
"""

import random
from collections.abc import Iterator
from itertools import chain, combinations
from typing import Annotated, Any, Literal

from pydantic import Field

from banyan.errors import InvalidAnswerError
from grading.questions import answer
from grading.questions.item import (
    BLANK,
    Credit,
    Feedback,
    Fitting,
    Id,
    Misfit,
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

name = "hotspot"
brief = True
drill = False
by_hand = False
stepped = False
credit = Credit.CHOSEN
LISTED = 6
"""Up to so many places all sets of them are listed (63); with more, an answer waits for the line."""
SMALLEST = 5
"""Hundredths of the picture: what is narrower cannot be seen on a phone."""
MARGIN = 7
"""Hundredths of the picture that a number needs around it on a phone."""
Hundredth = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Point = tuple[Hundredth, Hundredth]


class Region(Fitting):
    """A place: `box` is left, top, width and height; `outline` the corners of any other shape."""

    label: Annotated[str, Field(min_length=1, max_length=40)]
    box: tuple[Hundredth, Hundredth, Hundredth, Hundredth] | None = None
    outline: Annotated[tuple[Point, ...], Field(min_length=3, max_length=24)] | None = None

    def misfits(self) -> Iterator[Misfit]:
        if (self.box is None) == (self.outline is None):
            yield Misfit((), "这个地方没有写好在图上哪里", "写 box（方框）或 outline（折线），只写一样")
            return
        across, down = zip(*self.corners, strict=True)
        if min(max(across) - min(across), max(down) - min(down)) < SMALLEST:
            yield Misfit((), f"这个地方太小，手机上看不清（宽和高都至少 {SMALLEST}）", "画大一些")
        if max(*across, *down) > 100:
            yield Misfit(("box",), "方框伸到图外去了", "左加宽、上加高都不超过 100")

    @property
    def corners(self) -> tuple[Point, ...]:
        if self.box is None:
            return self.outline or ()
        left, top, width, height = self.box
        return ((left, top), (left + width, top), (left + width, top + height), (left, top + height))

    @property
    def tag(self) -> Point:
        """Where its number stands: on its uppermost corner, so that nothing within is covered, and within the picture."""
        across, down = min(self.corners, key=lambda corner: (corner[1], corner[0]))
        return min(max(across, MARGIN), 100 - MARGIN), min(max(down, MARGIN), 100 - MARGIN)


class Item(BaseItem):
    """`picture` is a file of the course's figures/; `alt` says what it shows, without the answer."""

    type: Literal["hotspot"] = "hotspot"
    picture: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.(svg|png|jpg|jpeg|webp)$")]
    alt: Words
    regions: Annotated[dict[Id, Region], Field(min_length=2, max_length=12)]
    key: Annotated[tuple[Id, ...], Field(min_length=1)]
    feedback: dict[str, Words] = {}
    hard_fail: tuple[Id, ...] = ()

    @property
    def pictures(self) -> tuple[str, ...]:
        return (self.picture,)

    def misfits(self) -> Iterator[Misfit]:
        yield from unknown_options(self.key, self.regions, ("key",))
        yield from unknown_options(self.hard_fail, self.regions, ("hard_fail",))
        yield from feedback_fits(self.feedback, frozenset(self.regions))
        if len(set(self.key)) != len(self.key):
            yield Misfit(("key",), '"key" 里同一个选项写了两次', "删掉重复的")
        for each in sorted(set(self.key) & set(self.hard_fail)):
            yield Misfit(("hard_fail",), f'"hard_fail" 里有正确答案 "{each}"', "从 hard_fail 里删掉它")


def public(item: Item, order: random.Random | None = None) -> dict[str, Any]:
    """Say too whether one place is wanted or several may be; places are numbered as they are listed."""
    places = [
        {"id": each, "number": number} | _shown(item.regions[each])
        for number, each in enumerate(shuffled(item.regions, order), start=1)
    ]
    shown = {"id": item.id, "type": name, "stem": item.stem, "picture": item.picture, "alt": item.alt}
    return shown | {"several": len(item.key) > 1, "places": places}


def _shown(region: Region) -> dict[str, Any]:
    return {"text": region.label, "corners": [list(each) for each in region.corners], "tag": list(region.tag)}


def parse(item: Item, raw: Any) -> tuple[str, ...] | None:
    if answer.is_blank(raw):
        return None
    given = answer.distinct(raw, item.regions)
    if len(given) > 1 and len(item.key) == 1:
        raise InvalidAnswerError("这道题只点一处，请重新点")
    return tuple(sorted(given))


def key(item: Item) -> tuple[str, ...]:
    return tuple(sorted(item.key))


def score(item: Item, value: tuple[str, ...] | None) -> Score:
    if value is None:
        return BLANK
    right = len(set(item.key) & set(value))
    lost = "；".join(item.regions[each].label for each in value if each in item.hard_fail)
    return Score(max(0, 2 * right - len(value)) / len(item.key), hard_fail=lost or None)


def feedback(item: Item, value: tuple[str, ...] | None, say: Say = untranslated) -> Feedback:
    """Say what each place teaches, then what was missed where several are wanted."""
    if value is None:
        return Feedback(False, say("还没有点，先在图上点一处。"))
    if len(item.key) == 1:
        return Feedback(value == key(item), paragraphs(*(item.feedback.get(each) for each in value), item.why))
    told = {each: named(place.label, item.feedback.get(each)) for each, place in item.regions.items()}
    missed = [told[each] for each in key(item) if each not in value and told[each]]
    said = [told[each] for each in value]
    return Feedback(value == key(item), paragraphs(*said, say("还漏了：") if missed else None, *missed, item.why))


def spelled(item: Item, value: tuple[str, ...]) -> list[str]:
    return [f"{each} {item.regions[each].label}" for each in value]


def answers(item: Item) -> Iterator[tuple[str, ...]] | None:
    ids = sorted(item.regions)
    if len(item.key) == 1:
        return ((each,) for each in ids)
    if len(ids) > LISTED:
        return None
    return chain.from_iterable(combinations(ids, size) for size in range(1, len(ids) + 1))
