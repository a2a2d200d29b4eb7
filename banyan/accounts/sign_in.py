"""Signing in by staff number or mobile number, and a password.

The slow comparison runs between two transactions, never inside one: it must not keep writers waiting. An unknown
number takes as long as a wrong password and reads the same; what was typed for it is not written down, as people
do type passwords there.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.accounts.admission import Admission, Caller
from banyan.accounts.limiter import LOCKED, Limiter
from banyan.accounts.passwords import fits, normalise_staff_number
from banyan.accounts.refusal import NoEntryError
from banyan.accounts.supervisor import help_desk, supervisor_of
from banyan.domain.calendar import county_day
from banyan.records import audit
from banyan.records.engine import Sessions, reading, writing
from banyan.records.people import Person

WRONG = "号码或密码不对，请再输一次；忘了密码，请要一张新的登录条"
SHARED = "这个手机号登记了不止一个人，请用工号登录"
UNKNOWN = "unknown"
MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")


@dataclass(frozen=True)
class Attempt:
    """What somebody typed: a staff or mobile number, and a password."""

    number: str
    password: str


def sign_in(records: Sessions, attempt: Attempt, caller: Caller, limiter: Limiter, now: datetime) -> Admission:
    """Return the person whose number and password these are, or raise NoEntryError saying why not and whom to ring."""
    with reading(records) as session:
        person = find_person(session, attempt.number, now)
        ring = whom_to_ring(session, person, now)
    account = account_of(person, attempt.number)
    if wait := limiter.wait(account, caller.address):
        raise NoEntryError(LOCKED, ring, minutes=wait)
    known = fits(attempt.password, person.password_hash if person else None)
    with writing(records) as session:
        if person is not None and known and is_employed(person, now):
            welcome(session, person, caller, now)
            limiter.forget(account)
            return Admission(person)
        refuse(session, person, caller, now)
        limiter.count_failure(caller.address)
    raise NoEntryError(WRONG, ring)


def find_person(session: Session, typed: str, now: datetime) -> Person | None:
    """Return whose staff number, or else mobile number, it is; NoEntryError where several people share the mobile."""
    number = normalise_staff_number(typed)
    person = session.scalars(select(Person).where(Person.staff_number == number)).one_or_none()
    mobile = MOBILE.fullmatch(re.sub(r"[-()]", "", number))
    if person or not mobile:
        return person
    theirs = [each for each in session.scalars(select(Person).where(Person.phone == mobile[1])) if is_employed(each, now)]
    if len(theirs) > 1:
        raise NoEntryError(SHARED, whom_to_ring(session, theirs[0], now))
    return theirs[0] if theirs else None


def account_of(person: Person | None, typed: str) -> str:
    """Return what tries are counted under: a person's two numbers are one account."""
    return person.staff_number if person else normalise_staff_number(typed)


def whom_to_ring(session: Session, person: Person | None, now: datetime) -> Person | None:
    """Return the administrator nearest to somebody, or the county's for who is not known."""
    today = county_day(now)
    return supervisor_of(session, person.id, today) if person else help_desk(session, today)


def welcome(session: Session, person: Person, caller: Caller, now: datetime) -> None:
    """Write down that somebody came in."""
    row = session.get_one(Person, person.id)
    row.entered_at = row.entered_at or now
    audit.append(session, now, person.staff_number, "sign_in", person.staff_number, address=caller.address)


def refuse(session: Session, person: Person | None, caller: Caller, now: datetime) -> None:
    """Write down that somebody did not come in."""
    name = person.staff_number if person else UNKNOWN
    audit.append(session, now, name, "sign_in.refused", name, address=caller.address)


def is_employed(person: Person, now: datetime) -> bool:
    """`left_on` is the last day."""
    return person.left_on is None or county_day(now) <= person.left_on
