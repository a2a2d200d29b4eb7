"""Everybody of a class, a line each: when they were there, what they sat, what they hold. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from banyan.courseware.release import Release
from banyan.domain.attendance import Attendance
from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.class_file import class_hours
from banyan.domain.examination import State
from banyan.records.competence import Certificate
from banyan.records.examinations import Attempt
from banyan.records.learning import StepDone
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.records.training import AttendanceRow, TrainingSeat, TrainingSession
from banyan.tracker.classes.sittings import bounds, passed, sittings_of, state_of, weight
from banyan.tracker.holding import REPLACED
from banyan.tracker.people import holds_on, places_at
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.training_rolls import attended, rolls_of
from banyan.tracker.trainings import roster


@dataclass(frozen=True)
class Line:
    """One person of a class. `place` and `post` are those of the class's first day; `online` is minutes of lessons finished.

    `sittings` were handed in within the class's days, the first one first; `certificate` is the latest issued within them.
    """

    person: Person
    rolls: Mapping[int, AttendanceRow]
    attendance: Attendance
    sittings: tuple[Attempt, ...]
    certificate: Certificate | None
    place: tuple[str, ...] = ()
    post: str = ""
    walked_in: bool = False
    online: int = 0

    @property
    def best(self) -> Attempt | None:
        """The sitting that counts: one passed, else one that waits to be marked, else the one with most points."""
        return max(self.sittings, key=weight, default=None)

    @property
    def passed(self) -> bool | None:
        """None while nothing was sat, or what was may still be passed."""
        return passed(self.best) if self.best else None

    def count(self, state: State) -> int:
        """Return how many of the sittings stand so."""
        return sum(state_of(each) is state for each in self.sittings)

    @property
    def hours(self) -> float:
        """学时 on site."""
        return class_hours(self.attendance.present)

    @property
    def online_hours(self) -> float:
        return class_hours(self.online)


def lines_of(session: Session, row: TrainingSession, term: tuple[date, date], rulebook: Rulebook) -> tuple[Line, ...]:
    """Return everybody on a class's roster, by staff number."""
    brief = brief_lines_of(session, row, term, rulebook)
    ids = [each.person.id for each in brief]
    where = _posts(session, ids, row.parts[0].starts_at)
    own = set(session.scalars(select(TrainingSeat.person_id).where(TrainingSeat.session_id == row.id, _came_alone())))
    release = _release(rulebook, row.course, {each.person.id: list(each.sittings) for each in brief})
    online = _online(session, ids, release, term)
    return tuple(
        replace(each, place=place, post=post, walked_in=each.person.id in own, online=online[each.person.id])
        for each in brief
        for place, post in [where.get(each.person.id, ((), ""))]
    )


def brief_lines_of(session: Session, row: TrainingSession, term: tuple[date, date], rulebook: Rulebook) -> tuple[Line, ...]:
    """Return the same as far as a class's figures need it: no post, nothing of what was learnt online."""
    people = roster(session, row)
    ids = [each.id for each in people]
    rolls, sat = rolls_of(session, row), sittings_of(session, ids, row.course, term)
    held = _certificates(session, ids, [each.code for each in rulebook.programmes if row.course in each.courses], term)
    return tuple(
        Line(each, mine := rolls.get(each.id, {}), attended(row, mine), tuple(sat[each.id]), held.get(each.id)) for each in people
    )


def _came_alone() -> ColumnElement[bool]:
    return TrainingSeat.seated_by == TrainingSeat.person_id


def _posts(session: Session, people: Collection[int], moment: datetime) -> dict[int, tuple[tuple[str, ...], str]]:
    """Return where people were appointed on a day and as what, the unit nearest the grid for who had several."""
    day = moment.astimezone(COUNTY_TIME).date()
    query = select(Appointment.person_id, Unit.path, Appointment.post).join(Unit, Appointment.unit_id == Unit.id)
    rows = session.execute(
        query.where(Appointment.person_id.in_(people), holds_on(Appointment, day)).order_by(Unit.level, Unit.code.desc())
    )
    nearest = {person: (path, post) for person, path, post in rows}
    names = places_at(session, {path for path, _ in nearest.values()})
    return {person: (names[path], post) for person, (path, post) in nearest.items()}


def _online(session: Session, people: Collection[int], release: Release, term: tuple[date, date]) -> dict[int, int]:
    """Return the minutes of the lessons each has finished within some days, all steps of a release done."""
    begins, ends = bounds(term)
    steps = [(lesson.name, step.name) for lesson in release.lessons for step in lesson.steps]
    count, done = func.count(), func.max(StepDone.done_at)
    query = select(StepDone.person_id, StepDone.lesson, count).where(StepDone.person_id.in_(people))
    query = query.where(StepDone.course == release.course, tuple_(StepDone.lesson, StepDone.step).in_(steps))
    lessons = {each.name: each for each in release.lessons}
    found: dict[int, int] = defaultdict(int)
    for person, lesson, number in session.execute(
        query.group_by(StepDone.person_id, StepDone.lesson).having(done >= begins, done < ends)
    ):
        found[person] += lessons[lesson].minutes if number == len(lessons[lesson].steps) else 0
    return found


def _release(rulebook: Rulebook, course: str, sat: Mapping[int, list[Attempt]]) -> Release:
    """Return the release whose lessons count: the newest the class sat, where it sat any."""
    numbers = [each.release for mine in sat.values() for each in mine]
    return rulebook.catalogue.open(course, max(numbers)) if numbers else rulebook.catalogue.newest(course)


def _certificates(
    session: Session, people: Collection[int], programmes: Collection[str], term: tuple[date, date]
) -> dict[int, Certificate]:
    within = (Certificate.issued_on >= term[0], Certificate.issued_on <= term[1], Certificate.revoked_at.is_(None), ~REPLACED)
    query = select(Certificate).where(Certificate.person_id.in_(people), Certificate.programme.in_(programmes), *within)
    return {each.person_id: each for each in session.scalars(query.order_by(Certificate.id))}
