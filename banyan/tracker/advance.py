"""How far everybody of a subtree has come in a programme: a fixed number of queries, however many people there are.

The courses of a programme are one way: its lessons are counted through, and the exam that counts is the first not passed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, Select, case, func, or_, select, tuple_
from sqlalchemy.orm import Session

from banyan.courseware.release import Release
from banyan.domain.calendar import county_day
from banyan.domain.certification import Programme
from banyan.domain.examination import Sitting, State, Terms
from banyan.domain.readiness import Halt, Journey, halt
from banyan.records.competence import Certificate, StandingRow
from banyan.records.examinations import Attempt, SecondChance, Submission
from banyan.records.learning import StepDone
from banyan.tracker.holding import SUSPENDED
from banyan.tracker.rulebook import Rulebook


@dataclass(frozen=True)
class Way:
    """Where one person stands; in the lessons, `lesson` and `step` count from 1.

    `since` is the last sign of life of who never held the certificate; `moment` is when their exam opens, or closed, where
    that is what they wait for.
    """

    halt: Halt | None = Halt.NEW
    lesson: int = 0
    step: int = 0
    since: date | None = None
    failed: int = 0
    moment: datetime | None = None


UNTROD = Way()


class _Read(NamedTuple):
    """How many steps somebody read of each lesson on the shelf, and when the last of any."""

    steps: tuple[int, ...]
    last: datetime


class Held(NamedTuple):
    """A person's latest certificate, as far as it says where they stand."""

    expires_on: date
    revoked: bool
    suspended: bool


@dataclass(frozen=True)
class Before:
    """The exam that counts for somebody: their attempts at it, how many they may have in all, on which terms."""

    sittings: tuple[Sitting, ...]
    allowed: int
    terms: Terms | None

    def moment(self, stands: Halt | None) -> datetime | None:
        """Return when the exam opens or closes for whom that is what they wait for."""
        if self.terms is None:
            return None
        return {Halt.NOT_OPEN: self.terms.opens_at, Halt.CLOSED: self.terms.closes_at}.get(stands) if stands else None

    def day(self, stands: Halt) -> date | None:
        at = self.moment(stands)
        return county_day(at) if at else None


Shelf = Mapping[tuple[str, str], int]
"""(course, lesson) → how many steps it has, in the order of the programme."""


def ways(session: Session, scope: Select[int], programme: Programme, rulebook: Rulebook, today: date) -> dict[int, Way]:
    """Return where the people in scope stand; who has not begun is left out (UNTROD).

    What somebody read is asked only of who never held the certificate: of the others it decides nothing (domain.readiness.halt).
    """
    releases = released(programme, rulebook)
    shelf = {(each.course, lesson.name): len(lesson.steps) for each in releases for lesson in each.lessons}
    held = select(Certificate.person_id).where(Certificate.programme == programme.code)
    read = _read_by(session, scope.except_(held), releases, shelf)
    stops = {steps: _place(steps, shelf) for steps in {each.steps for each in read.values()}}
    unread = _place([0] * len(shelf), shelf)
    sat = _sittings(session, scope, releases)
    first = Before((), 0, releases[0].exam.terms if releases else None)
    examined = set(session.scalars(examined_in(scope, programme, today)))
    certified = certificates_in(session, scope, programme)
    found = {}
    for person_id in {*read, *sat, *examined, *certified}:
        before = sat.get(person_id, first)
        theirs = read.get(person_id)
        at = stops[theirs.steps] if theirs else unread
        certificate = certified.get(person_id)
        journey = Journey(
            begun=theirs is not None,
            learnt=at is None,
            sittings=before.sittings,
            allowed=before.allowed,
            examined=person_id in examined,
            certified_until=certificate.expires_on if certificate else None,
            revoked=certificate is not None and certificate.revoked,
            suspended=certificate is not None and certificate.suspended,
            opens_on=before.day(Halt.NOT_OPEN),
            closes_on=before.day(Halt.CLOSED),
        )
        stands = halt(journey, today)
        lesson, step = at if at and stands is Halt.LEARNING else (0, 0)
        since = _last(theirs, before.sittings)
        found[person_id] = Way(stands, lesson, step, since, journey.failed, before.moment(stands))
    return found


def released(programme: Programme, rulebook: Rulebook) -> list[Release]:
    """Return the newest release of each course of a programme that has one."""
    there = set(rulebook.catalogue.courses())
    return [rulebook.catalogue.newest(course) for course in programme.courses if course in there]


