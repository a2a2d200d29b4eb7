"""Does this grid have its qualified person, and if not, why not?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

SOON = timedelta(days=90)


class Stage(IntEnum):
    """How far a person, or the best person of a grid, has come; higher is nearer."""

    NOBODY = 0
    NOT_LEARNT = 1
    NOT_EXAMINED = 2
    UNMARKED = 3
    NO_PRACTICAL = 4
    REVOKED = 5
    EXPIRED = 6
    QUALIFIED = 7


@dataclass(frozen=True)
class Candidate:
    """A person appointed to a grid, and their latest certificate, if any."""

    person_id: int
    lessons_done: bool = False
    exam_submitted: bool = False
    exam_passed: bool = False
    certified_until: date | None = None
    revoked: bool = False


@dataclass(frozen=True)
class Coverage:
    """A grid's state and the person it rests on, or who is nearest; nobody is 0 people."""

    stage: Stage
    person_id: int | None = None
    until: date | None = None

    @property
    def covered(self) -> bool:
        return self.stage is Stage.QUALIFIED

    def lapses_soon(self, today: date) -> bool:
        return self.covered and self.until is not None and self.until <= today + SOON


def stage(person: Candidate, today: date) -> Stage:
    if person.revoked:
        return Stage.REVOKED
    if person.certified_until and today <= person.certified_until:
        return Stage.QUALIFIED
    if person.certified_until:
        return Stage.EXPIRED
    if person.exam_passed:
        return Stage.NO_PRACTICAL
    if person.exam_submitted:
        return Stage.UNMARKED
    return Stage.NOT_EXAMINED if person.lessons_done else Stage.NOT_LEARNT


def coverage(people: Iterable[Candidate], today: date) -> Coverage:
    """Return a grid's coverage: that of the person who has come furthest, the later certificate first."""
    ranked = [(stage(each, today), each.certified_until or date.min, -each.person_id) for each in people]
    if not ranked:
        return Coverage(Stage.NOBODY)
    best, until, negative = max(ranked)
    return Coverage(best, -negative, None if until == date.min else until)
