"""Who decides on erasing somebody: who administers where they are, were last, or bear a duty; else the platform."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from banyan.domain.organisation import upwards
from banyan.domain.permission import Actor, Duty, Target, subtrees
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.tracker.people import holds_on, under


def target(session: Session, person_id: int, today: date, recorded_by: int | None = None) -> Target:
    """Return a person as the target of an act; `alone` if nobody administers them but themselves and who wrote it down."""
    paths = frozenset(each.path for each in places_of(session, person_id, today))
    return Target(paths, person_id, alone=not _has_decider(session, paths, {person_id, recorded_by}, today))


def in_reach(actor: Actor) -> Select[int]:
    """Select the people who may be somebody's to decide on; `target` says who is."""
    if any(each.duty is Duty.PLATFORM for each in actor.charges):
        return select(Person.id)
    theirs = under(subtrees(actor, Duty.ADMINISTRATOR))
    posted = select(Appointment.person_id).join(Unit, Appointment.unit_id == Unit.id).where(theirs)
    charged = select(ChargeRow.person_id).join(Unit, ChargeRow.unit_id == Unit.id).where(theirs)
    return select(Person.id).where(or_(Person.id.in_(posted), Person.id.in_(charged)))


def places_of(session: Session, person_id: int, today: date) -> tuple[Unit, ...]:
    """Return where somebody is appointed, or was last; who never was, where they bear or bore a duty."""
    posts = select(Appointment).where(Appointment.person_id == person_id).options(joinedload(Appointment.unit))
    duties = select(ChargeRow).where(ChargeRow.person_id == person_id).options(joinedload(ChargeRow.unit))
    return _places(session.scalars(posts.order_by(Appointment.id)).all(), today) or _places(
        session.scalars(duties.order_by(ChargeRow.id)).all(), today
    )


def _places(rows: Sequence[Appointment] | Sequence[ChargeRow], today: date) -> tuple[Unit, ...]:
    standing = [row for row in rows if row.starts_on <= today and (row.ends_on is None or row.ends_on >= today)]
    last = max((row.ends_on for row in rows if row.ends_on), default=None)
    return tuple(dict.fromkeys(row.unit for row in standing or [row for row in rows if row.ends_on == last]))


def _has_decider(session: Session, paths: Collection[str], but: Collection[int | None], today: date) -> bool:
    above = {prefix for path in paths for prefix in upwards(path)}
    bears = (ChargeRow.duty == Duty.ADMINISTRATOR.value, ChargeRow.lent_from_id.is_(None), holds_on(ChargeRow, today))
    here = or_(Person.left_on.is_(None), Person.left_on >= today)
    query = select(ChargeRow.person_id).join(Unit, ChargeRow.unit_id == Unit.id).join(Person, ChargeRow.person_id == Person.id)
    return bool(set(session.scalars(query.where(Unit.path.in_(above), *bears, here))) - set(but))
