"""The whole chain behind what a person can do: programme, competency, rung, what it asks for, the rows it rests on.

Of a past day it tells what was known by the end of that day; of today and of days to come, what is known now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.certification import Programme
from banyan.domain.evidence import Evidence
from banyan.domain.framework import Competency, Framework
from banyan.domain.permission import Action, Target, may
from banyan.domain.proof import Proof, Rung, prove
from banyan.domain.renewal import Todo, delta, judged_on, still_counts
from banyan.errors import NotFoundError
from banyan.records.competence import Certificate, EvidenceRow
from banyan.records.corrections import EvidenceWithdrawal
from banyan.records.people import Person
from banyan.records.retractions import EvidenceRetraction
from banyan.tracker.holding import as_counted, past_of
from banyan.tracker.people import NOT_HERE, Me, require, target_of
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing import as_evidence


@dataclass(frozen=True)
class Origin:
    """Where a row of evidence came from: `source` as it was taken in, who saw it or which program gave it, when."""

    row: EvidenceRow
    assessor: str

    @property
    def kind_of_source(self) -> str:
        return self.row.source.partition(":")[0]

    @property
    def number(self) -> str:
        return self.row.source.split(":")[1] if ":" in self.row.source else ""


@dataclass(frozen=True)
class Link:
    """One competency of a programme: the level it asks for, and why it is reached or not."""

    competency: Competency
    wanted: int
    proof: Proof

    @property
    def reached(self) -> bool:
        return self.proof.standing.level >= self.wanted

    @property
    def rung(self) -> Rung:
        """Return the rung that is wanted, all the lower ones in it."""
        return self.proof.rung(self.wanted)

    @property
    def until(self) -> date | None:
        """Return the last day on which what is wanted is still reached, None where it is not."""
        first = self.rung.first_to_expire
        return first.expires_on if self.reached and first else None


@dataclass(frozen=True)
class ProgrammeChain:
    """`todo` is all that a renewal still asks for while its window is open, () where nothing; None outside of it."""

    programme: Programme
    links: tuple[Link, ...]
    certificates: tuple[Certificate, ...]
    todo: tuple[Todo, ...] | None = None

    @property
    def reached(self) -> bool:
        return all(each.reached for each in self.links)

    @property
    def lacking(self) -> int:
        return sum(not each.reached for each in self.links)

    @property
    def until(self) -> date | None:
        return min((each.until for each in self.links if each.until), default=None) if self.reached else None


@dataclass(frozen=True)
class Chain:
    """`origins` are by a row's id; `unused` are rows that were known and that nothing rests on, with why."""

    person: Person
    day: date
    programmes: tuple[ProgrammeChain, ...]
    origins: Mapping[int, Origin]
    unused: tuple[EvidenceRow, ...]
    withdrawn: frozenset[int]


def chain_for(session: Session, person_id: int, by: Me, rulebook: Rulebook, day: date, today: date) -> Chain:
    """Return somebody's chain as of a day to their administrator, and to whoever reads the audit log."""
    if not may(by.actor, Action.READ_AUDIT, Target()):
        require(by.actor, Action.SEE_PEOPLE, target_of(session, person_id, today))
    person = session.get(Person, person_id)
    if person is None:
        raise NotFoundError(NOT_HERE)
    known = known_by(session, person_id, min(day, today))
    withdrawn = withdrawn_by(session, person_id, min(day, today))
    evidence = [as_evidence(row) for row in known if row.id not in withdrawn]
    given = list(session.scalars(select(Certificate).where(Certificate.person_id == person_id).order_by(Certificate.id)))
    basis = _Basis(person_id, evidence, given, rulebook.framework, day)
    chains = tuple(_chain_of(session, each, basis) for each in _shown(rulebook, given))
    used = {row.ref for chain in chains for link in chain.links for part in link.rung.parts for row in part.rows}
    names = _names(session, known)
    return Chain(
        person,
        day,
        chains,
        {row.id: Origin(row, names.get(row.assessor_id or 0, "")) for row in known},
        tuple(row for row in known if row.id not in used),
        withdrawn,
    )


