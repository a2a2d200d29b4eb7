"""Issuing one certificate: what it says, its number, its signature, and the line in the log."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from banyan.certificates.issuer import Issuer
from banyan.certificates.serial import new_serial
from banyan.certificates.statement import Statement, targets_of
from banyan.domain.calendar import county_day
from banyan.domain.certification import Programme
from banyan.domain.wording import check_words
from banyan.records import audit
from banyan.records.competence import Certificate
from banyan.records.people import Person
from banyan.tracker.county import settings_of
from banyan.tracker.invigilation import invigilated
from banyan.tracker.verification import find_certificate


@dataclass(frozen=True)
class Award:
    """What somebody is owed; `previous_id` is the certificate it follows, `expires_on` its last day.

    `issued_on` is the day it says it was issued where that is not today.
    """

    person: Person
    programme: Programme
    previous_id: int | None
    expires_on: date
    issued_on: date | None = None


def issue(session: Session, award: Award, issuer: Issuer, now: datetime, by: str = "awards") -> Certificate:
    """Issue a certificate that is owed; `by` is who grants it, as the log names them."""
    words = wording(session, award.programme, issuer)
    check_words(words.title, award.programme.title["zh"], words.issuer)
    stated = _state(award, words, issuer, fresh_serial(session, county_day(now)), county_day(now))
    statement = replace(stated, invigilated=invigilated(session, award.person.id, award.programme))
    payload = statement.payload()
    row = Certificate(
        serial=statement.serial,
        person_id=award.person.id,
        programme=award.programme.code,
        issued_on=statement.issued_on,
        expires_on=statement.expires_on,
        payload=payload,
        signature=issuer.sign(payload),
        previous_id=award.previous_id,
    )
    session.add(row)
    session.flush()
    holder = award.person.staff_number
    audit.append(session, now, by, "certificate.issue", row.serial, holder=holder, programme=row.programme)
    return row


@dataclass(frozen=True)
class Wording:
    """What a certificate calls itself and who gives it."""

    title: str
    issuer: str


def wording(session: Session, programme: Programme, issuer: Issuer) -> Wording:
    """Return the county's own words, else the programme's and the house's; `issue` sees that they claim nothing false."""
    county = settings_of(session)
    title = county.whole("certificate_title") or programme.certificate_title
    return Wording(title, county.whole("issuer_name") or issuer.name)


def _state(award: Award, words: Wording, issuer: Issuer, serial: str, today: date) -> Statement:
    programme = award.programme
    return Statement(
        serial=serial,
        name=award.person.name,
        title=words.title,
        programme=programme.code,
        programme_title=programme.title["zh"],
        targets=targets_of(programme),
        issued_on=award.issued_on or today,
        expires_on=award.expires_on,
        issuer=words.issuer,
        key_id=issuer.public_key.id,
        demo=issuer.demo,
    )


def fresh_serial(session: Session, today: date) -> str:
    """Return a number that no certificate has."""
    serial = new_serial(today.year)
    while find_certificate(session, serial) is not None:
        serial = new_serial(today.year)
    return serial
