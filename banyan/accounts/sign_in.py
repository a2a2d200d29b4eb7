"""Signing in by staff number.

The slow comparison runs between two transactions, never inside one: it must not keep writers waiting. An unknown
number takes as long as a wrong password and reads the same; what was typed for it is not written down, as people
do type passwords there.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.accounts.limiter import Limiter
from banyan.accounts.passwords import fits, normalise_staff_number
from banyan.domain.calendar import county_day
from banyan.errors import NotAllowedError
from banyan.records import audit
from banyan.records.engine import Sessions, reading, writing
from banyan.records.people import Person

WRONG = "工号或密码不对，请再输一次；忘了密码请联系您所在镇街的管理员"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Attempt:
    """What somebody typed, and the address it came from."""

    staff_number: str
    password: str
    address: str


def sign_in(records: Sessions, attempt: Attempt, now: datetime, limiter: Limiter) -> Person:
    """Return the person whose number and password these are, or raise NotAllowedError saying why not."""
    number = normalise_staff_number(attempt.staff_number)
    limiter.admit(number, attempt.address)
    with reading(records) as session:
        person = find_person(session, number)
    known = fits(attempt.password, person.password_hash if person else None)
    with writing(records) as session:
        name = person.staff_number if person else UNKNOWN
        if person is None or not known or not is_employed(person, now):
            limiter.count_failure(attempt.address)
            audit.append(session, now, name, "sign_in.refused", name, address=attempt.address)
        else:
            audit.append(session, now, name, "sign_in", name, address=attempt.address)
            limiter.forget(number)
            return person
    raise NotAllowedError(WRONG)


def find_person(session: Session, staff_number: str) -> Person | None:
    return session.scalars(select(Person).where(Person.staff_number == staff_number)).one_or_none()


def is_employed(person: Person, now: datetime) -> bool:
    """`left_on` is the last day."""
    return person.left_on is None or county_day(now) <= person.left_on
