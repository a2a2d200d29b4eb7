"""For whom somebody may issue a slip, by the rule of banyan.domain.takeover, for many people in a few queries."""

from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from banyan.domain.permission import Actor, Charge, Duty, Target
from banyan.domain.takeover import may_open
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, ChargeRow, Person

MANY = 5000  # ids asked for at once


def openable(session: Session, by: Person, people: Collection[Person], today: date) -> set[int]:
    """Return the ids of those among these people for whom somebody may issue a slip."""
    ids = [each.id for each in people]
    actor = Actor(by.id, tuple(charges_of(session, [by.id], today, begun=True).get(by.id, ())))
    held, at = charges_of(session, ids, today), _appointed(session, ids, today)
    return {each for each in ids if may_open(actor, Target(frozenset(at.get(each, ())), each), held.get(each, ()))}


def charges_of(session: Session, ids: list[int], today: date, begun: bool = False) -> dict[int, list[Charge]]:
    """Return people's charges that have not ended; with `begun`, only those that hold today."""
    found: dict[int, list[Charge]] = {}
    for some in _portions(ids):
        query = select(ChargeRow.person_id, ChargeRow.duty, Unit.path, ChargeRow.course, ChargeRow.lent_from_id)
        query = query.join(Unit, ChargeRow.unit_id == Unit.id)
        query = query.where(ChargeRow.person_id.in_(some), _holds(ChargeRow, today) if begun else _lasts(ChargeRow, today))
        for person_id, duty, path, course, lent in session.execute(query):
            found.setdefault(person_id, []).append(Charge(Duty(duty), path, course, lent is not None))
    return found


def _appointed(session: Session, ids: list[int], today: date) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for some in _portions(ids):
        query = select(Appointment.person_id, Unit.path).join(Unit, Appointment.unit_id == Unit.id)
        for person_id, path in session.execute(query.where(Appointment.person_id.in_(some), _holds(Appointment, today))):
            found.setdefault(person_id, set()).add(path)
    return found


def _holds(row: type[Appointment] | type[ChargeRow], day: date) -> ColumnElement[bool]:
    return and_(row.starts_on <= day, _lasts(row, day))


def _lasts(row: type[Appointment] | type[ChargeRow], day: date) -> ColumnElement[bool]:
    return or_(row.ends_on.is_(None), row.ends_on >= day)


def _portions(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + MANY] for start in range(0, len(ids), MANY))
