"""Whose certificate runs out soon, or ran out and was not renewed: those to remind before a grid has nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Subquery, func, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.consent import Consent
from banyan.domain.readiness import SOON
from banyan.records.competence import Certificate
from banyan.records.people import Person
from banyan.tracker.consents import unwilling
from banyan.tracker.people import CONTACT, Contact, people_under
from banyan.tracker.registers import whereabouts
from banyan.tracker.reminders import Reminded, last_reminded


@dataclass(frozen=True)
class ExpiringLine:
    """Somebody's latest certificate in a programme; `over` once its last day is gone."""

    person: Contact
    place: tuple[str, ...]
    programme: str
    until: date
    over: bool
    reminded: Reminded | None


@dataclass(frozen=True)
class Ending:
    """How many certificates run out or did; `over` of them did."""

    n: int
    over: int


def expiring(session: Session, paths: Iterable[str], now: datetime) -> list[ExpiringLine]:
    """Return the certificates in the subtrees that run out within 90 days or did, those that end first at the head."""
    held, today = tuple(paths), county_day(now)
    everybody = people_under(held, today).with_only_columns(Person.id)
    last = _last(held, today)
    query = select(*CONTACT, last.c.programme, last.c.until).join(last, last.c.person_id == Person.id)
    rows = session.execute(query.order_by(last.c.until, Person.staff_number)).all()
    where = whereabouts(session, held, today)
    told = {code: last_reminded(session, everybody, code, now) for code in {row.programme for row in rows}}
    silent = unwilling(session, Consent.REMINDERS, [row.id for row in rows])
    return [_line(row, where.get(row.id, ()), today, told[row.programme].get(row.id), row.id in silent) for row in rows]


def count_expiring(session: Session, paths: Iterable[str], now: datetime) -> Ending:
    """Return how many lines `expiring` has, counted by the database."""
    today = county_day(now)
    last = _last(tuple(paths), today)
    counted = session.execute(select(func.count(), func.count().filter(last.c.until < today)).select_from(last)).one()
    return Ending(*counted)


def _last(paths: tuple[str, ...], today: date) -> Subquery:
    """Return people's latest certificates, by programme, where they run out soon or did."""
    everybody = people_under(paths, today).with_only_columns(Person.id)
    return (
        select(Certificate.person_id, Certificate.programme, func.max(Certificate.expires_on).label("until"))
        .where(Certificate.revoked_at.is_(None), Certificate.person_id.in_(everybody))
        .group_by(Certificate.person_id, Certificate.programme)
        .having(func.max(Certificate.expires_on) <= today + SOON)
        .subquery()
    )


def _line(
    row: Row[tuple[int, str, str, str, str, date]], place: tuple[str, ...], today: date, told: Reminded | None, silent: bool
) -> ExpiringLine:
    phone = "" if silent else row.phone  # they do not want to be rung about it
    return ExpiringLine(
        Contact(row.id, row.staff_number, row.name, phone), place, row.programme, row.until, row.until < today, told
    )
