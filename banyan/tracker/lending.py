"""Handing one's duty to somebody for a time, and calling it back (banyan.domain.lending)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from banyan.domain.calendar import county_day
from banyan.domain.lending import Loan, check_loan
from banyan.domain.organisation import Term
from banyan.domain.permission import Action, Actor, Charge, Duty, may
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.people import ChargeRow, Person
from banyan.tracker.people import NOT_HERE, Me, hold, target_of

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Borrower:
    """Who is to have it: number and name must agree, so that nobody is entrusted by a slip of the finger."""

    staff_number: str
    name: str


def lend(session: Session, by: Me, charge_id: int, borrower: Borrower, loan: Loan, now: datetime) -> ChargeRow:
    """Hand a charge of one's own to somebody whom it reaches, for a time; raises an error that says why not."""
    today = county_day(now)
    own = _own(session, by, charge_id)
    held = Charge(Duty(own.duty), own.unit.path, own.course, own.lent_from_id is not None)
    check_loan(held, Term(own.starts_on, own.ends_on), loan, today)
    person = _borrower(session, by, borrower, held, today)
    hold(session, [person.id])
    same = {"person_id": person.id, "unit_id": own.unit_id, "duty": own.duty, "course": own.course}
    meets = and_(ChargeRow.starts_on <= loan.ends_on, or_(ChargeRow.ends_on.is_(None), ChargeRow.ends_on >= loan.starts_on))
    if session.scalars(select(ChargeRow).filter_by(**same).where(or_(meets, ChargeRow.starts_on == loan.starts_on))).first():
        raise BadInputError("这段时间里他已经有这项职责了，或者今天刚收回；请换个日子")
    row = ChargeRow(**same, starts_on=loan.starts_on, ends_on=loan.ends_on, lent_from_id=own.id, reason=loan.reason)
    session.add(row)
    if person.password_hash is None and loan.starts_on <= today:
        person.must_change_password = True  # who bears a charge has a password
    session.flush()
    write_down(session, by.person.staff_number, "duty.lend", person, row, own.unit.name, now)
    return row


def call_back(session: Session, by: Me, loan_id: int, now: datetime) -> ChargeRow:
    """End what one handed on, today; called back twice it is called back once."""
    today = county_day(now)
    row = session.get(ChargeRow, loan_id, options=[joinedload(ChargeRow.unit), joinedload(ChargeRow.lent_from)])
    if row is None or row.lent_from is None or row.lent_from.person_id != by.person.id:
        raise NotFoundError(NOT_HERE)
    if row.ends_on is None or row.ends_on >= today:
        row.ends_on = min(today, row.starts_on) - DAY
        person = session.get_one(Person, row.person_id)
        write_down(session, by.person.staff_number, "duty.call_back", person, row, row.unit.name, now)
    return row


def end_loans(session: Session, charge_ids: Collection[int], last: date) -> None:
    """Let what was handed on of charges end with them: none lasts beyond their last day."""
    query = select(ChargeRow).where(ChargeRow.lent_from_id.in_(charge_ids))
    for row in session.scalars(query.where(or_(ChargeRow.ends_on.is_(None), ChargeRow.ends_on > last))):
        row.ends_on = min(last, row.starts_on - DAY) if row.starts_on > last else last


def loans_of(session: Session, charges: Iterable[ChargeRow], today: date) -> dict[int, list[ChargeRow]]:
    """Return what was handed on of charges and has not ended, by the charge."""
    found: dict[int, list[ChargeRow]] = {}
    lasts = or_(ChargeRow.ends_on.is_(None), ChargeRow.ends_on >= today)
    query = select(ChargeRow).where(ChargeRow.lent_from_id.in_([each.id for each in charges]), lasts)
    for row in session.scalars(query.options(joinedload(ChargeRow.person)).order_by(ChargeRow.starts_on, ChargeRow.id)):
        found.setdefault(row.lent_from_id or 0, []).append(row)
    return found


def _own(session: Session, by: Me, charge_id: int) -> ChargeRow:
    row = session.get(ChargeRow, charge_id, options=[joinedload(ChargeRow.unit)])
    if row is None or row.person_id != by.person.id:
        raise NotFoundError(NOT_HERE)
    return row


def _borrower(session: Session, by: Me, borrower: Borrower, held: Charge, today: date) -> Person:
    number, name = borrower.staff_number.strip(), "".join(borrower.name.split())
    person = session.scalars(select(Person).where(Person.staff_number == number)).one_or_none()
    as_holder = Actor(by.person.id, (held,))  # whom this very charge reaches, not another of theirs
    if (
        person is None
        or "".join(person.name.split()) != name
        or not may(as_holder, Action.LEND, target_of(session, person.id, today, held.course))
    ):
        raise BadInputError("没有找到这个人：工号和姓名要对得上，在您这项职责管到的范围里，而且不是您自己")
    return person


def write_down(session: Session, actor: str, act: str, person: Person, row: ChargeRow, unit: str, now: datetime) -> None:
    """Put into the audit log what was done with somebody's charge at a unit of that name."""
    detail = {"duty": row.duty, "unit": unit, "course": row.course, "starts_on": row.starts_on.isoformat()}
    detail |= {"until": row.ends_on.isoformat() if row.ends_on else "", "reason": row.reason}
    audit.append(session, now, actor, act, person.staff_number, **{k: v for k, v in detail.items() if v})
