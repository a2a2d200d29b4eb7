"""Certificates: issued once when due, never changed, revoked with a reason, checked by anyone.

Whoever writes about a person locks their row first and the audit log after, so that two workers cannot both issue.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.certificates.issuer import Issuer
from banyan.certificates.serial import new_serial, read_serial
from banyan.certificates.statement import Statement, check_words, targets_of
from banyan.domain.award import Past, Rules, due
from banyan.domain.calendar import county_day
from banyan.domain.certification import Programme, expiry, validity
from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotFoundError, TamperedError
from banyan.records import audit
from banyan.records.competence import Certificate
from banyan.records.learning import Assignment
from banyan.records.people import Appointment, Person
from banyan.tracker.people import Me, holds_on, people_under, require, target_of
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing import evidence_of

REASON_LENGTH = 200


def award_due(session: Session, person_id: int, rulebook: Rulebook, now: datetime) -> list[Certificate]:
    """Issue what a person is owed and return it; called again, it returns nothing.

    A programme is theirs if it was assigned to them, or if it is in force and they are appointed in its role today.
    """
    today = county_day(now)
    person = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    if person.left_on and person.left_on <= today:
        return []
    evidence = evidence_of(session, person_id)
    issued = []
    for programme in _programmes_of(session, person_id, rulebook, today):
        chain = _chain(session, person_id, programme.code)
        if due(Rules(programme, rulebook.framework), evidence, [_past(row) for row in chain], today):
            issued.append(_issue(session, _Award(person, programme, chain[-1].id if chain else None), rulebook.issuer, now))
    return issued


def revoke(session: Session, serial: str, reason: str, by: Me, now: datetime) -> Certificate:
    """Revoke for good, with a reason for the record; one revoked before stays as it is and that is said."""
    today = county_day(now)
    row = _find(session, serial)
    if row is None:
        raise NotFoundError("没有找到这张证书，或者不归您管")
    require(by.actor, Action.REVOKE, target_of(session, row.person_id, today))
    session.execute(select(Person.id).where(Person.id == row.person_id).with_for_update())
    session.refresh(row)
    if row.revoked_at:
        raise BadInputError("证书 {serial} 在 {day} 已经撤销，不用再撤", serial=row.serial, day=county_day(row.revoked_at))
    row.revoked_at, row.revoked_by, row.revoked_reason = now, by.person.id, _reason(reason)
    session.flush()
    audit.append(session, now, by.person.staff_number, "certificate.revoke", row.serial, reason=row.revoked_reason)
    return row


class State(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    MISTYPED = "mistyped"
    TAMPERED = "tampered"


@dataclass(frozen=True)
class Verdict:
    """What anyone may learn who types a serial, and no more.

    The name is masked (林*英): whoever has the paper compares, and gets the full name from its QR code without asking
    us; whoever only guesses serials learns no names. The reason of a revocation, the unit, the staff number and the
    scores are nobody's business here. Nothing but the state and the serial is told unless the signature holds.
    """

    state: State
    serial: str = ""
    masked_name: str = ""
    title: str = ""
    programme_title: str = ""
    issuer: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    revoked_on: date | None = None
    demo: bool = False


def check(session: Session, serial: str, issuer: Issuer, today: date) -> Verdict:
    """Return what a serial is worth today; the stored payload must still carry the issuer's signature."""
    known = read_serial(serial)
    if known is None:
        return Verdict(State.MISTYPED)
    row = _find(session, known)
    if row is None:
        return Verdict(State.UNKNOWN, known)
    try:
        statement = statement_of(row, issuer)
    except TamperedError:
        return Verdict(State.TAMPERED, known)
    return Verdict(
        state=State(validity(statement.expires_on, row.revoked_at is not None, today)),
        serial=statement.serial,
        masked_name=masked(statement.name),
        title=statement.title,
        programme_title=statement.programme_title,
        issuer=statement.issuer,
        issued_on=statement.issued_on,
        expires_on=statement.expires_on,
        revoked_on=county_day(row.revoked_at) if row.revoked_at else None,
        demo=statement.demo,
    )


