"""A certificate between its issue and its end: suspended for a while, resumed, issued anew with what it says put right."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.certification import Validity, validity
from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotFoundError, NotYetError
from banyan.records import audit
from banyan.records.certification import CertificateReissue, CertificateSuspension
from banyan.records.competence import Certificate
from banyan.records.people import Person
from banyan.tracker.holding import suspended
from banyan.tracker.issuing import Award, issue, wording
from banyan.tracker.people import NOT_HERE, Me, require, target_of
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.verification import find_certificate, statement_of

LEAST, MOST = 4, 200  # characters of a reason


def suspend(session: Session, serial: str, reason: str, by: Me, now: datetime) -> CertificateSuspension:
    """Let a certificate not count until it is resumed; the verify page says so at once, and not why."""
    row = _held(session, serial, by, now)
    _must_hold(row, now)
    if suspended(session, [row.id]):
        raise BadInputError("这张证书已经暂停了")
    paused = CertificateSuspension(certificate_id=row.id, suspended_by=by.person.id, suspended_at=now, reason=_reason(reason))
    session.add(paused)
    session.flush()
    audit.append(session, now, by.person.staff_number, "certificate.suspend", row.serial, reason=paused.reason)
    return paused


def resume(session: Session, serial: str, reason: str, by: Me, now: datetime) -> CertificateSuspension:
    """Let a suspended certificate count again, until the day it always said."""
    row = _held(session, serial, by, now)
    query = select(CertificateSuspension).where(CertificateSuspension.certificate_id == row.id)
    paused = session.scalars(query.where(CertificateSuspension.resumed_at.is_(None))).first()
    if paused is None:
        raise BadInputError("这张证书没有暂停，不用恢复")
    paused.resumed_by, paused.resumed_at, paused.resumed_reason = by.person.id, now, _reason(reason)
    session.flush()
    audit.append(session, now, by.person.staff_number, "certificate.resume", row.serial, reason=paused.resumed_reason)
    return paused


def reissue(session: Session, serial: str, reason: str, by: Me, rulebook: Rulebook, now: datetime) -> Certificate:
    """Issue a certificate again under a new number and with the same days: in its holder's name and the county's words of now.

    The old one is void from now on and leads to the new one.
    """
    row = _held(session, serial, by, now)
    _must_hold(row, now)
    why = _reason(reason)
    if suspended(session, [row.id]):
        raise NotYetError("这张证书暂停着，先恢复再换发")
    person = session.get_one(Person, row.person_id)
    if not changes(session, row, rulebook):
        text = "证书上的姓名“{name}”、证书名称、发证单位都和现在的一样；要换发，先在人员页或本县设置里改对"
        raise BadInputError(text, name=person.name)
    if not rulebook.issuer.may_issue:
        raise NotYetError("现在还发不了证，请联系平台管理员")
    award = Award(person, rulebook.programme(row.programme), row.id, row.expires_on, row.issued_on)
    new = issue(session, award, rulebook.issuer, now, by.person.staff_number)
    row.revoked_at, row.revoked_by, row.revoked_reason = now, by.person.id, why
    session.add(CertificateReissue(old_id=row.id, new_id=new.id, reissued_by=by.person.id, reissued_at=now, reason=why))
    session.flush()
    audit.append(session, now, by.person.staff_number, "certificate.reissue", row.serial, new=new.serial, reason=why)
    return new


@dataclass(frozen=True)
class Change:
    """Something a certificate says that is called something else now: `key` is name, or a setting of the county."""

    key: str
    was: str
    now: str


def changes(session: Session, row: Certificate, rulebook: Rulebook) -> list[Change]:
    """Return what a certificate would say otherwise if it were issued anew now; of a programme that is gone none is."""
    stated, person = statement_of(row, rulebook.issuer), session.get_one(Person, row.person_id)
    programme = next((each for each in rulebook.programmes if each.code == row.programme), None)
    if programme is None:
        return []
    words = wording(session, programme, rulebook.issuer)
    told = [
        Change("name", stated.name, person.name),
        Change("certificate_title", stated.title, words.title),
        Change("issuer_name", stated.issuer, words.issuer),
    ]
    return [each for each in told if each.was != each.now]


def suspensions_of(session: Session, certificate_id: int) -> list[CertificateSuspension]:
    """Return when a certificate did not count, the latest first."""
    query = select(CertificateSuspension).where(CertificateSuspension.certificate_id == certificate_id)
    return list(session.scalars(query.order_by(CertificateSuspension.id.desc())))


def _held(session: Session, serial: str, by: Me, now: datetime) -> Certificate:
    """Return somebody else's certificate of one's subtree, its holder's row held."""
    row = find_certificate(session, serial)
    if row is None:
        raise NotFoundError(NOT_HERE)
    require(by.actor, Action.REVOKE, target_of(session, row.person_id, county_day(now)))
    session.execute(select(Person.id).where(Person.id == row.person_id).with_for_update())
    session.refresh(row)
    return row


def _must_hold(row: Certificate, now: datetime) -> None:
    if validity(row.expires_on, row.revoked_at is not None, county_day(now)) is not Validity.VALID:
        raise NotYetError("这张证书已经过期或撤销，不能再动")


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not LEAST <= len(reason) <= MOST:
        raise BadInputError("请写明原因，{least}到{most}个字", least=LEAST, most=MOST)
    return reason
