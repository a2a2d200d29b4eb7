"""A second look at written answers: who may ask for one, until when, and that it takes nothing away.

Whoever passed has nothing to win by it. Nobody who asks must fear to lose: a second look gives more points or leaves them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from banyan.domain.calendar import working_days_after

ANSWERED_WITHIN = 5
"""A second look is answered within so many working days after the day it was asked for."""


class NoAppeal(StrEnum):
    """Why no second look can be asked for."""

    NOT_GRADED = "not_graded"
    PASSED = "passed"
    NOTHING_MARKED = "nothing_marked"
    ASKED = "asked"
    OVER = "over"


@dataclass(frozen=True)
class Result:
    """A result as far as a second look goes; `graded_on` None until it is final, `days` 0 where the exam has none."""

    graded_on: date | None
    passed: bool
    marked: bool
    asked: bool
    days: int

    @property
    def until(self) -> date | None:
        """The last day to ask, counted in calendar days after the day of the result."""
        return self.graded_on and self.graded_on + timedelta(days=self.days)


def no_appeal(result: Result, today: date) -> NoAppeal | None:
    """Return why a person cannot ask for a second look today, None if they can."""
    if result.until is None:
        return NoAppeal.NOT_GRADED
    if result.asked:
        return NoAppeal.ASKED
    if result.passed:
        return NoAppeal.PASSED
    if not result.marked or not result.days:
        return NoAppeal.NOTHING_MARKED
    return NoAppeal.OVER if today > result.until else None


def answer_due(asked_on: date) -> date:
    """Return the last day for the answer; the same day is told to the learner and to the trainers."""
    return working_days_after(asked_on, ANSWERED_WITHIN)


def takes_away(before: float, after: float) -> bool:
    """Say whether a second look would lower an answer's points, which it may not; compared in cents."""
    return round(after * 100) < round(before * 100)
