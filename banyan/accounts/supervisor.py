"""Whom to ring: the administrator nearest above a place, of those in office today who have a phone."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from banyan.domain.organisation import upwards
from banyan.domain.permission import Duty
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, ChargeRow, Person

Offices = dict[str, list[Person]]


def supervisors(session: Session, paths: Iterable[str], today: date) -> dict[str, Person]:
    """Return for each path the administrator nearest to it, read in one query; a path nobody is over is left out.

    Of several at the same unit the lowest staff number counts, so that everybody is told the same.
    """
    over, found = _offices(session, today), {}
    for path in paths:
        if nearest := _nearest(over, path):
            found[path] = nearest
    return found


def supervisor_of(session: Session, person_id: int, today: date) -> Person | None:
    """Return whom a person rings: never themselves; nearest the grid first where they have several posts.

    Who has no post is helped where their duty lies; in the end, by whoever is over the most.
    """
    paths = [*_places(session, Appointment, person_id, today), *_places(session, ChargeRow, person_id, today)]
    over = _offices(session, today, paths)
    nearest = (found for path in paths if (found := _nearest(over, path, person_id)))
    return next(nearest, None) or _highest(_offices(session, today), person_id)


def trainer_of(session: Session, paths: Iterable[str], course: str, today: date, besides: int | None = None) -> Person | None:
    """Return whom somebody at these places rings about a course: its nearest trainer, never themselves."""
    wanted = list(paths)
    over = _offices(session, today, wanted, Duty.TRAINER, course)
    return next((found for path in wanted if (found := _nearest(over, path, besides))), None)


def help_desk(session: Session, today: date) -> Person | None:
    """Return whom somebody rings of whom nothing is known."""
    return _highest(_offices(session, today))


def _offices(
    session: Session, today: date, above: Iterable[str] | None = None, duty: Duty = Duty.ADMINISTRATOR, course: str = ""
) -> Offices:
    """Return who bears a duty today, by the path they are over: `above` these paths, or anywhere."""
    query = (
        select(Unit.path, Person)
        .join(ChargeRow, ChargeRow.unit_id == Unit.id)
        .join(Person, ChargeRow.person_id == Person.id)
        .where(
            ChargeRow.duty == duty,
            ChargeRow.course == course,
            ChargeRow.starts_on <= today,
            or_(ChargeRow.ends_on.is_(None), ChargeRow.ends_on >= today),
            or_(Person.left_on.is_(None), Person.left_on >= today),
            Person.phone != "",
        )
        .order_by(Person.staff_number)
    )
    if above is not None:
        query = query.where(Unit.path.in_({each for path in above for each in upwards(path)}))
    over: Offices = {}
    for path, person in session.execute(query):
        over.setdefault(path, []).append(person)
    return over


def _places(session: Session, row: type[Appointment] | type[ChargeRow], person_id: int, today: date) -> list[str]:
    query = select(Unit.path).join(row, row.unit_id == Unit.id).where(row.person_id == person_id, row.starts_on <= today)
    query = query.where(or_(row.ends_on.is_(None), row.ends_on >= today))
    return list(session.scalars(query.order_by(Unit.level.desc(), Unit.code)))


def _nearest(over: Offices, path: str, besides: int | None = None) -> Person | None:
    for each in upwards(path):
        if found := next((person for person in over.get(each, ()) if person.id != besides), None):
            return found
    return None


def _highest(over: Offices, besides: int | None = None) -> Person | None:
    paths = sorted(over, key=lambda path: (path.count("/"), path))
    return next((person for path in paths for person in over[path] if person.id != besides), None)
