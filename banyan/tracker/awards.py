"""Certificates: issued once when due, never changed, revoked with a reason.

Whoever writes about a person locks their row first and the audit log after, so that two workers cannot both issue.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.certificates.issuer import Issuer
from banyan.certificates.serial import new_serial
from banyan.certificates.statement import Statement, targets_of
from banyan.domain.award import Past, Rules, due
from banyan.domain.calendar import county_day
from banyan.domain.certification import Programme, expiry
from banyan.domain.county import CountySettings
from banyan.domain.permission import Action
from banyan.domain.wording import check_words
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.competence import Certificate
from banyan.records.learning import Assignment, Withdrawal
from banyan.records.people import Appointment, Person
from banyan.tracker.county import settings_of
from banyan.tracker.invigilation import invigilated
from banyan.tracker.people import NOT_HERE, Me, holds_on, require, target_of
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing import evidence_of
from banyan.tracker.verification import State, Verdict, check, find_certificate

__all__ = ["REASON_LENGTH", "Award", "State", "Verdict", "award_due", "certificates_of", "check", "owed", "revoke"]

REASON_LENGTH = 200


@dataclass(frozen=True)
class Award:
    """What somebody is owed; `previous_id` is the certificate it follows."""

    person: Person
    programme: Programme
    previous_id: int | None


def award_due(session: Session, person_id: int, rulebook: Rulebook, now: datetime) -> list[Certificate]:
    """Issue what a person is owed and return it; called again, it returns nothing.

    Where the issuer may not issue yet, the evidence waits: banyan.tracker.withheld issues it afterwards.
    """
    if not rulebook.issuer.may_issue:
        return []
    person = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    return [_issue(session, each, rulebook.issuer, now) for each in owed(session, person, rulebook, county_day(now))]


def owed(session: Session, person: Person, rulebook: Rulebook, today: date) -> list[Award]:
    """Return the certificates a person has earned and was not given.

    A programme is theirs if it was assigned to them, or if it is in force and they are appointed in its role today.
    """
    if person.left_on and person.left_on < today:
        return []
    evidence = evidence_of(session, person.id)
    found = []
    for programme in _programmes_of(session, person.id, rulebook, today):
        chain = _chain(session, person.id, programme.code)
        if due(Rules(programme, rulebook.framework), evidence, [_past(row) for row in chain], today):
            found.append(Award(person, programme, chain[-1].id if chain else None))
    return found


def revoke(session: Session, serial: str, reason: str, by: Me, now: datetime) -> Certificate:
    """Revoke for good, with a reason for the record; one revoked before stays as it is and that is said."""
    today = county_day(now)
    row = find_certificate(session, serial)
    if row is None:
        raise NotFoundError(NOT_HERE)
    require(by.actor, Action.REVOKE, target_of(session, row.person_id, today))
    session.execute(select(Person.id).where(Person.id == row.person_id).with_for_update())
    session.refresh(row)
    if row.revoked_at:
        raise BadInputError("证书 {serial} 在 {day} 已经撤销，不用再撤", serial=row.serial, day=county_day(row.revoked_at))
    row.revoked_at, row.revoked_by, row.revoked_reason = now, by.person.id, _reason(reason)
    session.flush()
    audit.append(session, now, by.person.staff_number, "certificate.revoke", row.serial, reason=row.revoked_reason)
    return row


def certificates_of(session: Session, person_id: int) -> list[Certificate]:
    """Return all certificates a person was ever given, the latest first."""
    query = select(Certificate).where(Certificate.person_id == person_id)
    return list(session.scalars(query.order_by(Certificate.issued_on.desc(), Certificate.id.desc())))


def _programmes_of(session: Session, person_id: int, rulebook: Rulebook, today: date) -> list[Programme]:
    asked = select(Assignment.programme).where(Assignment.person_id == person_id)
    taken_back = select(Withdrawal.programme).where(Withdrawal.person_id == person_id)  # who goes on has not lost the certificate
    assigned = {*session.scalars(asked), *session.scalars(taken_back)}
    posts = select(Appointment.role).where(Appointment.person_id == person_id, holds_on(Appointment, today))
    roles = set(session.scalars(posts))
    in_force = [each for each in rulebook.offered if each.effective_from <= today]
    own = {each.code for each in in_force if each.role.value in roles}
    return [each for each in rulebook.offered if each.code in assigned | own]


def _chain(session: Session, person_id: int, programme: str) -> list[Certificate]:
    """Return a person's certificates of one programme as the records hold them now, the latest last."""
    query = select(Certificate).where(Certificate.person_id == person_id, Certificate.programme == programme)
    return list(session.scalars(query.order_by(Certificate.id).execution_options(populate_existing=True)))


def _past(row: Certificate) -> Past:
    return Past(row.issued_on, row.expires_on, county_day(row.revoked_at) if row.revoked_at else None)


def _issue(session: Session, award: Award, issuer: Issuer, now: datetime) -> Certificate:
    wording = _wording(award.programme, issuer, settings_of(session))
    stated = _state(award, wording, issuer, _fresh_serial(session, county_day(now)), county_day(now))
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
    audit.append(session, now, "awards", "certificate.issue", row.serial, holder=holder, programme=row.programme)
    return row


@dataclass(frozen=True)
class _Wording:
    """What a certificate calls itself and who gives it."""

    title: str
    issuer: str


def _wording(programme: Programme, issuer: Issuer, county: CountySettings) -> _Wording:
    """Return the county's own words, else the programme's and the house's; whose they are, they may claim nothing false."""
    title = county.whole("certificate_title") or programme.certificate_title
    name = county.whole("issuer_name") or issuer.name
    check_words(title, programme.title["zh"], name)
    return _Wording(title, name)


def _state(award: Award, wording: _Wording, issuer: Issuer, serial: str, today: date) -> Statement:
    programme = award.programme
    return Statement(
        serial=serial,
        name=award.person.name,
        title=wording.title,
        programme=programme.code,
        programme_title=programme.title["zh"],
        targets=targets_of(programme),
        issued_on=today,
        expires_on=expiry(programme, today),
        issuer=wording.issuer,
        key_id=issuer.public_key.id,
        demo=issuer.demo,
    )


def _fresh_serial(session: Session, today: date) -> str:
    serial = new_serial(today.year)
    while find_certificate(session, serial) is not None:
        serial = new_serial(today.year)
    return serial


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise BadInputError("请写明撤销的原因")
    if len(reason) > REASON_LENGTH:
        raise BadInputError("撤销原因最多 {most} 个字，现在有 {count} 个", most=REASON_LENGTH, count=len(reason))
    return reason
