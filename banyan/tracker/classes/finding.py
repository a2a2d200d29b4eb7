"""Which classes there are for somebody: a class is a training session with its roster, unless it was called off."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from banyan.domain.permission import Action, Target, may
from banyan.errors import BadInputError, NotFoundError
from banyan.records.training import TrainingSession
from banyan.tracker.people import NOT_HERE, Me, require, under

MOST = 400


def classes_of(session: Session, me: Me) -> list[TrainingSession]:
    """Return the classes somebody may see the file of, the latest first."""
    mine = under({each.path for each in me.actor.charges})
    query = select(TrainingSession).join(TrainingSession.unit).where(TrainingSession.called_off_at.is_(None), mine)
    query = query.options(selectinload(TrainingSession.parts), joinedload(TrainingSession.unit))
    rows = session.scalars(query.order_by(TrainingSession.id.desc()).limit(MOST)).unique()
    seen = [each for each in rows if may(me.actor, Action.SEE_CLASSES, target(each))]
    return sorted(seen, key=lambda each: each.parts[0].starts_at, reverse=True)


def class_for(session: Session, training_id: int, by: Me, action: Action = Action.SEE_CLASSES) -> TrainingSession:
    """Return a class to who may see its file, or do more with it; to others it is not there.

    What was put into the file of one that was called off can still be read.
    """
    row = session.get(TrainingSession, training_id)
    if row is None:
        raise NotFoundError(NOT_HERE)
    require(by.actor, action, target(row))
    return row


def held_for(session: Session, training_id: int, by: Me) -> TrainingSession:
    """Return a class of one's own for a change, held until the transaction ends; one that was called off takes none."""
    row = class_for(session, training_id, by, Action.OBSERVE)
    session.refresh(row, with_for_update=True)
    if row.called_off_at:
        raise BadInputError("这次实训取消了")
    return row


def target(row: TrainingSession) -> Target:
    return Target(frozenset({row.unit.path}), course=row.course)
