"""Who reads a written answer, how two readings become one mark, and how long an answer stays open before somebody.

One trainer's mark stands by itself. Where an exam asks for a second marker, two people read independently: if they are
near enough the mean of each row stands, otherwise somebody decides, a third person wherever there is one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LEASE = timedelta(minutes=10)
"""How long an answer that was opened is somebody's, from the last sign that its page is still open."""


def holds(renewed_at: datetime, now: datetime) -> bool:
    """Say whether a lease still holds; one from the future, before the clock was put back, holds nobody off."""
    return timedelta() <= now - renewed_at < LEASE


class Stage(StrEnum):
    """Which mark on an answer one is; in this order a later one stands over an earlier."""

    FIRST = "first"
    SECOND = "second"
    AGREED = "agreed"
    APPEAL = "appeal"


@dataclass(frozen=True)
class Reading:
    """What one person gave: points per row of the rubric."""

    marker: int
    rows: tuple[float, ...]


@dataclass(frozen=True)
class Manner:
    """How an exam's written answers are marked: by two or by one, and how many percent apart still counts as agreeing."""

    double: bool = False
    within: float = 20

    def agree(self, first: Reading, second: Reading, most: float) -> bool:
        """Say whether two readings of a rubric worth `most` points are near enough."""
        return round(abs(sum(first.rows) - sum(second.rows)) * 100, 4) <= round(self.within * most, 4)


Readings = Mapping[Stage, Reading]


def waits_for(readings: Readings, manner: Manner, most: float) -> Stage | None:
    """Return the reading an answer waits for, None once its mark stands."""
    if Stage.FIRST not in readings:
        return Stage.FIRST
    if not manner.double or Stage.AGREED in readings or Stage.APPEAL in readings:
        return None
    if Stage.SECOND not in readings:
        return Stage.SECOND
    return None if manner.agree(readings[Stage.FIRST], readings[Stage.SECOND], most) else Stage.AGREED


def stage_for(readings: Readings, marker: int, manner: Manner, most: float) -> Stage | None:
    """Return which reading a person would give now, None if the mark stands and only a second look can change it.

    A single mark may be given anew; of two, one's own may, until the other is there.
    """
    waits = waits_for(readings, manner, most)
    if waits is None:
        return None if manner.double or Stage.APPEAL in readings else Stage.FIRST
    own = waits is Stage.SECOND and readings[Stage.FIRST].marker == marker
    return Stage.FIRST if own else waits


def others_first(able: Iterable[int], involved: Collection[int]) -> frozenset[int]:
    """Return who should look at what others have marked: whoever did not, and those who did only where nobody else is."""
    everybody = frozenset(able)
    return everybody - frozenset(involved) or everybody


def standing_rows(readings: Readings) -> tuple[float, ...] | None:
    """Return the points per row that stand, None while nobody has read it."""
    for stage in (Stage.APPEAL, Stage.AGREED):
        if stage in readings:
            return readings[stage].rows
    if Stage.SECOND in readings:
        return mean(readings[Stage.FIRST].rows, readings[Stage.SECOND].rows)
    return readings[Stage.FIRST].rows if Stage.FIRST in readings else None


def mean(one: Sequence[float], other: Sequence[float]) -> tuple[float, ...]:
    return tuple((each + also) / 2 for each, also in zip(one, other, strict=True))
