"""What waits on a trainer's desk: answers to be marked, second readings, and what two markers see too differently."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from banyan.domain.calendar import county_day
from banyan.domain.examination import State
from banyan.domain.marking import Stage, others_first, stage_for, waits_for
from banyan.records.corrections import CorrectedResult
from banyan.records.examinations import Attempt, Submission
from banyan.records.people import Person
from banyan.tracker.attempts import entrusted
from banyan.tracker.corrected import Corrected
from banyan.tracker.mark_leases import open_at
from banyan.tracker.markers import Whose, markers_of
from banyan.tracker.marks import Marks, Spot, marks_on, read
from banyan.tracker.outcome import SlotResult
from banyan.tracker.people import Me
from banyan.tracker.reopening import due_on, reopened
from banyan.tracker.rulebook import Rulebook
from grading.questions.rubric import ByHand
from grading.rulings import marked_by


@dataclass(frozen=True)
class Waiting:
    """A written answer that waits for this trainer; `held_by` has it open at the moment, "" nobody else."""

    spot: Spot
    course: str
    submitted_at: datetime
    due_on: date
    overdue: bool
    stage: Stage
    held_by: str = ""


@dataclass(frozen=True)
class Elsewhere:
    """A written answer that waits for somebody else's reading; `nobody` says that there is nobody who could."""

    spot: Spot
    nobody: bool


@dataclass(frozen=True)
class Desk:
    """`mine` wait for this trainer, due first at the head; `others` for somebody else."""

    mine: tuple[Waiting, ...]
    others: tuple[Elsewhere, ...]

    @property
    def free(self) -> tuple[Waiting, ...]:
        """What nobody else has open at the moment: one of these comes next."""
        return tuple(each for each in self.mine if not each.held_by)

    @property
    def alone(self) -> int:
        """How many wait for a second reader whom there is not."""
        return sum(each.nobody for each in self.others)


def desk(session: Session, me: Me, rulebook: Rulebook, now: datetime) -> Desk:
    """Return what waits for a trainer; a fixed number of queries, however much that is."""
    query = (
        select(Submission)
        .join(Attempt, Submission.attempt_id == Attempt.id)
        .where(Submission.state == State.UNMARKED, entrusted(me, county_day(now)))
        .options(joinedload(Submission.attempt))
    )
    rows = session.scalars(query).all()
    look = _look(session, rows, rulebook, now)
    found = [each for row in rows for each in _waiting(row, me, look)]
    mine = (each for each in found if isinstance(each, Waiting))
    ordered = sorted(mine, key=lambda each: (each.due_on, each.submitted_at, each.spot))
    return Desk(tuple(ordered), tuple(each for each in found if isinstance(each, Elsewhere)))


def pending(session: Session, me: Me, rulebook: Rulebook, now: datetime) -> list[Waiting]:
    """Return the written answers that wait for this trainer, the one due first at the head: overdue ones lead."""
    return list(desk(session, me, rulebook, now).mine)


@dataclass(frozen=True)
class _Look:
    """What is read once for all submissions of a desk."""

    exams: Corrected
    marks: Mapping[Spot, Marks]
    open_now: Mapping[Spot, Person]
    able: Mapping[Whose, frozenset[int]]
    again: Mapping[int, CorrectedResult]
    today: date


def _look(session: Session, rows: Sequence[Submission], rulebook: Rulebook, now: datetime) -> _Look:
    exams, ids, today = Corrected(session, rulebook), [row.id for row in rows], county_day(now)
    double = {(row.attempt.person_id, row.attempt.course) for row in rows if exams.exam(row.attempt).manner.double}
    able = markers_of(session, double, today) if double else {}
    return _Look(exams, marks_on(session, ids) if double else {}, open_at(session, ids, now), able, reopened(session, ids), today)


def _waiting(row: Submission, me: Me, look: _Look) -> Iterator[Waiting | Elsewhere]:
    for each in SlotResult.read(row.scores):
        if each.needs_mark:
            yield _turn(row, each, me, look)


def _turn(row: Submission, result: SlotResult, me: Me, look: _Look) -> Waiting | Elsewhere:
    exam, attempt, spot = look.exams.exam(row.attempt), row.attempt, Spot(row.id, result.slot)
    item = exam.items[result.question]
    assert isinstance(item, ByHand)
    due, mine = due_on(row, look.again), me.person.id
    waiting = Waiting(spot, attempt.course, row.submitted_at, due, due < look.today, Stage.FIRST)
    if exam.manner.double:
        rubric = marked_by(item, exam.rulings.get(result.question)).rubric
        given, most = read(look.marks.get(spot, {})), sum(line.points for line in rubric)
        stage = waits_for(given, exam.manner, most) or Stage.FIRST
        involved = {reading.marker for reading in given.values()}
        able = look.able.get((attempt.person_id, attempt.course), frozenset())
        if stage_for(given, mine, exam.manner, most) is not stage:
            return Elsewhere(spot, nobody=not able - involved)
        if stage is Stage.AGREED and mine not in others_first(able, involved):
            return Elsewhere(spot, nobody=False)
        waiting = replace(waiting, stage=stage)
    by = look.open_now.get(spot)
    return replace(waiting, held_by=by.name) if by and by.id != mine else waiting