def _read_by(session: Session, scope: CompoundSelect[int], releases: Sequence[Release], shelf: Shelf) -> dict[int, _Read]:
    """Return what the people in scope read of the lessons, as these are released now: one row a person."""
    steps = _steps(releases)
    if not steps:
        return {}
    lesson = (StepDone.person_id, StepDone.course, StepDone.lesson)
    counted = select(*lesson, func.count().label("steps"), func.max(StepDone.done_at).label("last"))
    read = counted.where(StepDone.person_id.in_(scope), _among(steps)).group_by(*lesson).subquery().c
    columns = [func.max(case(((read.course == course) & (read.lesson == name), read.steps), else_=0)) for course, name in shelf]
    query = select(read.person_id, func.max(read.last), *columns).group_by(read.person_id)
    return {person_id: _Read(tuple(counts), last) for person_id, last, *counts in session.execute(query)}


def learnt_by(session: Session, scope: Select[int], programme: Programme, rulebook: Rulebook) -> set[int]:
    """Return who has read every step of every course of a programme; while one is not released, nobody has."""
    releases = released(programme, rulebook)
    steps = _steps(releases)
    if len(releases) < len(programme.courses) or not steps:
        return set()
    query = select(StepDone.person_id).where(StepDone.person_id.in_(scope), _among(steps)).group_by(StepDone.person_id)
    return set(session.scalars(query.having(func.count() == len(steps))))


def _steps(releases: Sequence[Release]) -> list[tuple[str, str, str]]:
    return [(each.course, lesson.name, step.name) for each in releases for lesson in each.lessons for step in lesson.steps]


def _among(steps: Sequence[tuple[str, str, str]]) -> ColumnElement[bool]:
    return tuple_(StepDone.course, StepDone.lesson, StepDone.step).in_(steps)


def examined_in(scope: Select[int], programme: Programme, today: date) -> Select[int]:
    """Select who has all that exam and drill can show: every target up to the second rung."""
    enough = [
        (StandingRow.competency == code) & (StandingRow.level >= min(level, 2)) for code, level in programme.targets.items()
    ]
    return (
        select(StandingRow.person_id)
        .where(StandingRow.person_id.in_(scope), StandingRow.until >= today, or_(*enough))
        .group_by(StandingRow.person_id)
        .having(func.count() == len(enough))
    )


def certificates_in(session: Session, scope: Select[int], programme: Programme) -> dict[int, Held]:
    """Return each person's latest certificate, whatever it is worth today."""
    query = select(Certificate.person_id, Certificate.expires_on, Certificate.revoked_at.is_not(None), SUSPENDED).where(
        Certificate.person_id.in_(scope), Certificate.programme == programme.code
    )
    rows = session.execute(query.order_by(Certificate.issued_on, Certificate.id))
    return {person_id: Held(expires_on, bool(gone), bool(paused)) for person_id, expires_on, gone, paused in rows}


def _place(read: Sequence[int], shelf: Shelf) -> tuple[int, int] | None:
    """Return the first lesson not read to its end and the step after those read, None where all is read."""
    for number, (done, steps) in enumerate(zip(read, shelf.values(), strict=True), start=1):
        if done < steps:
            return number, done + 1
    return None if shelf else (0, 0)


def _last(read: _Read | None, sittings: Iterable[Sitting]) -> date | None:
    moments = [each.ended_at for each in sittings if each.ended_at]
    if read:
        moments.append(read.last)
    return county_day(max(moments)) if moments else None


def _sittings(session: Session, scope: Select[int], releases: Sequence[Release]) -> dict[int, Before]:
    """Return of whoever has sat one the exam that counts for them."""
    courses = [each.course for each in releases]
    query = (
        select(Attempt.person_id, Attempt.course, Attempt.deadline_at, Attempt.submitted_at, Submission.state, Submission.passed)
        .outerjoin(Submission, Submission.attempt_id == Attempt.id)
        .where(Attempt.person_id.in_(scope), Attempt.course.in_(courses))
        .order_by(Attempt.person_id, Attempt.number)
    )
    tried: dict[int, dict[str, list[Sitting]]] = defaultdict(lambda: defaultdict(list))
    for person_id, course, deadline, ended_at, state, passed in session.execute(query):
        sitting = Sitting(State(state), deadline, ended_at, passed) if state else Sitting(State.OPEN, deadline)
        tried[person_id][course].append(sitting)
    extra = _extra(session, scope, courses)
    terms = {each.course: each.exam.terms for each in releases}
    found = {}
    for person_id, by_course in tried.items():
        course = next((each for each in courses if not any(sitting.passed for sitting in by_course[each])), courses[-1])
        allowed = terms[course].attempts + extra.get((person_id, course), 0)
        found[person_id] = Before(tuple(by_course[course]), allowed, terms[course])
    return found


def _extra(session: Session, scope: Select[int], courses: Sequence[str]) -> dict[tuple[int, str], int]:
    """Return how many attempts more people were given, by person and course."""
    query = select(SecondChance.person_id, SecondChance.course, func.count())
    mine = query.where(SecondChance.person_id.in_(scope), SecondChance.course.in_(courses))
    rows = session.execute(mine.group_by(SecondChance.person_id, SecondChance.course))
    return {(person_id, course): count for person_id, course, count in rows}
