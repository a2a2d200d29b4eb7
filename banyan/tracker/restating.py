"""What an exam shows, said once more when its result changes: evidence is only added to, and what no longer holds is withdrawn.

Rows of evidence stay as they were taken in. A correction takes one away by a row that names it (EvidenceWithdrawal), and
says what holds instead by a new row under a source of its own. Certificates stay: where what counts no longer earns one,
it is put before an administrator.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.certification import Programme, Validity, missing, validity
from banyan.domain.evidence import Evidence
from banyan.domain.renewal import still_counts
from banyan.records import audit
from banyan.records.competence import Certificate, EvidenceRow
from banyan.records.corrections import CertificateDoubt, EvidenceWithdrawal
from banyan.records.people import Person
from banyan.tracker.holding import as_counted, past_of
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.outcome import Graded, claims
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing import STANDS, as_evidence, evidence_of, refresh

CORRECTOR = "corrections"
"""Who withdraws evidence, in the audit log."""


def restate(session: Session, graded: Graded, rulebook: Rulebook, now: datetime, correction_id: int | None = None) -> None:
    """Make what counts of an exam's evidence what its result shows; without a correction nothing is withdrawn."""
    teaches = rulebook.catalogue.open(graded.exam.course, graded.exam.release).teaches
    wanted = list(claims(graded, teaches, rulebook.framework))
    held = _held(session, graded)
    lost = [row for row in held.standing if not any(_says(row, each) for each in wanted)] if correction_id else []
    for row in lost:
        assert correction_id is not None
        session.add(EvidenceWithdrawal(evidence_id=row.id, correction_id=correction_id, withdrawn_at=now))
    fresh = [each for each in wanted if not any(_says(row, each) for row in held.standing)]
    take_in(session, [under_its_own_source(each, held.sources) for each in fresh], rulebook, now)
    if lost:
        _withdrawn(session, graded, lost, rulebook, now)
    if correction_id:
        programmes = [each for each in rulebook.programmes if graded.exam.course in each.courses]
        doubt(session, graded.person_id, programmes, rulebook, now, Doubting(lost, correction_id))


@dataclass(frozen=True)
class _Held:
    """What was taken in of a submission: the rows that count, and all sources ever used."""

    standing: tuple[EvidenceRow, ...]
    sources: frozenset[str]


def _held(session: Session, graded: Graded) -> _Held:
    mine = EvidenceRow.source.startswith(f"submission:{graded.submission_id}:", autoescape=True)
    query = select(EvidenceRow).where(EvidenceRow.person_id == graded.person_id, mine).order_by(EvidenceRow.id)
    every = session.scalars(query).all()
    counts = set(session.scalars(select(EvidenceRow.id).where(EvidenceRow.person_id == graded.person_id, mine, STANDS)))
    return _Held(tuple(row for row in every if row.id in counts), frozenset(row.source for row in every))


def _says(row: EvidenceRow, claim: Claim) -> bool:
    """Say whether a row of evidence is what a claim claims."""
    same = (row.competency, row.kind, row.level) == (claim.competency, claim.kind.value, claim.level)
    return same and frozenset(row.indicators) == claim.indicators


def under_its_own_source(claim: Claim, used: Iterable[str]) -> Claim:
    """Return a claim under a source that was not used before: the same source is never taken in twice."""
    before = sum(each == claim.source or each.startswith(f"{claim.source}:") for each in used)
    return replace(claim, source=f"{claim.source}:{before + 1}") if before else claim


def _withdrawn(session: Session, graded: Graded, rows: Iterable[EvidenceRow], rulebook: Rulebook, now: datetime) -> None:
    person = session.scalars(select(Person).where(Person.id == graded.person_id).with_for_update()).one()
    told = [f"{row.kind} {row.competency} {row.source}" for row in rows]
    audit.append(session, now, CORRECTOR, "evidence.withdrawn", person.staff_number, rows=told)
    refresh(session, person.id, rulebook.framework, county_day(now))


@dataclass(frozen=True)
class Doubting:
    """What raises a doubt: rows withdrawn by a corrected key, or with a record put right for a reason."""

    lost: Sequence[EvidenceRow]
    correction_id: int | None = None
    reason: str = ""


def doubt(
    session: Session, person_id: int, programmes: Iterable[Programme], rulebook: Rulebook, now: datetime, why: Doubting
) -> None:
    """Put somebody's certificates that are not earned any more before an administrator; take back what is earned again.

    Only where what was lost makes the difference: what merely ran out puts no certificate in doubt.
    """
    today, known = county_day(now), {each.code: each for each in programmes}
    standing = evidence_of(session, person_id)
    before = (*standing, *map(as_evidence, why.lost))

    def earns(programme: Programme, rows: Sequence[Evidence]) -> bool:
        past = past_of(session, person_id, programme.code)
        counted = still_counts(as_counted(session, person_id, programme, rows), past, today)
        return not missing(programme, rulebook.framework, counted, today)

    query = select(Certificate).where(Certificate.person_id == person_id, Certificate.programme.in_(known))
    for row in session.scalars(query):
        raised = session.get(CertificateDoubt, row.id)
        holds = validity(row.expires_on, row.revoked_at is not None, today) is Validity.VALID
        lacks = holds and not earns(known[row.programme], standing)
        if lacks and raised is None and earns(known[row.programme], before):
            doubted = CertificateDoubt(certificate_id=row.id, correction_id=why.correction_id, reason=why.reason, raised_at=now)
            session.add(doubted)
        elif raised and not lacks and raised.kept_at is None:
            session.delete(raised)
    session.flush()
