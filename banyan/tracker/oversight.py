"""What waits too long at the trainers' desks, for the administrator over the learners: numbers and places, no answers."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from banyan.domain.calendar import county_day
from banyan.domain.examination import State
from banyan.records.examinations import Attempt, Submission
from banyan.records.marking import Appeal
from banyan.records.people import Person
from banyan.tracker.appeals import unanswered
from banyan.tracker.corrected import Corrected
from banyan.tracker.doubts import DoubtLine, doubts_under
from banyan.tracker.markers import markers_of
from banyan.tracker.marks import marks_on
from banyan.tracker.people import people_under
from banyan.tracker.registers import whereabouts
from banyan.tracker.reopening import due_on, reopened
from banyan.tracker.rulebook import Rulebook


@dataclass(frozen=True)
class Short:
    """So many answers of one course and town wait for a trainer whom there is not: for a first one, or for a second."""

    course: str
    town: str
    second: bool
    answers: int


@dataclass(frozen=True)
class Failed:
    """So many answers of one course that could not be graded, for a reason kept for any reader (banyan.words.kept)."""

    course: str
    fault: str
    answers: int


@dataclass(frozen=True)
class LateAppeal:
    """A second look not answered in time, and where its learner is."""

    appeal: Appeal
    course: str
    place: tuple[str, ...]


@dataclass(frozen=True)
class Oversight:
    """What somebody has to see to."""

    short: tuple[Short, ...]
    failed: tuple[Failed, ...]
    late_marks: int
    appeals: tuple[LateAppeal, ...]
    doubts: tuple[DoubtLine, ...]

    @property
    def things(self) -> int:
        return len(self.short) + len(self.failed) + bool(self.late_marks) + len(self.appeals) + len(self.doubts)


def oversight(session: Session, paths: Iterable[str], rulebook: Rulebook, now: datetime) -> Oversight:
    """Return what waits too long among the people in the subtrees."""
    held, today = tuple(paths), county_day(now)
    theirs = Attempt.person_id.in_(people_under(held, today).with_only_columns(Person.id))
    query = select(Submission).join(Attempt, Submission.attempt_id == Attempt.id).options(joinedload(Submission.attempt))
    rows = session.scalars(query.where(Submission.state == State.UNMARKED, theirs)).all()
    late = session.scalars(unanswered().where(theirs, Appeal.due_on < today).order_by(Appeal.due_on, Appeal.id)).all()
    where = whereabouts(session, held, today) if rows or late else {}
    again = reopened(session, [row.id for row in rows])
    return Oversight(
        short=_short(session, rows, where, rulebook, now),
        failed=tuple(_failed(session, theirs)),
        late_marks=sum(due_on(row, again) < today for row in rows),
        appeals=tuple(
            LateAppeal(each, each.submission.attempt.course, where.get(each.submission.attempt.person_id, ())) for each in late
        ),
        doubts=tuple(doubts_under(session, held, today)),
    )


def _failed(session: Session, theirs: ColumnElement[bool]) -> Iterator[Failed]:
    query = select(Attempt.course, Submission.fault, func.count()).join(Attempt, Submission.attempt_id == Attempt.id)
    query = query.where(Submission.state == State.FAILED_TO_GRADE, theirs).group_by(Attempt.course, Submission.fault)
    for course, fault, count in session.execute(query.order_by(Attempt.course, func.count().desc(), Submission.fault)):
        yield Failed(course, fault or "", count)


def _short(
    session: Session, rows: Iterable[Submission], where: dict[int, tuple[str, ...]], rulebook: Rulebook, now: datetime
) -> tuple[Short, ...]:
    waiting = list(rows)
    exams, marks = Corrected(session, rulebook), marks_on(session, [row.id for row in waiting])
    able = markers_of(session, {(row.attempt.person_id, row.attempt.course) for row in waiting}, county_day(now))
    marked = {spot.submission_id: {row.marked_by for row in stages.values()} for spot, stages in marks.items()}
    found: Counter[tuple[str, str, bool]] = Counter()
    for row in waiting:
        whom, wanted = able[row.attempt.person_id, row.attempt.course], 2 if exams.exam(row.attempt).manner.double else 1
        if len(whom | marked.get(row.id, set())) < wanted:
            town = (where.get(row.attempt.person_id) or ("",))[0]
            found[row.attempt.course, town, bool(whom)] += 1
    return tuple(Short(course, town, second, count) for (course, town, second), count in sorted(found.items()))
