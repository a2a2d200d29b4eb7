"""What an administrator sees of their own subtree: which grids are covered, and how far everybody has come.

A fixed number of queries, however many grids there are; every one of them is scoped.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import starmap
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from banyan.accounts.supervisor import supervisors
from banyan.domain.certification import Programme
from banyan.domain.examination import State
from banyan.domain.organisation import UnitLevel, upwards
from banyan.domain.readiness import Candidate, Coverage, Stage, coverage, stage
from banyan.records.examinations import Attempt, Submission
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.tracker.advance import certificates_in, examined_in, learnt_by
from banyan.tracker.people import CONTACT, Contact, holds_on, people_under, places_at, under
from banyan.tracker.rulebook import Rulebook

WAITING = (State.SUBMITTED.value, State.UNMARKED.value, State.FAILED_TO_GRADE.value)


class Grid(NamedTuple):
    id: int
    code: str
    path: str


@dataclass(frozen=True)
class GridLine:
    """One grid: where it is, whether it is covered, by whom or who is nearest to it, and which administrator is over it."""

    unit: Grid
    place: tuple[str, ...]
    coverage: Coverage
    person: Contact | None
    supervisor: Person | None = None


@dataclass(frozen=True)
class PersonLine:
    person: Contact
    place: tuple[str, ...]
    posts: tuple[str, ...]
    stage: Stage
    until: date | None


def grids(session: Session, paths: Iterable[str], programme: Programme, rulebook: Rulebook, today: date) -> list[GridLine]:
    """Return every grid in the subtrees with its coverage by a programme, in the order of codes."""
    held = tuple(paths)
    query = select(Unit.id, Unit.code, Unit.path).where(under(held), Unit.level == UnitLevel.GRID).order_by(Unit.code)
    units = list(starmap(Grid, session.execute(query)))
    known = {each.id: each for each in starmap(Contact, session.execute(people_under(held, today).with_only_columns(*CONTACT)))}
    candidates = _candidates(session, held, programme, rulebook, today)
    staff: dict[str, list[Candidate]] = defaultdict(list)
    for path, person_id in sorted(_appointed(session, held, [unit.path for unit in units], today)):
        if person_id in known:
            staff[path].append(candidates.get(person_id, Candidate(person_id)))
    where = places_at(session, (unit.path for unit in units))
    over = supervisors(session, [unit.path for unit in units], today)
    lines = []
    for unit in units:
        covered = coverage(staff[unit.path], today)
        lines.append(GridLine(unit, where[unit.path], covered, known.get(covered.person_id or 0), over.get(unit.path)))
    return lines


def people(session: Session, paths: Iterable[str], programme: Programme, rulebook: Rulebook, today: date) -> list[PersonLine]:
    """Return everybody appointed in the subtrees with their posts and how far they have come."""
    held = tuple(paths)
    candidates = _candidates(session, held, programme, rulebook, today)
    posts: dict[int, list[tuple[str, str]]] = defaultdict(list)
    query = (
        select(Appointment.person_id, Unit.path, Appointment.post)
        .join(Unit, Appointment.unit_id == Unit.id)
        .where(under(held), holds_on(Appointment, today))
        .order_by(Unit.level.desc(), Unit.code)
    )
    for person_id, path, post in session.execute(query):
        posts[person_id].append((path, post))
    where = places_at(session, (each[0][0] for each in posts.values()))
    everybody = people_under(held, today).with_only_columns(*CONTACT).order_by(Person.staff_number)
    return [
        PersonLine(
            person,
            where[posts[person.id][0][0]],
            tuple(post for _, post in posts[person.id]),
            stage(candidate := candidates.get(person.id, Candidate(person.id)), today),
            candidate.certified_until,
        )
        for person in starmap(Contact, session.execute(everybody))
    ]


def _appointed(session: Session, paths: tuple[str, ...], grids: Iterable[str], today: date) -> set[tuple[str, int]]:
    """Return who is appointed to which grid, or to a unit a county has below it."""
    query = (
        select(Unit.path, Appointment.person_id)
        .join(Unit, Appointment.unit_id == Unit.id)
        .where(under(paths), Unit.level >= UnitLevel.GRID, holds_on(Appointment, today))
    )
    known = set(grids)
    return {(grid, person) for path, person in session.execute(query) if (grid := _first(upwards(path), known))}


def _first(paths: Iterable[str], known: Collection[str]) -> str | None:
    return next((each for each in paths if each in known), None)


def _candidates(
    session: Session, paths: tuple[str, ...], programme: Programme, rulebook: Rulebook, today: date
) -> dict[int, Candidate]:
    """Return how far the people in the subtrees have come; who has not begun is left out."""
    scope = people_under(paths, today).with_only_columns(Person.id)
    learnt = learnt_by(session, scope, programme, rulebook)
    submitted = _submitted(session, scope, programme)
    passed = set(session.scalars(examined_in(scope, programme, today)))
    certified = certificates_in(session, scope, programme)
    return {
        person_id: Candidate(
            person_id,
            lessons_done=person_id in learnt,
            exam_submitted=person_id in submitted,
            exam_passed=person_id in passed,
            certified_until=certified[person_id].expires_on if person_id in certified else None,
            revoked=person_id in certified and certified[person_id].revoked,
            suspended=person_id in certified and certified[person_id].suspended,
        )
        for person_id in {*learnt, *submitted, *passed, *certified}
    }


def _submitted(session: Session, scope: Select[int], programme: Programme) -> set[int]:
    query = (
        select(Attempt.person_id)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .where(Attempt.person_id.in_(scope), Attempt.course.in_(programme.courses), Submission.state.in_(WAITING))
    )
    return set(session.scalars(query))
