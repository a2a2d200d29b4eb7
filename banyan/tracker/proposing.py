"""Proposing a certificate that a second pair of eyes is to grant: once for what was shown, again only for something new."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.records import audit
from banyan.records.certification import CertificateProposal
from banyan.records.competence import EvidenceRow
from banyan.tracker.issuing import Award


def propose(session: Session, award: Award, by: int | None, now: datetime) -> CertificateProposal | None:
    """Propose what somebody is owed, whose row is held, and return it; None where it waits already, or was refused for the same.

    `by` is the person who proposes; what the records propose by themselves (None) they propose again only once something
    new was taken in after a refusal.
    """
    query = select(CertificateProposal).where(
        CertificateProposal.person_id == award.person.id, CertificateProposal.programme == award.programme.code
    )
    last = session.scalars(query.order_by(CertificateProposal.id.desc()).limit(1)).first()
    if last and (last.decided_at is None or (by is None and last.granted is False and not _new_since(session, award, last))):
        return None
    row = CertificateProposal(person_id=award.person.id, programme=award.programme.code, proposed_by=by, proposed_at=now)
    session.add(row)
    session.flush()
    actor = "awards" if by is None else session.get_one(type(award.person), by).staff_number
    audit.append(session, now, actor, "certificate.propose", award.person.staff_number, programme=row.programme)
    return row


def waits_for_grant(session: Session, person_id: int, programme: str) -> bool:
    """Say whether a certificate was proposed for somebody and is not decided yet."""
    mine = select(CertificateProposal.id).where(CertificateProposal.person_id == person_id)
    query = mine.where(CertificateProposal.programme == programme, CertificateProposal.decided_at.is_(None))
    return session.scalars(query).first() is not None


def _new_since(session: Session, award: Award, last: CertificateProposal) -> bool:
    query = select(EvidenceRow.id).where(
        EvidenceRow.person_id == award.person.id,
        EvidenceRow.competency.in_(award.programme.targets),
        EvidenceRow.taken_at > last.decided_at,
    )
    return session.scalars(query.limit(1)).first() is not None
