"""Keeping the cache of who can do what equal to the rule in banyan.domain.standing."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.orm import Session

from banyan.domain.evidence import Evidence
from banyan.domain.framework import Framework, Kind
from banyan.domain.standing import Standing, standings
from banyan.records.competence import EvidenceRow, StandingRow
from banyan.records.corrections import EvidenceWithdrawal
from banyan.records.engine import read_once
from banyan.records.retractions import EvidenceRetraction

STANDS = and_(
    ~exists().where(EvidenceWithdrawal.evidence_id == EvidenceRow.id),
    ~exists().where(EvidenceRetraction.evidence_id == EvidenceRow.id),
)
"""The condition that a row of evidence was withdrawn neither by a corrected key nor with the record it came from."""
OF_A_PERSON = select(EvidenceRow).where(EvidenceRow.person_id == bindparam("person"), STANDS).order_by(EvidenceRow.id)


@read_once
def evidence_of(session: Session, person_id: int) -> tuple[Evidence, ...]:
    """Return everything a person has shown and that still counts, in the order it was taken in."""
    return tuple(as_evidence(row) for row in session.scalars(OF_A_PERSON, {"person": person_id}))


def as_evidence(row: EvidenceRow) -> Evidence:
    assessor = str(row.assessor_id) if row.assessor_id else ""
    shown = frozenset(row.indicators)
    kind = Kind(row.kind)
    return Evidence(row.competency, shown, kind, row.level, row.observed_on, row.expires_on, assessor, row.teaching_log)


def refresh(session: Session, person_id: int, framework: Framework, today: date) -> dict[str, Standing]:
    """Make one person's cached standing what the rule says today, and return it."""
    session.flush()
    now = dict(standings(framework, evidence_of(session, person_id), today))
    kept = {row.competency: row for row in session.scalars(select(StandingRow).where(StandingRow.person_id == person_id))}
    for code, row in kept.items():
        if code not in now:
            session.delete(row)
    for code, held in now.items():
        row = kept.get(code) or StandingRow(person_id=person_id, competency=code)
        row.level, row.until, row.as_of = held.level, held.until or today, today
        session.add(row)
    session.flush()
    return now


def rebuild(session: Session, framework: Framework, today: date) -> int:
    """Refresh everybody who has shown anything or is cached; return how many people that was."""
    people = [person_id for person_id, _ in _everybody(session)]
    for person_id in people:
        refresh(session, person_id, framework, today)
    return len(people)


def lapse(session: Session, framework: Framework, today: date) -> int:
    """Refresh the people something of whose standing ended before today; return how many."""
    people = list(session.scalars(select(StandingRow.person_id).where(StandingRow.until < today).distinct()))
    for person_id in people:
        refresh(session, person_id, framework, today)
    return len(people)


def differences(session: Session, framework: Framework, today: date) -> list[tuple[int, str]]:
    """Return (person, competency) wherever the cache and the rule disagree today; none is as it should be."""
    found = []
    for person_id, rows in _everybody(session):
        ruled = standings(framework, rows, today)
        query = select(StandingRow).where(StandingRow.person_id == person_id)
        cached = {row.competency: Standing(row.level, row.until) for row in session.scalars(query)}
        found += [(person_id, code) for code in sorted({*ruled, *cached}) if ruled.get(code) != cached.get(code)]
    return found


def _everybody(session: Session) -> Iterator[tuple[int, list[Evidence]]]:
    """Yield each person who has evidence or a cached standing, with their evidence."""
    query = select(EvidenceRow).where(STANDS).order_by(EvidenceRow.person_id, EvidenceRow.id)
    shown = {person: _evidence(rows) for person, rows in groupby(session.scalars(query), lambda row: row.person_id)}
    cached = set(session.scalars(select(StandingRow.person_id).distinct()))
    yield from ((person, shown.get(person, [])) for person in sorted({*shown, *cached}))


def _evidence(rows: Iterable[EvidenceRow]) -> list[Evidence]:
    return [as_evidence(row) for row in rows]
