"""All that was taken in of somebody: what counts, until when, what no longer does and why. Only reads."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.framework import Framework
from banyan.records.competence import EvidenceRow
from banyan.records.corrections import Correction, EvidenceWithdrawal
from banyan.records.people import Person
from banyan.records.retractions import EvidenceRetraction


@dataclass(frozen=True)
class Shown:
    """A row of evidence; `withdrawn` says why it no longer counts, None where nobody took it back.

    `known` is whether the framework in force still has the competency; without it the row is kept and counts for nothing.
    """

    row: EvidenceRow
    assessor: Person | None
    withdrawn: str | None
    known: bool

    def counts(self, today: date) -> bool:
        return self.known and self.withdrawn is None and self.row.observed_on <= today <= self.row.expires_on


def shown_by(session: Session, person_id: int, framework: Framework) -> list[Shown]:
    """Return everything a person has shown, the latest first."""
    query = (
        select(EvidenceRow, Person, EvidenceRetraction.reason, Correction.reason)
        .outerjoin(Person, EvidenceRow.assessor_id == Person.id)
        .outerjoin(EvidenceRetraction, EvidenceRetraction.evidence_id == EvidenceRow.id)
        .outerjoin(EvidenceWithdrawal, EvidenceWithdrawal.evidence_id == EvidenceRow.id)
        .outerjoin(Correction, EvidenceWithdrawal.correction_id == Correction.id)
        .where(EvidenceRow.person_id == person_id)
        .order_by(EvidenceRow.observed_on.desc(), EvidenceRow.id.desc())
    )
    rows = session.execute(query).all()
    return [Shown(row, person, _first(mine, theirs), row.competency in framework) for row, person, mine, theirs in rows]


def _first(*reasons: str | None) -> str | None:
    return next((each for each in reasons if each is not None), None)
