"""Everybody of a class, a line each: when they were there, what they sat, what they hold. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

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
        """The sitting that counts: the one passed, else the one with most points, the later of equals."""
        return max(self.sittings, key=lambda each: (bool(_passed(each)), _score(each), each.number), default=None)

    @property
    def passed(self) -> bool | None:
        """None while nothing was sat, or nothing that was is marked."""
        return _passed(self.best) if self.best else None

    @property
    def unmarked(self) -> int:
        return sum(not _is_graded(each) for each in self.sittings)

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
    online, sat = _online(session, ids, rulebook.catalogue.newest(row.course)), _sittings(session, ids, row.course, term)
    held = _certificates(session, ids, [each.code for each in rulebook.programmes if row.course in each.courses], term)
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


def _online(session: Session, people: Collection[int], release: Release) -> dict[int, int]:
    """Return the minutes of the lessons each has finished."""
    query = select(StepDone.person_id, StepDone.lesson, StepDone.step)
    done: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for person, lesson, step in session.execute(query.where(StepDone.person_id.in_(people), StepDone.course == release.course)):
        done[person].add((lesson, step))
    found: dict[int, int] = defaultdict(int)
    for person, mine in done.items():
        whole = (each for each in release.lessons if {(each.name, step.name) for step in each.steps} <= mine)
        found[person] = sum(each.minutes for each in whole)
    return found


def _sittings(session: Session, people: Collection[int], course: str, term: tuple[date, date]) -> dict[int, list[Attempt]]:
    begins = datetime.combine(term[0], time(), COUNTY_TIME)
    ends = datetime.combine(term[1] + timedelta(days=1), time(), COUNTY_TIME)
    within = (Attempt.started_at >= begins, Attempt.started_at < ends, Attempt.submitted_at.is_not(None))
    query = select(Attempt).where(Attempt.person_id.in_(people), Attempt.course == course, *within)
    found: dict[int, list[Attempt]] = defaultdict(list)
    for each in session.scalars(query.options(joinedload(Attempt.submission)).order_by(Attempt.number)):
        found[each.person_id].append(each)
    return found


def _certificates(
    session: Session, people: Collection[int], programmes: Collection[str], term: tuple[date, date]
) -> dict[int, Certificate]:
    within = (Certificate.issued_on >= term[0], Certificate.issued_on <= term[1], Certificate.revoked_at.is_(None), ~REPLACED)
    query = select(Certificate).where(Certificate.person_id.in_(people), Certificate.programme.in_(programmes), *within)
    return {each.person_id: each for each in session.scalars(query.order_by(Certificate.id))}


def _is_graded(attempt: Attempt) -> bool:
    return attempt.submission is not None and attempt.submission.state == State.GRADED


def _passed(attempt: Attempt) -> bool | None:
    return attempt.submission.passed if attempt.submission else None


def _score(attempt: Attempt) -> float:
    return attempt.submission.score or 0 if attempt.submission else 0
