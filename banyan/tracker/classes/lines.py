"""Everybody of a class, a line each: when they were there, what they sat, what they hold. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from banyan.courseware.release import Release
from banyan.domain.attendance import Attendance
from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.class_file import class_hours
from banyan.records.competence import Certificate
from banyan.records.examinations import Attempt
from banyan.records.learning import StepDone
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.records.training import AttendanceRow, TrainingSeat, TrainingSession
from banyan.tracker.classes.sittings import bounds, passed, sittings_of, weight
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
    place: tuple[str, ...]
    post: str
    walked_in: bool
    rolls: Mapping[int, AttendanceRow]
    attendance: Attendance
    online: int
    sittings: tuple[Attempt, ...]
    certificate: Certificate | None

    @property
    def best(self) -> Attempt | None:
        """The sitting that counts: one passed, else one that waits to be marked, else the one with most points."""
        return max(self.sittings, key=weight, default=None)

    @property
    def passed(self) -> bool | None:
        """None while nothing was sat, or what was may still be passed."""
        return passed(self.best) if self.best else None

    @property
    def hours(self) -> float:
        """学时 on site."""
        return class_hours(self.attendance.present)

    @property
    def online_hours(self) -> float:
        return class_hours(self.online)


def lines_of(session: Session, row: TrainingSession, term: tuple[date, date], rulebook: Rulebook) -> tuple[Line, ...]:
    """Return everybody on a class's roster, by staff number."""
    people = roster(session, row)
    ids = [each.id for each in people]
    where, rolls = _posts(session, ids, row.parts[0].starts_at), rolls_of(session, row)
    own = set(session.scalars(select(TrainingSeat.person_id).where(TrainingSeat.session_id == row.id, _came_alone())))
    sat, held = sittings_of(session, ids, row.course, term), _certificates(session, ids, row.course, term, rulebook)
    online = _online(session, ids, _release(rulebook, row.course, sat), term)
    return tuple(
        Line(
            each,
            *where.get(each.id, ((), "")),
            each.id in own,
            mine := rolls.get(each.id, {}),
            attended(row, mine),
            online[each.id],
            tuple(sat[each.id]),
            held.get(each.id),
        )
        for each in people
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


def is_its_certificate(course: str, term: tuple[date, date], rulebook: Rulebook) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a certificate of a programme with a course was issued within some days and stands."""
    programmes = Certificate.programme.in_([each.code for each in rulebook.programmes if course in each.courses])
    return programmes, Certificate.issued_on.between(*term), Certificate.revoked_at.is_(None), ~REPLACED


def _certificates(
    session: Session, people: Collection[int], course: str, term: tuple[date, date], rulebook: Rulebook
) -> dict[int, Certificate]:
    query = select(Certificate).where(Certificate.person_id.in_(people), *is_its_certificate(course, term, rulebook))
    return {each.person_id: each for each in session.scalars(query.order_by(Certificate.id))}
