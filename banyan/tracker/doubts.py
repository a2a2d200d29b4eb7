"""Certificates that a corrected key no longer bears out: nothing is revoked by itself, an administrator decides each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from banyan.domain.calendar import county_day
from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotYetError
from banyan.records import audit
from banyan.records.competence import Certificate
from banyan.records.corrections import CertificateDoubt
from banyan.records.people import Person
from banyan.tracker.awards import REASON_LENGTH
from banyan.tracker.people import Me, people_under
from banyan.tracker.registers import certificate_for, whereabouts


@dataclass(frozen=True)
class DoubtLine:
    """A certificate that waits for a decision, whose it is, and which correction it is about."""

    row: CertificateDoubt
    place: tuple[str, ...]

    @property
    def certificate(self) -> Certificate:
        return self.row.certificate


def doubts_under(session: Session, paths: Iterable[str], today: date) -> list[DoubtLine]:
    """Return the certificates of people in the subtrees that wait for a decision, the oldest first."""
    held = tuple(paths)
    holders = people_under(held, today).with_only_columns(Person.id)
    query = (
        select(CertificateDoubt)
        .join(Certificate, CertificateDoubt.certificate_id == Certificate.id)
        .where(Certificate.person_id.in_(holders), Certificate.revoked_at.is_(None), Certificate.expires_on >= today)
        .where(CertificateDoubt.kept_at.is_(None))
        .options(joinedload(CertificateDoubt.certificate).joinedload(Certificate.person), joinedload(CertificateDoubt.correction))
    )
    rows = session.scalars(query.order_by(CertificateDoubt.raised_at, Certificate.id)).all()
    where = whereabouts(session, held, today) if rows else {}
    return [DoubtLine(row, where.get(row.certificate.person_id, ())) for row in rows]


def is_doubted(session: Session, person_id: int, programme: str) -> bool:
    """Say whether a certificate of somebody's waits for a decision."""
    query = select(CertificateDoubt.certificate_id).join(Certificate, CertificateDoubt.certificate_id == Certificate.id)
    theirs = (Certificate.person_id == person_id, Certificate.programme == programme, Certificate.revoked_at.is_(None))
    return session.scalars(query.where(*theirs, CertificateDoubt.kept_at.is_(None)).limit(1)).first() is not None


def keep_certificate(session: Session, serial: str, reason: str, by: Me, now: datetime) -> CertificateDoubt:
    """Let a certificate stand although the corrected result would not earn it, for a reason; kept twice it is the same."""
    line = certificate_for(session, serial, by, Action.REVOKE, county_day(now))
    words = " ".join(reason.split())
    if not words:
        raise BadInputError("请写明为什么保留这张证书")
    if len(words) > REASON_LENGTH:
        raise BadInputError("原因最多 {most} 个字，现在有 {count} 个", most=REASON_LENGTH, count=len(words))
    row = session.get(CertificateDoubt, line.row.id, with_for_update=True)
    if row is None or line.row.revoked_at:
        raise NotYetError("这张证书没有要决定的事")
    if row.kept_at is None:
        row.kept_by, row.kept_at, row.kept_reason = by.person.id, now, words
        session.flush()
        audit.append(session, now, by.person.staff_number, "certificate.keep", line.row.serial, reason=words)
    return row