def programme_chain(
    session: Session, person_id: int, programme: Programme, rulebook: Rulebook, today: date
) -> tuple[ProgrammeChain, Mapping[int, Origin]]:
    """Return somebody's chain of one programme today and where its rows came from; who may see it the caller has asked."""
    known, withdrawn = known_by(session, person_id, today), withdrawn_by(session, person_id, today)
    evidence = [as_evidence(row) for row in known if row.id not in withdrawn]
    given = session.scalars(select(Certificate).where(Certificate.person_id == person_id).order_by(Certificate.id)).all()
    names = _names(session, known)
    found = _chain_of(session, programme, _Basis(person_id, evidence, given, rulebook.framework, today))
    return found, {row.id: Origin(row, names.get(row.assessor_id or 0, "")) for row in known}


def person_numbered(session: Session, staff_number: str) -> int:
    """Return the id behind a staff number."""
    found = session.scalars(select(Person.id).where(Person.staff_number == staff_number)).one_or_none()
    if found is None:
        raise NotFoundError(NOT_HERE)
    return found


@dataclass(frozen=True)
class _Basis:
    """What one person's chains rest on: what they have shown and were given, by which framework, on which day."""

    person_id: int
    evidence: Sequence[Evidence]
    given: Sequence[Certificate]
    framework: Framework
    day: date


def _chain_of(session: Session, programme: Programme, basis: _Basis) -> ProgrammeChain:
    person_id, day = basis.person_id, basis.day
    past = past_of(session, person_id, programme.code)
    counted = still_counts(as_counted(session, person_id, programme, basis.evidence), past, day)
    targets = ((code, wanted) for code, wanted in programme.targets.items() if code in basis.framework)
    competencies = ((basis.framework.competency(code), wanted) for code, wanted in targets)
    links = tuple(Link(each, wanted, prove(each, counted, day)) for each, wanted in competencies)
    mine = tuple(each for each in basis.given if each.programme == programme.code and each.issued_on <= day)
    judged = judged_on(programme, past, day)
    todo = delta(programme, basis.framework, counted, judged) if judged and judged > day else None
    return ProgrammeChain(programme, links, mine, todo)


def _shown(rulebook: Rulebook, given: Iterable[Certificate]) -> list[Programme]:
    """Return the programmes that are offered, and those of which a certificate was given when they were."""
    codes = {each.code for each in rulebook.offered} | {each.programme for each in given}
    return [each for each in rulebook.programmes if each.code in codes]


def known_by(session: Session, person_id: int, by_day: date) -> list[EvidenceRow]:
    query = select(EvidenceRow).where(EvidenceRow.person_id == person_id).order_by(EvidenceRow.observed_on, EvidenceRow.id)
    return [row for row in session.scalars(query) if county_day(row.taken_at) <= by_day]


def withdrawn_by(session: Session, person_id: int, by_day: date) -> frozenset[int]:
    """Return the rows that no longer counted by the end of a day: withdrawn by a corrected key, or with their record."""
    mine = select(EvidenceRow.id).where(EvidenceRow.person_id == person_id)
    corrected = select(EvidenceWithdrawal.evidence_id, EvidenceWithdrawal.withdrawn_at)
    retracted = select(EvidenceRetraction.evidence_id, EvidenceRetraction.retracted_at)
    both = union_all(
        corrected.where(EvidenceWithdrawal.evidence_id.in_(mine)), retracted.where(EvidenceRetraction.evidence_id.in_(mine))
    )
    return frozenset(evidence_id for evidence_id, at in session.execute(both) if county_day(at) <= by_day)


def _names(session: Session, rows: Iterable[EvidenceRow]) -> dict[int, str]:
    seen = {row.assessor_id for row in rows if row.assessor_id}
    people = session.execute(select(Person.id, Person.name).where(Person.id.in_(seen)))
    return {person_id: name for person_id, name in people}  # noqa: C416 - rows, typed as pairs
