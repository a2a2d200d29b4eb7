"""Taking evidence in: once per source, with the standing it changes and the certificates it earns, in one transaction."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.evidence import Evidence, observe
from banyan.domain.framework import Kind
from banyan.records import audit
from banyan.records.competence import EvidenceRow
from banyan.records.people import Person
from banyan.tracker.awards import award_due
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing import refresh


@dataclass(frozen=True)
class Claim:
    """What somebody showed. `source` names where it comes from; the same source counts once, for ever.

    `expires_by` is the last day of a document it rests on; it counts no longer than that.
    """

    person_id: int
    competency: str
    indicators: frozenset[str]
    kind: Kind
    level: int
    observed_on: date
    source: str
    assessor_id: int | None = None
    grader: str = ""
    expires_by: date | None = None
    teaching_log: bool = False


def take_in(session: Session, claims: Iterable[Claim], rulebook: Rulebook, now: datetime) -> list[EvidenceRow]:
    """Append what is new among the claims and return it; refresh standing and award what is due.

    What is claimed of a competency that the framework in force does not have is not taken in: nothing says how long it lasts.
    """
    by_person: dict[int, list[Claim]] = {}
    for claim in claims:
        if claim.competency not in rulebook.framework:
            continue
        by_person.setdefault(claim.person_id, []).append(claim)
    taken: list[EvidenceRow] = []
    for person_id, theirs in sorted(by_person.items()):
        taken += _take_one(session, person_id, theirs, rulebook, now)
    return taken


def _take_one(session: Session, person_id: int, claims: list[Claim], rulebook: Rulebook, now: datetime) -> list[EvidenceRow]:
    person = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    sources = [claim.source for claim in claims]
    known = set(session.scalars(select(EvidenceRow.source).where(EvidenceRow.source.in_(sources))))
    new = {claim.source: claim for claim in claims if claim.source not in known}
    rows = [_row(claim, rulebook, now) for claim in new.values()]
    session.add_all(rows)
    if rows:
        added = [f"{row.kind} {row.competency} {row.source}" for row in rows]
        audit.append(session, now, "intake", "evidence.taken", person.staff_number, rows=added)
    refresh(session, person_id, rulebook.framework, county_day(now))
    award_due(session, person_id, rulebook, now)
    return rows


def _row(claim: Claim, rulebook: Rulebook, now: datetime) -> EvidenceRow:
    competency = rulebook.framework.competency(claim.competency)
    shown = observe(competency, claim.indicators, claim.kind, claim.level, claim.observed_on, claim.expires_by)
    return EvidenceRow(
        person_id=claim.person_id,
        competency=shown.competency,
        indicators=sorted(shown.indicators),
        kind=shown.kind.value,
        level=shown.level,
        observed_on=shown.observed_on,
        expires_on=shown.expires_on,
        assessor_id=claim.assessor_id,
        grader=claim.grader,
        framework=rulebook.framework.version,
        source=claim.source,
        teaching_log=claim.teaching_log,
        digest=_digest(claim, shown),
        taken_at=now,
    )


def _digest(claim: Claim, shown: Evidence) -> str:
    content: dict[str, Any] = {**asdict(claim), "indicators": sorted(claim.indicators), "expires_on": shown.expires_on}
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
