"""Who somebody is today, and whom they may act on: the scope of every query.

What lies outside one's subtree does not exist: it is answered as not found, whether it is there or not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Date, Select, and_, bindparam, false, or_, select
from sqlalchemy.orm import Session

from banyan.domain.permission import Action, Actor, Charge, Duty, Target, may
from banyan.errors import NotFoundError
from banyan.records.engine import columns, read_once
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.records.traces import INVIGILATED, TRACES, keep, only_with

NOT_HERE = "没有找到，或者不归您管"
HELD_AT_ONCE = 10_000


class Workplace(NamedTuple):
    """A unit somebody is appointed to, as their pages and the rules of who may do what need it."""

    id: int
    path: str
    name: str


@dataclass(frozen=True)
class Me:
    """The person who acts, the charges that hold today and the units they are appointed to, nearest the grid first."""

    person: Person
    actor: Actor
    units: tuple[Workplace, ...]


class Contact(NamedTuple):
    """Somebody as a list names them: lists of thousands read these columns, not whole records."""

    id: int
    staff_number: str
    name: str
    phone: str


CONTACT = (Person.id, Person.staff_number, Person.name, Person.phone)


def holds_on(row: type[Appointment] | type[ChargeRow], day: date | BindParameter[date]) -> ColumnElement[bool]:
    return and_(row.starts_on <= day, or_(row.ends_on.is_(None), row.ends_on >= day))


# Every page asks these three; to put one together takes longer than to answer it, so they are put together once.
_TODAY = bindparam("today", type_=Date())
PERSON = select(Person).where(Person.staff_number == bindparam("number"))
TRACED = select(Person, INVIGILATED.scalar_subquery(), *TRACES).where(Person.staff_number == bindparam("number"))
CHARGES = (
    select(ChargeRow.duty, ChargeRow.course, Unit.path, ChargeRow.lent_from_id)
    .join(Unit, ChargeRow.unit_id == Unit.id)
    .where(ChargeRow.person_id == bindparam("person"), holds_on(ChargeRow, _TODAY))
)
NAMES = select(Unit.code, Unit.name).where(Unit.code.in_(bindparam("codes", expanding=True)), Unit.level > bindparam("below"))
UNITS = (
    select(Unit.id, Unit.path, Unit.name)
    .join(Appointment)
    .where(Appointment.person_id == bindparam("person"), holds_on(Appointment, _TODAY))
    .order_by(Unit.level.desc(), Unit.code)
)


def under(paths: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a unit lies in one of the subtrees; no subtree, no unit."""
    return or_(false(), *(Unit.path.startswith(path, autoescape=True) for path in paths))


def find_me(session: Session, staff_number: str, today: date) -> Me:
    """Return who signs in under a staff number; NotFoundError for strangers and for those who have left."""
    person, invigilated, *traces = session.execute(TRACED, {"number": staff_number}).one_or_none() or (None, None)
    here = _here(person, today)
    keep(session, here.id, invigilated, traces)
    return Me(here, Actor(here.id, _charges(session, here.id, today)), units_of(session, here.id, today))


def find_myself(session: Session, staff_number: str, today: date) -> Me:
    """Return somebody who acts on what is their own and on nothing else: no charge of theirs is read. Raises as `find_me`."""
    person = find_person(session, staff_number, today)
    return Me(person, Actor(person.id, ()), ())


def find_person(session: Session, staff_number: str, today: date) -> Person:
    """Return the person alone; NotFoundError for strangers and for those who have left."""
    return _here(session.scalars(PERSON, {"number": staff_number}).one_or_none(), today)


def _here(person: Person | None, today: date) -> Person:
    if person is None or (person.left_on and person.left_on < today):
        raise NotFoundError("名册里没有这个工号，请联系您所在镇街的管理员")
    return person


@only_with(ChargeRow, tuple)
def _charges(session: Session, person_id: int, today: date) -> tuple[Charge, ...]:
    rows = columns(session, CHARGES, {"person": person_id, "today": today})
    return tuple(Charge(Duty(duty), path, course, lent is not None) for duty, course, path, lent in rows)


@read_once
def units_of(session: Session, person_id: int, today: date) -> tuple[Workplace, ...]:
    """Return the units a person is appointed to today, nearest the grid first."""
    return tuple(dict.fromkeys(Workplace(*row) for row in columns(session, UNITS, {"person": person_id, "today": today})))


def target_of(session: Session, person_id: int, today: date, course: str = "") -> Target:
    """Return a person as the target of an action: at the units they are appointed to today."""
    return Target(frozenset(unit.path for unit in units_of(session, person_id, today)), person_id, course)


def require(actor: Actor, action: Action, target: Target) -> None:
    if not may(actor, action, target):
        raise NotFoundError(NOT_HERE)


def hold(session: Session, person_ids: Iterable[int]) -> None:
    """Let nobody else write about these people until the transaction ends.

    Everybody takes them in one order and the audit log after them: whoever wants the same people waits, sees what was done
    and never holds what the first still needs.
    """
    ids = sorted(set(person_ids))
    for first in range(0, len(ids), HELD_AT_ONCE):
        some = select(Person.id).where(Person.id.in_(ids[first : first + HELD_AT_ONCE]))
        session.execute(some.order_by(Person.id).with_for_update())


def people_under(paths: Iterable[str], today: date) -> Select[Any]:
    """Select the people appointed today to a unit in one of the subtrees, each once."""
    mine = (
        select(Appointment.person_id).join(Unit, Appointment.unit_id == Unit.id).where(under(paths), holds_on(Appointment, today))
    )
    return select(Person).where(Person.id.in_(mine), or_(Person.left_on.is_(None), Person.left_on >= today))


def places(session: Session, units: Iterable[Unit | Workplace], below: int = 3) -> dict[int, tuple[str, ...]]:
    """Return each unit's names from below a level (the county) down to itself, read in one query."""
    wanted = list(units)
    where = places_at(session, (unit.path for unit in wanted), below)
    return {unit.id: where[unit.path] for unit in wanted}


def places_at(session: Session, paths: Iterable[str], below: int = 3) -> dict[str, tuple[str, ...]]:
    """Return the names along each path from below a level down to its end, read in one query."""
    wanted = {path: path.strip("/").split("/") for path in paths}
    codes = {code for each in wanted.values() for code in each}
    found = columns(session, NAMES, {"codes": sorted(codes), "below": below})
    names: dict[str, str] = {code: name for code, name in found}  # noqa: C416 - rows, typed as pairs
    return {path: tuple(names[code] for code in each if code in names) for path, each in wanted.items()}
