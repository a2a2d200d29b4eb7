"""Who of a unit is to be handed a slip: chosen by role and by whether they ever came in."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from banyan.accounts.takeover import openable
from banyan.domain.permission import Action, Target
from banyan.records.entry import Device
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.tracker.people import Me, holds_on, people_under, require
from banyan.tracker.registers import reach, unit_under


@dataclass(frozen=True)
class Chosen:
    """Whom a choice comes to; for those in `above` somebody higher up must issue it."""

    unit: Unit
    people: list[Person]
    above: list[Person]


def choose(session: Session, by: Me, code: str, role: str, newcomers: bool, today: date) -> Chosen:
    """Return the people of a unit of one's own, of one role or of all; `newcomers` are those who cannot come in yet."""
    unit = unit_under(session, code, reach(by))
    require(by.actor, Action.ISSUE_SLIP, Target(frozenset({unit.path})))
    query = people_under([unit.path], today).where(Person.id != by.person.id)
    if role:
        of_role = select(Appointment.person_id).where(Appointment.role == role, holds_on(Appointment, today))
        query = query.where(Person.id.in_(of_role))
    if newcomers:
        remembered = select(Device.person_id).where(Device.ended_at.is_(None), Device.pin_hash.is_not(None))
        query = query.where(Person.password_hash.is_(None), Person.id.not_in(remembered))
    everybody = list(session.scalars(query.order_by(Person.staff_number)))
    mine = openable(session, by.person, everybody, today)
    return Chosen(unit, [each for each in everybody if each.id in mine], [each for each in everybody if each.id not in mine])


def posts_of(session: Session, ids: set[int], today: date) -> dict[int, Unit]:
    """Return for each person the unit they are handed their slip at: the one nearest the grid."""
    query = (
        select(Appointment.person_id, Unit)
        .join(Unit, Appointment.unit_id == Unit.id)
        .join(Person, Appointment.person_id == Person.id)
        .where(holds_on(Appointment, today), or_(Person.left_on.is_(None), Person.left_on >= today))
        .order_by(Unit.level, Unit.code.desc())
    )
    return {person_id: unit for person_id, unit in session.execute(query) if person_id in ids}
