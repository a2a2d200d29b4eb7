"""One person as their administrator sees them: posts, duties, how they come in, and what may be done about it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from banyan.accounts.devices import forget_all
from banyan.accounts.slips import void
from banyan.accounts.supervisor import supervisor_of
from banyan.accounts.takeover import openable
from banyan.domain.calendar import county_day
from banyan.domain.organisation import Term
from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotAllowedError
from banyan.records import audit
from banyan.records.entry import Device, Slip
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.tracker.duties import duties_of
from banyan.tracker.lending import loans_of
from banyan.tracker.people import Me, hold, places, require, target_of
from banyan.tracker.posts import history

ABOVE = "{name}还有您管不到的职责，这一步要请上一级管理员来做"
MOST_NAME = 40


@dataclass(frozen=True)
class Card:
    """`places` are by the unit's id, `loans` what was handed on of a duty, by its id.

    `mine` says whether all of the person is in this administrator's hands.
    """

    person: Person
    posts: list[Appointment]
    history: list[Appointment]
    places: dict[int, tuple[str, ...]]
    duties: list[ChargeRow]
    loans: dict[int, list[ChargeRow]]
    devices: list[Device]
    slip: Slip | None
    supervisor: Person | None
    mine: bool
    oneself: bool
    held: list[Appointment]  # posts of today and to come


def card(session: Session, by: Me, person_id: int, today: date) -> Card:
    """Return somebody of one's subtrees; others are not there."""
    require(by.actor, Action.SEE_PEOPLE, target_of(session, person_id, today))
    person = session.get_one(Person, person_id)
    past = history(session, person_id)
    term = {each.id: Term(each.starts_on, each.ends_on) for each in past}
    posts = [each for each in reversed(past) if term[each.id].holds_on(today)]
    devices = session.scalars(
        select(Device).where(Device.person_id == person_id, Device.ended_at.is_(None)).order_by(Device.created_at)
    )
    duties = duties_of(session, person_id, today)
    open_slip = select(Slip).where(Slip.person_id == person_id, Slip.used_at.is_(None), Slip.voided_at.is_(None))
    return Card(
        person,
        posts,
        past,
        places(session, [each.unit for each in past]),
        duties,
        loans_of(session, duties, today),
        list(devices),
        session.scalars(open_slip.order_by(Slip.id.desc())).first(),
        supervisor_of(session, person_id, today),
        person.id in openable(session, by.person, [person], today),
        person.id == by.person.id,
        [each for each in past if not each.ends_on or each.ends_on >= today],
    )


def for_slip(session: Session, by: Me, person_id: int, today: date) -> Person:
    """Return somebody whose account one may open; what lies outside one's subtrees is not there."""
    require(by.actor, Action.ISSUE_SLIP, target_of(session, person_id, today))
    return session.get_one(Person, person_id)


def stop(session: Session, by: Me, person_id: int, now: datetime) -> Person:
    """End every way somebody has in, as when a phone is lost."""
    person = _in_hand(session, by, for_slip(session, by, person_id, county_day(now)), now)
    forget_all(session, person, now)
    void(session, [person.id], now)
    audit.append(session, now, by.person.staff_number, "entry.stop", person.staff_number)
    return person


def mend(session: Session, by: Me, person_id: int, name: str, phone: str, now: datetime) -> Person:
    """Put a name and a mobile number right; the log keeps which was changed, and the number's ends."""
    today = county_day(now)
    require(by.actor, Action.MANAGE_PEOPLE, target_of(session, person_id, today))
    name, phone = " ".join(name.split()), "".join(each for each in phone if each.isdecimal())
    if not 1 < len(name) <= MOST_NAME:
        raise BadInputError("请填姓名，2到40个字")
    if phone and not (len(phone) == 11 and phone.startswith("1")):
        raise BadInputError("手机号不对：要11位数字")
    hold(session, [person_id])
    person = _in_hand(session, by, session.get_one(Person, person_id), now)
    taken = select(Person).where(Person.phone == phone, Person.id != person_id)
    if phone and session.scalars(taken.where(or_(Person.left_on.is_(None), Person.left_on >= today))).first():
        raise BadInputError("这个手机号已经登记在别人名下，请核对")
    changes = {
        key: f"{_short(key, old)} → {_short(key, new)}"
        for key, old, new in (("name", person.name, name), ("phone", person.phone, phone))
        if old != new
    }
    if changes:
        person.name, person.phone = name, phone
        audit.append(session, now, by.person.staff_number, "person.mend", person.staff_number, **changes)
    return person


def _in_hand(session: Session, by: Me, person: Person, now: datetime) -> Person:
    if person.id not in openable(session, by.person, [person], county_day(now)):
        raise NotAllowedError(ABOVE, name=person.name)
    return person


def _short(key: str, value: str) -> str:
    """The log need not hold a whole number twice."""
    return f"{value[:3]}****{value[-4:]}" if key == "phone" and len(value) == 11 else value
