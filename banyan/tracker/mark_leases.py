"""Who has a written answer open: taken by opening it, renewed by its page, given back by leaving, and in any case by time.

A lease is a row with a moment: a killed browser or server leaves nothing to clear up. Whoever writes holds the
submission's row first, so that two cannot take the same answer.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from banyan.domain.marking import holds
from banyan.records.marking import MarkingLease
from banyan.records.people import Person
from banyan.tracker.marks import Spot


def take(session: Session, spot: Spot, person_id: int, now: datetime) -> Person | None:
    """Take or renew an answer for somebody, or return who else has it open."""
    row = session.get(MarkingLease, (spot.submission_id, spot.slot), options=[joinedload(MarkingLease.person)])
    if row and row.person_id != person_id and holds(row.renewed_at, now):
        return row.person
    if row is None:
        row = MarkingLease(submission_id=spot.submission_id, slot=spot.slot)
        session.add(row)
    row.person_id, row.renewed_at = person_id, now
    session.flush()
    return None


def give_back(session: Session, spot: Spot, person_id: int) -> None:
    """Let others open an answer; somebody else's lease stays."""
    mine = delete(MarkingLease).where(MarkingLease.submission_id == spot.submission_id, MarkingLease.slot == spot.slot)
    session.execute(mine.where(MarkingLease.person_id == person_id))


def open_at(session: Session, submissions: Iterable[int], now: datetime) -> dict[Spot, Person]:
    """Return which answers of some submissions are open now, and before whom."""
    query = select(MarkingLease).where(MarkingLease.submission_id.in_(list(submissions)))
    rows = session.scalars(query.options(joinedload(MarkingLease.person)))
    return {Spot(row.submission_id, row.slot): row.person for row in rows if holds(row.renewed_at, now)}
