"""Handing on a duty and taking it back: dated, within one's own subtrees, never to oneself (banyan.domain.takeover)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from banyan.domain.calendar import county_day
from banyan.domain.permission import Action, Charge, Duty, Target
from banyan.domain.takeover import may_grant
from banyan.errors import BadInputError, NotFoundError
from banyan.records.people import ChargeRow, Person
from banyan.tracker.lending import end_loans, write_down
from banyan.tracker.people import NOT_HERE, Me, hold, require, target_of
from banyan.tracker.registers import reach, unit_under

GIVEN = (
    Duty.TRAINER,
    Duty.ASSESSOR,
    Duty.CERTIFIER,
    Duty.SUPERVISOR,
    Duty.ADMINISTRATOR,
)  # who looks after the platform is named at the server


@dataclass(frozen=True)
class Wish:
    """A duty to be given: those BY_COURSE name the course; without an end it lasts until it is taken back."""

    duty: Duty
    unit: str
    course: str
    starts_on: date
    ends_on: date | None = None


def give(session: Session, by: Me, person_id: int, wish: Wish, now: datetime) -> ChargeRow:
    """Give somebody a duty from a day on, or raise an error that says why not."""
    today = county_day(now)
    target = target_of(session, person_id, today)
    require(by.actor, Action.GRANT, target)
    hold(session, [person_id])
    person = session.get_one(Person, person_id)
    if wish.duty not in GIVEN:
        raise BadInputError("平台管理员只能在服务器上指定")
    if wish.ends_on and wish.ends_on < max(wish.starts_on, today):
        raise BadInputError("日期不对：最后一天不能早于今天，也不能早于第一天")
    unit = unit_under(session, wish.unit, reach(by))
    _ensure_mine(by, target, Charge(wish.duty, unit.path, wish.course))
    same = {"person_id": person_id, "unit_id": unit.id, "duty": wish.duty.value, "course": wish.course}
    lasts = or_(ChargeRow.ends_on.is_(None), ChargeRow.ends_on >= max(wish.starts_on, today))
    if session.scalars(select(ChargeRow).filter_by(**same).where(or_(lasts, ChargeRow.starts_on == wish.starts_on))).first():
        raise BadInputError("这项职责已经有了，或者今天刚收回；要改日期，请先收回，明天再给")
    row = ChargeRow(**same, starts_on=wish.starts_on, ends_on=wish.ends_on)
    session.add(row)
    if person.password_hash is None and wish.starts_on <= today:
        person.must_change_password = True  # who bears a charge has a password
    write_down(session, by.person.staff_number, "duty.give", person, row, unit.name, now)
    return row


def take_back(session: Session, by: Me, person_id: int, charge_id: int, now: datetime) -> None:
    """End a duty today; one that has not begun never will."""
    today = county_day(now)
    target = target_of(session, person_id, today)
    require(by.actor, Action.GRANT, target)
    row = next((each for each in duties_of(session, person_id, today) if each.id == charge_id), None)
    if row is None:
        raise BadInputError("这项职责已经收回了，请刷新页面看看")
    _ensure_mine(by, target, Charge(Duty(row.duty), row.unit.path, row.course))
    row.ends_on = min(today, row.starts_on) - timedelta(days=1)
    end_loans(session, [row.id], row.ends_on)
    write_down(session, by.person.staff_number, "duty.take", session.get_one(Person, person_id), row, row.unit.name, now)


def duties_of(session: Session, person_id: int, today: date) -> list[ChargeRow]:
    """Return what somebody is trusted with today and from a later day on."""
    query = select(ChargeRow).where(
        ChargeRow.person_id == person_id, or_(ChargeRow.ends_on.is_(None), ChargeRow.ends_on >= today)
    )
    lender = joinedload(ChargeRow.lent_from).joinedload(ChargeRow.person)
    rows = session.scalars(query.options(joinedload(ChargeRow.unit), lender).order_by(ChargeRow.starts_on, ChargeRow.id))
    return list(rows)


def _ensure_mine(by: Me, target: Target, charge: Charge) -> None:
    if not may_grant(by.actor, target, charge):
        raise NotFoundError(NOT_HERE)
