"""Seeding a demo home, once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.records.organisation import Unit
from banyan.records.people import Person
from banyan.tracker.demo.classes import hold_class
from banyan.tracker.demo.county import Builder
from banyan.tracker.demo.plan import Plan
from banyan.tracker.demo.progress import live
from banyan.tracker.demo.settings import settle
from banyan.tracker.rulebook import Rulebook

PROGRAMME = "ER-T1"


@dataclass(frozen=True)
class Account:
    """Somebody one can sign in as; the password exists here and nowhere else."""

    staff_number: str
    password: str
    name: str
    shows: str


@dataclass(frozen=True)
class Passwords:
    """How a password is drawn and hashed; drawing is nobody's to foresee."""

    draw: Callable[[], str]
    hash: Callable[[str], str]


def is_seeded(session: Session) -> bool:
    return session.scalars(select(Unit.id).limit(1)).first() is not None


def seed(session: Session, plan: Plan, passwords: Passwords, rulebook: Rulebook, now: datetime) -> list[Account]:
    """Fill empty records with the demo county and return the accounts one signs in with.

    Only these accounts have a password: hashing one for everybody would take a minute and serve nobody.
    """
    county = Builder(session, plan, county_day(now - timedelta(days=600)), now).build()
    settle(session, county, plan, now)
    together = live(session, county, rulebook.programme(PROGRAMME), rulebook, now)
    trainer = next(person for account, person in county.accounts if account.duty == "trainer")
    hold_class(session, trainer, together, rulebook, now)
    return [_open(person, account.shows, passwords) for account, person in county.accounts]


def _open(person: Person, shows: str, passwords: Passwords) -> Account:
    password = passwords.draw()
    person.password_hash, person.must_change_password = passwords.hash(password), False
    return Account(person.staff_number, password, person.name, shows)
