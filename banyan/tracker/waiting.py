"""Waiting for a result: where one's submission stands, and how many are graded before it."""

from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from banyan.domain.examination import State
from banyan.errors import NotFoundError
from banyan.records.examinations import Attempt, Submission
from banyan.tracker.people import NOT_HERE, Me

# Asked over and over by everybody who waits, so put together once, and of what was handed in only the state is read.
MINE = (
    select(Submission.id, Submission.state)
    .join(Attempt, Submission.attempt_id == Attempt.id)
    .where(Attempt.id == bindparam("attempt"), Attempt.person_id == bindparam("person"))
)
AHEAD = select(func.count()).where(Submission.state == State.SUBMITTED, Submission.id < bindparam("mine"))


class Place(NamedTuple):
    """`ahead` counts the submissions that came before and wait, too; 0 once one's own waits no more."""

    state: State
    ahead: int


def place(session: Session, attempt_id: int, me: Me) -> Place:
    """Return where one's own attempt stands; NotFoundError for anybody else's, and for one that was not handed in."""
    found = session.execute(MINE, {"attempt": attempt_id, "person": me.person.id}).one_or_none()
    if found is None:
        raise NotFoundError(NOT_HERE)
    state = State(found.state)
    waits = state is State.SUBMITTED
    return Place(state, session.scalars(AHEAD, {"mine": found.id}).one() if waits else 0)
