"""When an exam may be sat, and what its outcome means."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil

from banyan.domain.calendar import working_days_after


@dataclass(frozen=True)
class Terms:
    """An exam's conditions: minutes on the server's clock, percent to pass, attempts before a trainer must allow more.

    It may be begun between two moments, where there are any; whether only under an invigilator's eyes.
    """

    minutes: int
    pass_percent: float
    attempts: int
    cooldown_hours: float
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    invigilated: bool = False

    def with_extra(self, attempts: int) -> "Terms":
        """Return the same conditions with so many attempts more."""
        return replace(self, attempts=self.attempts + attempts)

    def minutes_at(self, factor: float) -> int:
        """Return the minutes of somebody who is given more time; a part of a minute is a whole one."""
        return ceil(self.minutes * factor)


class State(StrEnum):
    """Where an attempt stands; a submission is GRADED once every slot has its score."""

    OPEN = "open"
    SUBMITTED = "submitted"
    UNMARKED = "unmarked"
    GRADED = "graded"
    FAILED_TO_GRADE = "stuck"


@dataclass(frozen=True)
class Sitting:
    """One attempt, as the rules below see it; `sent_back_at` is since when it waits to be marked again."""

    state: State
    deadline: datetime
    ended_at: datetime | None = None
    passed: bool | None = None
    sent_back_at: datetime | None = None

    @property
    def waits_since(self) -> datetime:
        """Return since when it waits for its mark."""
        return self.sent_back_at or self.ended_at or self.deadline


class Refusal(StrEnum):
    PASSED = "passed"
    RUNNING = "running"
    UNMARKED = "unmarked"
    COOLING = "cooling"
    USED_UP = "used_up"
    UNLEARNT = "unlearnt"
    NOT_OPEN = "not_open"
    CLOSED = "closed"


FACTORS = (1.25, 1.5, 2.0)
"""By how much the time of one learner may be lengthened."""

GRACE = timedelta(seconds=30)
"""An answer on its way when the clock ran out still counts."""

MARKED_WITHIN = 3
"""A written answer is to be marked within so many working days after the day it was handed in."""


def mark_due(handed_in_on: date) -> date:
    """Return the last day for a mark; the same day is told to the trainer and to the learner."""
    return working_days_after(handed_in_on, MARKED_WITHIN)


def deadline(started_at: datetime, terms: Terms, factor: float = 1.0) -> datetime:
    """Return when time is up; `factor` above 1 gives a person more of it."""
    return started_at + timedelta(minutes=terms.minutes_at(factor))


def too_late(due: datetime, now: datetime) -> bool:
    return now > due + GRACE


def refusal(sittings: Sequence[Sitting], terms: Terms, now: datetime, learnt: bool) -> Refusal | None:
    """Return why a person may not begin another attempt now, or None if they may.

    `terms` hold what a trainer allowed more, `learnt` says whether every lesson is finished.
    """
    if any(each.passed for each in sittings):
        return Refusal.PASSED
    if any(each.state is State.OPEN for each in sittings):
        return Refusal.RUNNING
    if any(each.state is not State.GRADED for each in sittings):
        return Refusal.UNMARKED
    again = free_again(sittings, terms) or now
    if terms.closes_at and max(now, again) > terms.closes_at:
        return Refusal.CLOSED
    if len(sittings) >= terms.attempts:
        return Refusal.USED_UP
    if not learnt:
        return Refusal.UNLEARNT
    if now < (cooled(sittings, terms) or now):
        return Refusal.COOLING
    return Refusal.NOT_OPEN if now < again else None


def free_again(sittings: Sequence[Sitting], terms: Terms) -> datetime | None:
    """Return from when the next attempt may begin, after the cool-down and once it is open; None where nothing is waited for."""
    waits = [each for each in (cooled(sittings, terms), _on_the_minute(terms.opens_at)) if each]
    return max(waits, default=None)


def cooled(sittings: Sequence[Sitting], terms: Terms) -> datetime | None:
    """Return when the cool-down of the last attempt ends, None before the first."""
    ended = [each.ended_at for each in sittings if each.ended_at]
    return _on_the_minute(max(ended) + timedelta(hours=terms.cooldown_hours)) if ended else None


def _on_the_minute(moment: datetime | None) -> datetime | None:
    """Return a moment or the whole minute after it: what is told is told to the minute, and has to be true then."""
    if moment is None or moment == moment.replace(second=0, microsecond=0):
        return moment
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def passes(score: float, total: float, hard_fail: bool, terms: Terms) -> bool:
    """An exam is passed with the pass mark and no hard fail; comparison is in cents of a point."""
    return not hard_fail and total > 0 and round(score * 100, 2) >= round(terms.pass_percent * total, 2)
