"""What an administrator sees of their own subtree: which grids are covered, and how far everybody has come.

A fixed number of queries, however many grids there are; every one of them is scoped.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from banyan.domain.certification import Programme
from banyan.domain.examination import State
from banyan.domain.organisation import UnitLevel
from banyan.domain.readiness import Candidate, Coverage, Stage, coverage, stage
from banyan.records.competence import Certificate, StandingRow
from banyan.records.examinations import Attempt, Submission
from banyan.records.learning import StepDone
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.tracker.people import holds_on, people_under, places, under
from banyan.tracker.rulebook import Rulebook

WAITING = (State.SUBMITTED.value, State.UNMARKED.value, State.FAILED_TO_GRADE.value)


@dataclass(frozen=True)
class GridLine:
    """One grid: where it is, whether it is covered, and by whom or who is nearest to it."""

    unit: Unit
    place: tuple[str, ...]
    coverage: Coverage
    person: Person | None


@dataclass(frozen=True)
class PersonLine:
    person: Person
    place: tuple[str, ...]
    posts: tuple[str, ...]
    stage: Stage
    until: date | None


def grids(session: Session, paths: Iterable[str], programme: Programme, rulebook: Rulebook, today: date) -> list[GridLine]:
    """Return every grid in the subtrees with its coverage by a programme, in the order of codes."""
    held = tuple(paths)
    units = list(session.scalars(select(Unit).where(under(held), Unit.level == UnitLevel.GRID).order_by(Unit.code)))
    known = {each.id: each for each in session.scalars(people_under(held, today))}
    candidates = _candidates(session, held, programme, rulebook, today)
    staff: dict[int, list[Candidate]] = defaultdict(list)
    for unit_id, person_id in session.execute(_appointed(held, today)):
        if person_id in known:
            staff[unit_id].append(candidates.get(person_id, Candidate(person_id)))
    where = places(session, units)
    lines = []
    for unit in units:
        covered = coverage(staff[unit.id], today)
        lines.append(GridLine(unit, where[unit.id], covered, known.get(covered.person_id or 0)))
    return lines


def people(session: Session, paths: Iterable[str], programme: Programme, rulebook: Rulebook, today: date) -> list[PersonLine]:
    """Return everybody appointed in the subtrees with their posts and how far they have come."""
    held = tuple(paths)
    candidates = _candidates(session, held, programme, rulebook, today)
    posts: dict[int, list[tuple[Unit, str]]] = defaultdict(list)
    query = (
        select(Appointment.person_id, Unit, Appointment.post)
        .join(Unit, Appointment.unit_id == Unit.id)
        .where(under(held), holds_on(Appointment, today))
        .order_by(Unit.level.desc(), Unit.code)
    )
    for person_id, unit, post in session.execute(query):
        posts[person_id].append((unit, post))
    where = places(session, {unit.id: unit for each in posts.values() for unit, _ in each}.values())
    return [
        PersonLine(
            person,
            where[posts[person.id][0][0].id],
            tuple(post for _, post in posts[person.id]),
            stage(candidate := candidates.get(person.id, Candidate(person.id)), today),
            candidate.certified_until,
        )
        for person in session.scalars(people_under(held, today).order_by(Person.staff_number))
    ]


def _appointed(paths: tuple[str, ...], today: date) -> Select[int, int]:
    return (
        select(Appointment.unit_id, Appointment.person_id)
        .join(Unit, Appointment.unit_id == Unit.id)
        .where(under(paths), Unit.level == UnitLevel.GRID, holds_on(Appointment, today))
        .distinct()
    )


def _candidates(
    session: Session, paths: tuple[str, ...], programme: Programme, rulebook: Rulebook, today: date
) -> dict[int, Candidate]:
    """Return how far the people in the subtrees have come; who has not begun is left out."""
    scope = people_under(paths, today).with_only_columns(Person.id)
    learnt = _learnt(session, scope, programme, rulebook)
    submitted = _submitted(session, scope, programme)
    passed = _passed(session, scope, programme, today)
    certified = _certified(session, scope, programme)
    return {
        person_id: Candidate(
            person_id,
            lessons_done=person_id in learnt,
            exam_submitted=person_id in submitted,
            exam_passed=person_id in passed,
            certified_until=certified[person_id].expires_on if person_id in certified else None,
            revoked=person_id in certified and certified[person_id].revoked_at is not None,
        )
        for person_id in {*learnt, *submitted, *passed, *certified}
    }


def _learnt(session: Session, scope: Select[int], programme: Programme, rulebook: Rulebook) -> set[int]:
    """Who has done every step of every course of the programme, as now released."""
    done: list[set[int]] = []
    for course in programme.courses:
        steps = [(lesson.name, step.name) for lesson in rulebook.catalogue.newest(course).lessons for step in lesson.steps]
        query = (
            select(StepDone.person_id)
            .where(StepDone.person_id.in_(scope), StepDone.course == course, tuple_(StepDone.lesson, StepDone.step).in_(steps))
            .group_by(StepDone.person_id)
            .having(func.count() == len(steps))
        )
        done.append(set(session.scalars(query)))
    return set.intersection(*done) if done else set()


def _submitted(session: Session, scope: Select[int], programme: Programme) -> set[int]:
    query = (
        select(Attempt.person_id)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .where(Attempt.person_id.in_(scope), Attempt.course.in_(programme.courses), Submission.state.in_(WAITING))
    )
    return set(session.scalars(query))


def _passed(session: Session, scope: Select[int], programme: Programme, today: date) -> set[int]:
    """Who has all that exam and drill can show: every target up to the second rung."""
    enough = [
        and_(StandingRow.competency == code, StandingRow.level >= min(level, 2)) for code, level in programme.targets.items()
    ]
    query = (
        select(StandingRow.person_id)
        .where(StandingRow.person_id.in_(scope), StandingRow.until >= today, or_(*enough))
        .group_by(StandingRow.person_id)
        .having(func.count() == len(enough))
    )
    return set(session.scalars(query))


def _certified(session: Session, scope: Select[int], programme: Programme) -> dict[int, Certificate]:
    """Return each person's latest certificate, whatever it is worth today."""
    query = select(Certificate).where(Certificate.person_id.in_(scope), Certificate.programme == programme.code)
    return {each.person_id: each for each in session.scalars(query.order_by(Certificate.issued_on, Certificate.id))}
