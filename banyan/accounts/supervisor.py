"""Whom to ring about a place: the administrator nearest above it."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from banyan.domain.permission import Duty
from banyan.records.organisation import Unit
from banyan.records.people import ChargeRow, Person


def supervisors(session: Session, paths: Iterable[str], today: date) -> dict[str, Person]:
    """Return for each path the administrator nearest to it, read in one query; a path nobody is over is left out.

    Of several at the same unit the lowest staff number counts, so that everybody is told the same.
    """
    query = (
        select(Unit.path, Person)
        .join(ChargeRow, ChargeRow.unit_id == Unit.id)
        .join(Person, ChargeRow.person_id == Person.id)
        .where(
            ChargeRow.duty == Duty.ADMINISTRATOR,
            ChargeRow.starts_on <= today,
            or_(ChargeRow.ends_on.is_(None), ChargeRow.ends_on >= today),
            or_(Person.left_on.is_(None), Person.left_on >= today),
        )
        .order_by(Person.staff_number.desc())
    )
    over: dict[str, Person] = {path: person for path, person in session.execute(query)}  # noqa: C416 - rows, typed as pairs
    found = {}
    for path in paths:
        nearest = next((over[each] for each in _upwards(path) if each in over), None)
        if nearest:
            found[path] = nearest
    return found


def _upwards(path: str) -> Iterable[str]:
    """Yield a path and those above it, the nearest first."""
    codes = path.strip("/").split("/")
    return ("/" + "/".join(codes[:length]) + "/" for length in range(len(codes), 0, -1))
