"""From answers to points, and from points to a result. Pure: no clock, no files.

Rounding: points are rounded half up to hundredths, once, per slot; an answer that is not wholly right is never rounded
up to full points. Sums are exact sums of such hundredths, and a percentage is never rounded before it meets the pass mark.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from banyan.errors import InvalidAnswerError
from grading.questions import Item, Score, type_of
from grading.questions.rubric import ByHand
from grading.rulings import FULL, Ruling, keys_for, kindest

CENT = Decimal("0.01")


@dataclass(frozen=True)
class SlotScore:
    """What one slot of an exam earned of its fixed points; where `needs_mark` is true a person decides, `points` is 0."""

    slot: str
    points: float
    max_points: float
    indicators: tuple[str, ...] = ()
    hard_fail: str | None = None
    needs_mark: bool = False


@dataclass(frozen=True)
class ExamResult:
    """`passed` is None while a slot waits for a mark, unless a hard fail has decided already."""

    points: float
    max_points: float
    percent: float
    passed: bool | None
    hard_fails: tuple[str, ...]
    waiting: tuple[str, ...]


def score(item: Item, raw: Any) -> Score:
    """Score an answer as it was stored; one that does not fit its question earns what a blank earns."""
    kind = type_of(item)
    try:
        value = kind.parse(item, raw)
    except InvalidAnswerError:
        value = None
    return kind.score(item, value)


def points_for(fraction: float, points: float) -> float:
    """Return the share of a slot's points, rounded as this file says."""
    full = Decimal(str(points))
    earned = (Decimal(str(fraction)) * full).quantize(CENT, ROUND_HALF_UP)
    return float(min(earned, full - CENT) if fraction < 1 and earned >= full > 0 else earned)


def ruled(item: Item, value: Any, ruling: Ruling | None) -> Score:
    """Score an answer as `score` does, or as was decided about its question afterwards; a person's mark stays a person's."""
    if ruling is None or (isinstance(item, ByHand) and not ruling.void):
        return score(item, value)
    return FULL if ruling.void else kindest([score(each, value) for each in keys_for(item, value, ruling)])


def counted(item: Item, value: Any, ruling: Ruling | None) -> Item:
    """Return the item whose key an answer counts by: the kindest of those that were decided on, else the question itself."""
    if ruling is None or ruling.void:
        return item
    keys = keys_for(item, value, ruling)
    scores = [score(each, value) for each in keys]
    return keys[scores.index(kindest(scores))]


def score_slot(item: Item, value: Any, points: float, ruling: Ruling | None = None) -> float:
    """Return the points a stored answer earns in a slot worth `points`."""
    return points_for(ruled(item, value, ruling).fraction, points)


def slot_score(slot: str, item: Item, value: Any, points: float, ruling: Ruling | None = None) -> SlotScore:
    """Return all that is to be known about one slot's answer."""
    found = ruled(item, value, ruling)
    return SlotScore(slot, points_for(found.fraction, points), points, item.indicators, found.hard_fail, found.needs_mark)


def exam_result(slots: Iterable[SlotScore], pass_percent: float) -> ExamResult:
    """Return the totals, and whether they pass: the pass mark reached and no hard fail."""
    taken = list(slots)
    earned = sum((Decimal(str(each.points)) for each in taken), Decimal(0))
    total = sum((Decimal(str(each.max_points)) for each in taken), Decimal(0))
    lost = tuple(each.hard_fail for each in taken if each.hard_fail)
    waiting = tuple(each.slot for each in taken if each.needs_mark)
    reached = total > 0 and earned * 100 >= Decimal(str(pass_percent)) * total
    passed = False if lost else None if waiting else reached
    return ExamResult(float(earned), float(total), float(earned * 100 / total) if total else 0.0, passed, lost, waiting)