def statement_of(row: Certificate, issuer: Issuer) -> Statement:
    """Return what a certificate states; TamperedError if the row or its signature was altered."""
    if not issuer.verify(row.payload, row.signature):
        raise TamperedError("证书 {serial} 的签名对不上，请联系平台管理员", serial=row.serial)
    statement = Statement.parse(row.payload)
    said = (statement.serial, statement.programme, statement.issued_on, statement.expires_on)
    if said != (row.serial, row.programme, row.issued_on, row.expires_on):
        raise TamperedError("证书 {serial} 的记录和签名不一致，请联系平台管理员", serial=row.serial)
    return statement


def masked(name: str) -> str:
    """Return a name of which the first and the last character are left: 林*英, 林*, 阿***·*力."""
    if len(name) <= 2:
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "".join(sign if sign in " ·" else "*" for sign in name[1:-1]) + name[-1]


def certificates_of(session: Session, person_id: int) -> list[Certificate]:
    """Return all certificates a person was ever given, the latest first."""
    query = select(Certificate).where(Certificate.person_id == person_id)
    return list(session.scalars(query.order_by(Certificate.issued_on.desc(), Certificate.id.desc())))


def certificates_under(session: Session, paths: Iterable[str], today: date) -> list[Certificate]:
    """Return the certificates of everyone appointed today below the paths, those that run out first at the top."""
    people = people_under(paths, today).with_only_columns(Person.id)
    query = select(Certificate).where(Certificate.person_id.in_(people))
    return list(session.scalars(query.order_by(Certificate.expires_on, Certificate.id)))


@dataclass(frozen=True)
class _Award:
    person: Person
    programme: Programme
    previous_id: int | None


def _programmes_of(session: Session, person_id: int, rulebook: Rulebook, today: date) -> list[Programme]:
    assigned = set(session.scalars(select(Assignment.programme).where(Assignment.person_id == person_id)))
    posts = select(Appointment.role).where(Appointment.person_id == person_id, holds_on(Appointment, today))
    roles = set(session.scalars(posts))
    in_force = [each for each in rulebook.programmes if each.effective_from <= today]
    own = {each.code for each in in_force if each.role.value in roles}
    return [each for each in rulebook.programmes if each.code in assigned | own]


def _chain(session: Session, person_id: int, programme: str) -> list[Certificate]:
    """Return a person's certificates of one programme as the records hold them now, the latest last."""
    query = select(Certificate).where(Certificate.person_id == person_id, Certificate.programme == programme)
    return list(session.scalars(query.order_by(Certificate.id).execution_options(populate_existing=True)))


def _past(row: Certificate) -> Past:
    return Past(row.issued_on, row.expires_on, county_day(row.revoked_at) if row.revoked_at else None)


def _issue(session: Session, award: _Award, issuer: Issuer, now: datetime) -> Certificate:
    statement = _state(award, issuer, _fresh_serial(session, county_day(now)), county_day(now))
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


def _state(award: _Award, issuer: Issuer, serial: str, today: date) -> Statement:
    programme = award.programme
    check_words(programme.certificate_title, programme.title["zh"], issuer.name)
    return Statement(
        serial=serial,
        name=award.person.name,
        title=programme.certificate_title,
        programme=programme.code,
        programme_title=programme.title["zh"],
        targets=targets_of(programme),
        issued_on=today,
        expires_on=expiry(programme, today),
        issuer=issuer.name,
        key_id=issuer.public_key.id,
        demo=issuer.demo,
    )


def _fresh_serial(session: Session, today: date) -> str:
    serial = new_serial(today.year)
    while _find(session, serial) is not None:
        serial = new_serial(today.year)
    return serial


def _find(session: Session, serial: str) -> Certificate | None:
    return session.scalars(select(Certificate).where(Certificate.serial == (read_serial(serial) or ""))).one_or_none()


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise BadInputError("请写明撤销的原因")
    if len(reason) > REASON_LENGTH:
        raise BadInputError("撤销原因最多 {most} 个字，现在有 {count} 个", most=REASON_LENGTH, count=len(reason))
    return reason
