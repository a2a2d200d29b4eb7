"""Written answers that are marked again by another rubric: their marks are dropped, and the result waits for the new ones.

Until those are in nobody loses anything: evidence and certificates stay. Then the correction that asked for it counts.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from banyan.courseware.exam import Form
from banyan.domain.calendar import county_day
from banyan.domain.examination import mark_due
from banyan.records import audit
from banyan.records.corrections import CorrectedResult, Correction
from banyan.records.examinations import Submission
from banyan.tracker.marks import Spot, marks_on

REOPENED = (
    CorrectedResult.done_at.is_not(None),
    CorrectedResult.score_after.is_(None),
    CorrectedResult.passed_before.is_not(None),
)
"""The conditions that a correction sent a result back to its markers, and that they are not done yet."""
_MINE = CorrectedResult.submission_id == Submission.id
SENT_BACK_AT = select(func.max(CorrectedResult.done_at)).where(*REOPENED, _MINE).correlate(Submission).scalar_subquery()
"""Since when a submission waits to be marked again, NULL where it does not."""


def spots_of(row: Submission, questions: Collection[str]) -> list[Spot]:
    """Return where a submission was asked some questions."""
    slots = Form.from_json(row.attempt.form).slots
    return [Spot(row.id, seat.name) for seat in slots if seat.question in questions]


def drop_marks(session: Session, correction: Correction, rows: Sequence[Submission], questions: Collection[str]) -> None:
    """Take away what people gave for some questions; the audit log keeps it."""
    marks = marks_on(session, [row.id for row in rows]) if questions else {}
    for row in rows:
        dropped = [each for spot in spots_of(row, questions) for each in marks.get(spot, {}).values()]
        for each in dropped:
            session.delete(each)
        if dropped:
            given = [f"{each.slot} {each.stage} {each.marker.staff_number} {each.points:g}" for each in dropped]
            detail = {"correction": correction.id, "marks": given}
            who = correction.decider.staff_number
            audit.append(session, correction.decided_at, who, "exam.reopen", f"submission:{row.id}", **detail)
    session.flush()


def is_being_reopened(session: Session, submission_id: int) -> bool:
    """Say whether a grader has still to make room in the gradebook for new marks."""
    query = select(Correction.rulings).join(CorrectedResult, CorrectedResult.correction_id == Correction.id)
    query = query.where(CorrectedResult.submission_id == submission_id, CorrectedResult.done_at.is_(None))
    return any(ruling.get("again") for rulings in session.scalars(query) for ruling in rulings.values())


def reopened(session: Session, submissions: Iterable[int]) -> Mapping[int, CorrectedResult]:
    """Return of some submissions those that wait to be marked again, each with the latest line that asks for it."""
    query = select(CorrectedResult).where(*REOPENED, CorrectedResult.submission_id.in_(list(submissions)))
    query = query.options(joinedload(CorrectedResult.correction)).order_by(CorrectedResult.correction_id)
    return {row.submission_id: row for row in session.scalars(query)}


def due_on(row: Submission, again: Mapping[int, CorrectedResult]) -> date:
    """Return the last day for marking a submission: from the day it was handed in, or from that on which it came back."""
    line = again.get(row.id)
    return mark_due(county_day(line.done_at if line and line.done_at else row.submitted_at))


def still_marked(session: Session, correction_id: int) -> int:
    """Return how many submissions a correction sent back that are not marked again yet."""
    query = select(CorrectedResult.submission_id).where(*REOPENED, CorrectedResult.correction_id == correction_id)
    return len(session.scalars(query).all())


def close(session: Session, row: Submission) -> int | None:
    """Write down what a result came to that was marked again, and return the correction that asked for it."""
    lines = session.scalars(select(CorrectedResult).where(*REOPENED, CorrectedResult.submission_id == row.id)).all()
    for each in lines:
        each.score_after, each.passed_after = row.score, row.passed
    return max((each.correction_id for each in lines), default=None)
