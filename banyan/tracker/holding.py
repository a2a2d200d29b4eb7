"""What somebody holds of a programme, and what counts for the next certificate of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, bindparam, exists, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.certification import Programme
from banyan.domain.evidence import Evidence
from banyan.domain.leave import Absence, rested
from banyan.domain.renewal import Past, judged_on, still_counts
from banyan.records.certification import CertificateReissue, CertificateSuspension, Leave
from banyan.records.competence import Certificate
from banyan.records.engine import columns, read_once
from banyan.records.traces import only_with
from banyan.tracker.standing import evidence_of

SUSPENDED = exists().where(CertificateSuspension.certificate_id == Certificate.id, CertificateSuspension.resumed_at.is_(None))
"""The condition that a certificate is suspended now."""
PAUSED = select(Certificate.id).where(Certificate.id.in_(bindparam("ids", expanding=True)), SUSPENDED)
REPLACED = exists().where(CertificateReissue.old_id == Certificate.id)
"""The condition that a certificate was issued anew under another number."""


OF_A_PERSON = (
    select(Certificate, SUSPENDED)
    .where(Certificate.person_id == bindparam("person"), ~REPLACED)
    .order_by(Certificate.id)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class Holding:
    """One certificate as the records hold it now, and as the rules see it."""

    row: Certificate
    past: Past


def chain(session: Session, person_id: int, programme: str) -> list[Holding]:
    """Return a person's certificates of one programme, the latest last; those that were issued anew are left out."""
    return [each for each in holdings(session, person_id) if each.row.programme == programme]


def past_of(session: Session, person_id: int, programme: str) -> list[Past]:
    """Return the same certificates as the rules see them."""
    return [each.past for each in chain(session, person_id, programme)]


@only_with(Certificate, tuple)
@read_once
def holdings(session: Session, person_id: int) -> tuple[Holding, ...]:
    """Return all certificates of a person but those that were issued anew, the latest last."""
    return tuple(Holding(row, _past(row, bool(paused))) for row, paused in session.execute(OF_A_PERSON, {"person": person_id}))


def _past(row: Certificate, paused: bool) -> Past:
    return Past(row.issued_on, row.expires_on, county_day(row.revoked_at) if row.revoked_at else None, paused)


def suspended(session: Session, certificate_ids: Collection[int]) -> set[int]:
    """Return which of some certificates are suspended now."""
    if not certificate_ids:
        return set()
    return set(columns(session, PAUSED, {"ids": list(certificate_ids)}).scalars())


def evidence_for(
    session: Session, person_id: int, programme: Programme, past: Sequence[Past], today: date
) -> Sequence[Evidence]:
    """Return a person's evidence of a programme's competencies that counts for the next certificate, after those of `past`."""
    shown = evidence_of(session, person_id, frozenset(programme.targets))
    return still_counts(as_counted(session, person_id, programme, shown), past, today)


def as_counted(session: Session, person_id: int, programme: Programme, rows: Sequence[Evidence]) -> Sequence[Evidence]:
    """Return some of a person's evidence with the clock stopped during leave, where a programme says so."""
    return rested(rows, absences_of(session, person_id)) if programme.leave_suspends else rows


@read_once
def absences_of(session: Session, person_id: int) -> tuple[Absence, ...]:
    """Return the leave of a person that stands."""
    query = select(Leave).where(Leave.person_id == person_id, Leave.taken_back_at.is_(None))
    return tuple(Absence(row.starts_on, row.ends_on) for row in session.scalars(query))


def judged(session: Session, person_id: int, programme: Programme, today: date) -> date:
    """Return the day that decides what somebody still has to show: today, or in the renewal window the day after the end."""
    return judged_on(programme, past_of(session, person_id, programme.code), today) or today


def counts_now(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """Return the condition that a certificate is good on a day."""
    return Certificate.revoked_at.is_(None) & (Certificate.expires_on >= today) & ~SUSPENDED
