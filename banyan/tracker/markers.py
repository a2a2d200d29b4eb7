"""Who may mark whom today: every trainer of a course whose unit a learner belongs to, never the learner."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from banyan.domain.organisation import lies_within
from banyan.domain.permission import Duty
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.tracker.people import holds_on

Whose = tuple[int, str]
"""A learner and a course."""


def markers_of(session: Session, whose: Iterable[Whose], today: date) -> dict[Whose, frozenset[int]]:
    """Return for each learner in a course who may mark them; two queries, however many there are."""
    wanted = set(whose)
    paths = _paths(session, {person for person, _ in wanted}, today)
    trainers = _trainers(session, {course for _, course in wanted}, today)
    return {
        (person, course): frozenset(
            trainer
            for trainer, charge in trainers[course]
            if trainer != person and any(lies_within(path, charge) for path in paths[person])
        )
        for person, course in wanted
    }


def _paths(session: Session, people: set[int], today: date) -> dict[int, list[str]]:
    query = select(Appointment.person_id, Unit.path).join(Unit, Appointment.unit_id == Unit.id)
    found: dict[int, list[str]] = defaultdict(list)
    for person, path in session.execute(query.where(Appointment.person_id.in_(people), holds_on(Appointment, today))):
        found[person].append(path)
    return found


def _trainers(session: Session, courses: set[str], today: date) -> dict[str, list[tuple[int, str]]]:
    query = (
        select(ChargeRow.course, ChargeRow.person_id, Unit.path)
        .join(Unit, ChargeRow.unit_id == Unit.id)
        .join(Person, ChargeRow.person_id == Person.id)
        .where(ChargeRow.duty == Duty.TRAINER, ChargeRow.course.in_(courses), holds_on(ChargeRow, today))
        .where(or_(Person.left_on.is_(None), Person.left_on >= today))
    )
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for course, person, path in session.execute(query):
        found[course].append((person, path))
    return found
