"""Does this grid have its qualified person, and if not, why not? And where does each person on the way stand?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from banyan.domain.examination import Sitting, State

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
    SUSPENDED = 7
    QUALIFIED = 8


@dataclass(frozen=True)
class Candidate:
    """A person appointed to a grid, and their latest certificate, if any."""

    person_id: int
    lessons_done: bool = False
    exam_submitted: bool = False
    exam_passed: bool = False
    certified_until: date | None = None
    revoked: bool = False
    suspended: bool = False


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
        return Stage.SUSPENDED if person.suspended else Stage.QUALIFIED
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


class Halt(StrEnum):
    """Where somebody who was asked a programme stands, before they hold its certificate."""

    NEW = "new"
    LEARNING = "learning"
    TO_SIT = "to_sit"
    SITTING = "sitting"
    MARKING = "marking"
    RETRY = "retry"
    NOT_OPEN = "not_open"
    CLOSED = "closed"
    ASK = "ask"
    PRACTICAL = "practical"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"


@dataclass(frozen=True)
class Journey:
    """What is known of one person's way; `allowed` is how many attempts they have in all, `examined` what standing says.

    The exam before them may be begun from the day `opens_on` to the day `closes_on`, where there are such days.
    """

    begun: bool = False
    learnt: bool = False
    sittings: Sequence[Sitting] = ()
    allowed: int = 0
    examined: bool = False
    certified_until: date | None = None
    revoked: bool = False
    suspended: bool = False
    opens_on: date | None = None
    closes_on: date | None = None

    @property
    def failed(self) -> int:
        return sum(each.state is State.GRADED and not each.passed for each in self.sittings)


def halt(journey: Journey, today: date) -> Halt | None:
    """Return where a person stands, or None if they hold a certificate that is good today."""
    if journey.certified_until and today <= journey.certified_until and not journey.revoked:
        return Halt.SUSPENDED if journey.suspended else None
    if any(each.state is State.OPEN for each in journey.sittings):
        return Halt.SITTING
    if any(each.state is not State.GRADED for each in journey.sittings):
        return Halt.MARKING
    if journey.certified_until:
        return Halt.REVOKED if journey.revoked else Halt.EXPIRED
    if journey.examined:
        return Halt.PRACTICAL
    if any(each.passed for each in journey.sittings) or 0 < journey.allowed <= len(journey.sittings):
        return Halt.ASK
    if journey.sittings or journey.learnt:
        return _outside_the_window(journey, today) or (Halt.RETRY if journey.sittings else Halt.TO_SIT)
    return Halt.LEARNING if journey.begun else Halt.NEW


def _outside_the_window(journey: Journey, today: date) -> Halt | None:
    if journey.closes_on and today > journey.closes_on:
        return Halt.CLOSED
    return Halt.NOT_OPEN if journey.opens_on and today < journey.opens_on else None
