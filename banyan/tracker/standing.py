"""Keeping the cache of who can do what equal to the rule in banyan.domain.standing."""

from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from banyan.domain.evidence import Evidence
from banyan.domain.framework import Framework, Kind
from banyan.domain.standing import Standing, standings
from banyan.records.competence import EvidenceRow, StandingRow
from banyan.records.engine import Sessions, columns, read_once, reading, writing
from banyan.tracker.standing_pages import (
    STANDS,
    Ruler,
    Stretch,
    cached,
    hold,
    mend,
    people_of,
    stretches,
    without_collecting,
)

__all__ = ["STANDS", "as_evidence", "differences", "evidence_of", "lapse", "rebuild", "rebuild_in_turns", "refresh"]

SHOWN = (
    EvidenceRow.id,
    EvidenceRow.competency,
    EvidenceRow.indicators,
    EvidenceRow.kind,
    EvidenceRow.level,
    EvidenceRow.observed_on,
    EvidenceRow.expires_on,
    EvidenceRow.assessor_id,
    EvidenceRow.teaching_log,
    EvidenceRow.framework,
)
OF_A_PERSON = select(*SHOWN).where(EvidenceRow.person_id == bindparam("person"), STANDS).order_by(EvidenceRow.id)
OF_SOME = OF_A_PERSON.where(EvidenceRow.competency.in_(bindparam("codes", expanding=True)))


@read_once
def evidence_of(session: Session, person_id: int, codes: frozenset[str] | None = None) -> tuple[Evidence, ...]:
    """Return all that a person has shown, of some competencies or of all, and that still counts, in the order it was taken in."""
    if codes is None:
        return tuple(as_evidence(row) for row in columns(session, OF_A_PERSON, {"person": person_id}))
    return tuple(as_evidence(row) for row in columns(session, OF_SOME, {"person": person_id, "codes": sorted(codes)}))


def as_evidence(row: EvidenceRow | Row[*tuple[Any, ...]]) -> Evidence:
    """Return a row of evidence, or its columns SHOWN, as the rules see it."""
    assessor = str(row.assessor_id) if row.assessor_id else ""
    shown = frozenset(row.indicators)
    days, edition = (row.observed_on, row.expires_on), row.framework
    kind, log = Kind(row.kind), row.teaching_log
    return Evidence(row.competency, shown, kind, row.level, *days, assessor, teaching_log=log, ref=row.id, edition=edition)


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
    """Make the cache of everybody what the rule says today; return of how many people it holds or held something."""
    session.flush()
    ruler = Ruler(framework)
    people = sum(_remake(session, each, ruler, today) for each in list(stretches(session)))
    session.expire_all()
    return people


def rebuild_in_turns(make: Sessions, framework: Framework, today: date) -> int:
    """Do the same one stretch of people after the other, each in a transaction of its own, so that others may write between."""
    ruler = Ruler(framework)
    with reading(make) as session:
        pages = list(stretches(session))
    people = 0
    for each in pages:
        with writing(make) as session:
            people += _remake(session, each, ruler, today)
    return people


def _remake(session: Session, stretch: Stretch, ruler: Ruler, today: date) -> int:
    with without_collecting():
        hold(session, stretch)
        ruled, before = ruler.ruled(session, stretch, today), cached(session, stretch)
        mend(session, stretch, ruled, before, today)
        return people_of(ruled, before)


def lapse(session: Session, framework: Framework, today: date) -> int:
    """Refresh the people something of whose standing ended before today; return how many."""
    people = list(session.scalars(select(StandingRow.person_id).where(StandingRow.until < today).distinct()))
    for person_id in people:
        refresh(session, person_id, framework, today)
    return len(people)


def differences(session: Session, framework: Framework, today: date) -> list[tuple[int, str]]:
    """Return (person, competency) wherever the cache and the rule disagree today; none is as it should be.

    The rule is asked of each person's rows as they are, not of their pattern as when the cache is made anew.
    """
    found: list[tuple[int, str]] = []
    for stretch in stretches(session):
        query = select(EvidenceRow).where(STANDS, stretch.of(EvidenceRow.person_id)).order_by(EvidenceRow.person_id)
        ruled = {
            (person, code): (held.level, str(held.until))
            for person, rows in groupby(session.scalars(query), lambda row: row.person_id)
            for code, held in standings(framework, map(as_evidence, rows), today).items()
        }
        kept = cached(session, stretch)
        found += [key for key in sorted({*ruled, *kept}) if ruled.get(key) != kept.get(key)]
    return found
