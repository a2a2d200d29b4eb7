"""Which classes there are for somebody: a class is a training session with its roster, unless it was called off."""

from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from banyan.domain.permission import BY_COURSE, Action, Duty, Target
from banyan.errors import BadInputError, NotFoundError
from banyan.records.training import TrainingPart, TrainingSession
from banyan.tracker.people import NOT_HERE, Me, require, under

MOST = 50


def classes_of(session: Session, me: Me, skip: int = 0, most: int = MOST) -> list[TrainingSession]:
    """Return so many of the classes somebody may see the file of, the latest first."""
    began = select(func.min(TrainingPart.starts_at)).where(TrainingPart.session_id == TrainingSession.id).scalar_subquery()
    query = _mine(select(TrainingSession), me).order_by(began.desc(), TrainingSession.id.desc())
    shown = (selectinload(TrainingSession.parts), contains_eager(TrainingSession.unit))
    return list(session.scalars(query.options(*shown).offset(skip).limit(most)))


def count_classes(session: Session, me: Me) -> int:
    return session.scalar(_mine(select(func.count()).select_from(TrainingSession), me)) or 0


def _mine(query: Select[Any], me: Me) -> Select[Any]:
    """Narrow a query to what `may` says of SEE_CLASSES: a duty for a course at that course, an administrator's at any."""
    seers = (*BY_COURSE, Duty.ADMINISTRATOR)
    duties = [each for each in me.actor.charges if each.duty in seers]
    where = [
        and_(under([each.path]), TrainingSession.course == each.course) if each.duty in BY_COURSE else under([each.path])
        for each in duties
    ]
    return query.join(TrainingSession.unit).where(TrainingSession.called_off_at.is_(None), or_(false(), *where))


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
