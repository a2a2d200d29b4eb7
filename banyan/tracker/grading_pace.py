"""How far the graders have come: with what a class handed in at once, or with what a correction touches."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.estimate import Pile
from banyan.domain.examination import State
from banyan.records.corrections import CorrectedResult, Correction
from banyan.records.examinations import Attempt, Submission
from banyan.tracker.attempts import entrusted
from banyan.tracker.grade import MOST_TRIES
from banyan.tracker.people import Me

LATELY = timedelta(minutes=10)
"""What was graded longer ago says nothing about the pile at hand."""


def handed_in_pile(session: Session, me: Me, now: datetime) -> Pile:
    """Return what this trainer's learners handed in lately: all of the pile, what is graded of it, and since when."""
    mine = select(Submission.state, Submission.submitted_at, Submission.scored_at).join(Attempt)
    waits = Submission.state == State.SUBMITTED
    first = session.scalar(select(func.min(Submission.submitted_at)).join(Attempt).where(waits, entrusted(me, county_day(now))))
    if first is None:
        return Pile(0, 0, 0.0)
    since = max(first, now - LATELY)
    rows = session.execute(mine.where(entrusted(me, county_day(now)), waits | (Submission.scored_at >= since))).all()
    done = sum(state != State.SUBMITTED for state, _, _ in rows)
    return Pile(done, len(rows), (now - since).total_seconds())


@dataclass(frozen=True)
class Pace:
    """A correction's pile, how many of it could not be graded and wait for somebody, and why (banyan.words.kept)."""

    pile: Pile
    stuck: int
    faults: tuple[str, ...]


def correction_pace(session: Session, row: Correction, now: datetime) -> Pace:
    """Return how far the graders have come with a correction."""
    mine = CorrectedResult.correction_id == row.id
    count = select(func.count()).select_from(CorrectedResult)
    open_ones = CorrectedResult.done_at.is_(None)
    total = session.scalars(count.where(mine)).one()
    waiting = session.scalars(count.where(mine, open_ones)).one()
    given_up = (mine, open_ones, CorrectedResult.tries >= MOST_TRIES)
    stuck = session.scalars(count.where(*given_up)).one()
    faults = session.scalars(select(CorrectedResult.fault).where(*given_up).distinct().order_by(CorrectedResult.fault))
    pile = Pile(total - waiting, total - stuck, (now - row.decided_at).total_seconds())
    return Pace(pile, stuck, tuple(filter(None, faults)))
