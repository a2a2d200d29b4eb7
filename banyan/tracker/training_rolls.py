"""What the records say of a session: who was there for how long, and what each was seen to do. Only reads."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.attendance import Attendance, Span, attendance
from banyan.records.training import AttendanceRow, SeenRow, TrainingPart, TrainingSeat, TrainingSession

Minutes = dict[int, dict[int, AttendanceRow]]
"""Person → part → the row that holds."""


@dataclass(frozen=True)
class Mine:
    """A session as somebody on its roster sees it: the row that holds of each part, and what was seen, None where nothing yet."""

    row: TrainingSession
    rolls: dict[int, AttendanceRow]
    seen: SeenRow | None

    @property
    def attendance(self) -> Attendance:
        return attended(self.row, self.rolls)


def spans(row: TrainingSession) -> dict[int, Span]:
    return {each.id: span_of(each) for each in row.parts}


def span_of(part: TrainingPart) -> Span:
    return Span(part.starts_at, part.ends_at)


def attended(row: TrainingSession, rolls: dict[int, AttendanceRow]) -> Attendance:
    """Return what somebody's rows amount to."""
    return attendance(spans(row), {part: each.minutes for part, each in rolls.items()})


def rolls_of(session: Session, row: TrainingSession, people: Iterable[int] | None = None) -> Minutes:
    """Return the rows that hold, of everybody or of some."""
    query = select(AttendanceRow).where(AttendanceRow.part_id.in_([each.id for each in row.parts]))
    if people is not None:
        query = query.where(AttendanceRow.person_id.in_(list(people)))
    found: Minutes = defaultdict(dict)
    for each in session.scalars(query.order_by(AttendanceRow.id)):
        found[each.person_id][each.part_id] = each
    return dict(found)


def seen_in(session: Session, row: TrainingSession) -> dict[int, SeenRow]:
    """Return what each was seen to do, as it was ticked last."""
    query = select(SeenRow).where(SeenRow.session_id == row.id).order_by(SeenRow.id)
    return {each.person_id: each for each in session.scalars(query)}


def trainings_with(session: Session, person_id: int) -> list[Mine]:
    """Return the sessions somebody has a seat in and that were not called off, the latest first."""
    query = select(TrainingSession).join(TrainingSeat, TrainingSeat.session_id == TrainingSession.id)
    rows = session.scalars(query.where(TrainingSeat.person_id == person_id, TrainingSession.called_off_at.is_(None))).all()
    told = [_mine(session, row, person_id) for row in rows]
    return sorted(told, key=lambda each: each.row.parts[0].starts_at, reverse=True)


def _mine(session: Session, row: TrainingSession, person_id: int) -> Mine:
    return Mine(row, rolls_of(session, row, [person_id]).get(person_id, {}), seen_in(session, row).get(person_id))
