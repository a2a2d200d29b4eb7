"""What a learner reads of a result beside pass or fail: what the teacher gave and wrote, a second look, a corrected key.

Nobody is named: neither the learner to whoever marks, nor whoever marks to the learner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from banyan.domain.calendar import county_day
from banyan.domain.examination import State
from banyan.records.corrections import CorrectedResult
from banyan.records.examinations import Attempt, Submission
from banyan.records.marking import Appeal
from banyan.records.traces import only_with
from banyan.tracker.appeals import Prospect, prospect
from banyan.tracker.attempts import form_of
from banyan.tracker.marks import Spot, comment_of, marks_on
from banyan.tracker.outcome import SlotResult
from banyan.tracker.rulebook import Rulebook

CHANGES = and_(
    CorrectedResult.done_at.is_not(None),
    CorrectedResult.score_after.is_not(None),
    or_(
        CorrectedResult.score_before.is_distinct_from(CorrectedResult.score_after),
        CorrectedResult.passed_before.is_distinct_from(CorrectedResult.passed_after),
    ),
)
"""The conditions that a correction changed a result."""
_LOOKED = exists().where(Appeal.submission_id == Submission.id, Appeal.answered_at.is_not(None), Appeal.seen_at.is_(None))
_CHANGED = exists().where(CorrectedResult.submission_id == Submission.id, CHANGES, CorrectedResult.seen_at.is_(None))
FRESH = (
    select(Attempt)
    .join(Submission)
    .options(contains_eager(Attempt.submission))
    .where(Attempt.person_id == bindparam("person"), or_(_LOOKED, _CHANGED))
    .order_by(Attempt.id.desc())
)


@dataclass(frozen=True)
class MarkedSlot:
    """What a written answer earned; `number` counts the questions of the paper from 1."""

    number: int
    points: float
    most: float
    comment: str


@dataclass(frozen=True)
class Aftermath:
    """`corrected` is the latest correction that changed this result, None if none did."""

    marked: tuple[MarkedSlot, ...]
    look: Prospect
    corrected: CorrectedResult | None


def aftermath(session: Session, submission: Submission, rulebook: Rulebook, now: datetime) -> Aftermath:
    """Return what there is to read beside a submission's result."""
    marks = marks_on(session, [submission.id]) if submission.state == State.GRADED else {}
    places = {seat.name: number for number, seat in enumerate(form_of(submission.attempt).slots, start=1)}
    marked = tuple(
        MarkedSlot(places[each.slot], each.points, each.max_points, comment_of(marks[spot]))
        for each in SlotResult.read(submission.scores)
        if (spot := Spot(submission.id, each.slot)) in marks
    )
    return Aftermath(marked, prospect(session, submission, rulebook, county_day(now)), _corrected(session, submission.id))


@only_with(Attempt, tuple)
def news_for(session: Session, person_id: int) -> Sequence[Attempt]:
    """Return one's attempts whose result has something new to read: a second look answered, a corrected score."""
    return session.scalars(FRESH, {"person": person_id}).unique().all()


def has_been_read(session: Session, submission_id: int, now: datetime) -> None:
    """Let what is new of a result have been read."""
    answered = select(Appeal).where(Appeal.submission_id == submission_id, Appeal.answered_at.is_not(None))
    changed = select(CorrectedResult).where(CorrectedResult.submission_id == submission_id, CHANGES)
    for row in (*session.scalars(answered), *session.scalars(changed)):
        row.seen_at = row.seen_at or now
    session.flush()


def _corrected(session: Session, submission_id: int) -> CorrectedResult | None:
    query = select(CorrectedResult).where(CorrectedResult.submission_id == submission_id, CHANGES)
    query = query.options(joinedload(CorrectedResult.correction)).order_by(CorrectedResult.correction_id.desc())
    return session.scalars(query.limit(1)).first()
