"""What a record of ours shows of somebody, taken in as evidence; put right, what it no longer shows is withdrawn.

Rows of evidence are only added to. One is withdrawn by a row that names it, with who did so and why (EvidenceRetraction);
what holds instead is a new row under a source of its own. A certificate that is no longer earned goes before an administrator.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.errors import BadInputError
from banyan.records import audit
from banyan.records.competence import EvidenceRow
from banyan.records.people import Person
from banyan.records.retractions import EvidenceRetraction
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.people import Me
from banyan.tracker.restating import Doubting, doubt, under_its_own_source
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing import STANDS, refresh

LEAST, MOST = 4, 200  # characters of a reason


@dataclass(frozen=True)
class Account:
    """All that one record (`piece:12`) shows of somebody; the sources of its claims begin with the record and a colon.

    What was taken in of practicals before they could be put right has the record alone for a source.
    A record is about one person: a source is never taken in twice, so what several share names each (`training:12:7`).
    """

    record: str
    person_id: int
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Amendment:
    """Who says so, and why, where they put something right."""

    by: Me
    reason: str = ""


def amend(session: Session, account: Account, amendment: Amendment, rulebook: Rulebook, now: datetime) -> None:
    """Make what counts of a record's evidence what the record shows now; said again it changes nothing.

    BadInputError where something has to be withdrawn and no reason is given.
    """
    person = session.scalars(select(Person).where(Person.id == account.person_id).with_for_update()).one()
    every, standing = _held(session, account)
    lost = [row for row in standing if row.competency in rulebook.framework and not _said(row, account.claims)]
    reason = why(amendment.reason) if lost else ""
    for row in lost:
        session.add(EvidenceRetraction(evidence_id=row.id, reason=reason, retracted_by=amendment.by.person.id, retracted_at=now))
    if lost:
        told = [f"{row.kind} {row.competency} {row.source}" for row in lost]
        staff = amendment.by.person.staff_number
        audit.append(session, now, staff, "evidence.retract", person.staff_number, rows=told, reason=reason)
    fresh = [each for each in account.claims if not any(_says(row, each) for row in standing)]
    take_in(session, [under_its_own_source(each, {row.source for row in every}) for each in fresh], rulebook, now)
    if lost:
        refresh(session, person.id, rulebook.framework, county_day(now))
    touched = {row.competency for row in lost} | {each.competency for each in fresh}
    programmes = [each for each in rulebook.programmes if touched & set(each.targets)]
    doubt(session, person.id, programmes, rulebook, now, Doubting(lost, reason=reason))


def why(text: str) -> str:
    """Return a reason as it is kept, or raise BadInputError."""
    reason = " ".join(text.split())
    if not LEAST <= len(reason) <= MOST:
        raise BadInputError("请写为什么改，{least}到{most}个字", least=LEAST, most=MOST)
    return reason


def _held(session: Session, account: Account) -> tuple[list[EvidenceRow], list[EvidenceRow]]:
    """Return all rows ever taken in of a record, and those that still stand."""
    mine = EvidenceRow.source.startswith(f"{account.record}:", autoescape=True) | (EvidenceRow.source == account.record)
    query = select(EvidenceRow).where(EvidenceRow.person_id == account.person_id, mine).order_by(EvidenceRow.id)
    every = list(session.scalars(query))
    standing = set(session.scalars(query.where(STANDS).with_only_columns(EvidenceRow.id)))
    return every, [row for row in every if row.id in standing]


def _said(row: EvidenceRow, claims: Iterable[Claim]) -> bool:
    return any(_says(row, each) for each in claims)


def _says(row: EvidenceRow, claim: Claim) -> bool:
    """Say whether a row of evidence is what a claim claims."""
    held = (row.competency, row.kind, row.level, row.observed_on, row.assessor_id, row.teaching_log)
    asked = (claim.competency, claim.kind.value, claim.level, claim.observed_on, claim.assessor_id, claim.teaching_log)
    lasts = claim.expires_by is None or row.expires_on <= claim.expires_by
    return held == asked and frozenset(row.indicators) == claim.indicators and lasts
