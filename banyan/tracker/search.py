"""Finding people by how their name begins, in Chinese or Latin letters, by staff number or phone: within one's subtrees.

Each way is one look at an index that stops once enough is found, so the cost does not grow with how many people there are.
"""

from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache
from itertools import starmap

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from banyan.domain.organisation import UnitLevel
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.tracker.people import CONTACT, Contact, holds_on, under

MOST = 50
LAST = "\U0010ffff"  # comes after every sign a name has


def find_people(session: Session, paths: Iterable[str], text: str, today: date, most: int = MOST) -> list[Contact]:
    """Return who of the subtrees is meant by a text, who is called exactly so first; [] for an empty text."""
    asked = "".join(text.split())
    if not asked:
        return []
    here = (
        select(Appointment.id)
        .join(Unit, Appointment.unit_id == Unit.id)
        .where(Appointment.person_id == Person.id, under(paths), holds_on(Appointment, today))
        .exists()
    )
    stays = or_(Person.left_on.is_(None), Person.left_on >= today)
    found: dict[int, Contact] = {}
    for column, said in _ways(asked):
        query = select(*CONTACT).where(begins(column, said), stays, here).order_by(column, Person.id).limit(most)
        for contact in starmap(Contact, session.execute(query)):
            found.setdefault(contact.id, contact)
    return list(found.values())[:most]


def answering_to(text: str) -> ColumnElement[bool]:
    """Return the condition that somebody of a list is meant: by a part of the name, how its letters or the number begin.

    "" means everybody. A phone means nobody: who may choose people need not know their phones.
    """
    parts, beginnings = _signs(text)
    return or_(*(Person.name.contains(each, autoescape=True) for each in parts), *starmap(begins, beginnings))


def meant_by(session: Session, text: str) -> set[int]:
    """Return the numbers of all who are meant, wherever they are: for a list that was read without how its names are spelt."""
    return set(session.scalars(select(Person.id).where(answering_to(text))))


def answers_to(person: Person, text: str) -> bool:
    """Say the same of somebody who was read already."""
    parts, beginnings = _signs(text)
    begun = (getattr(person, key.key).startswith(said) for key, said in beginnings)
    return any(each in person.name for each in parts) or any(begun)


def places_of(session: Session, paths: Iterable[str], people: Collection[int], today: date) -> tuple[str, ...]:
    """Return the paths of the units of the subtrees these people are appointed to: reading them is reading few."""
    query = select(Unit.path).join(Appointment, Appointment.unit_id == Unit.id)
    query = query.where(Appointment.person_id.in_(people), under(paths), holds_on(Appointment, today))
    return tuple(session.scalars(query.distinct()))


def towns_of(session: Session, paths: Iterable[str]) -> set[str]:
    """Return the names of the towns in subtrees."""
    return set(session.scalars(select(Unit.name).where(under(paths), Unit.level == UnitLevel.TOWN)))


def begins(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Return the condition that a column begins with a text, as a range: an index serves it in every database."""
    return and_(column >= text, column < text + LAST)


def _ways(asked: str) -> list[tuple[InstrumentedAttribute[str], str]]:
    """Return which columns a text may be the beginning of; letters are initials before they are the whole of a name."""
    letters = asked.lower().replace("ü", "v")
    if asked.isascii() and asked.isdigit():
        return [(Person.staff_number, asked), (Person.phone, asked)]
    if asked.isascii():
        return [(Person.initials, letters), (Person.pinyin, letters), (Person.staff_number, asked.upper()), (Person.name, asked)]
    return [(Person.name, asked)]


@lru_cache(maxsize=100)  # asked anew for each of a list
def _signs(text: str) -> tuple[set[str], list[tuple[InstrumentedAttribute[str], str]]]:
    """Return what a name may have in it, and which columns may begin how."""
    asked = "".join(text.split())
    beginnings = [(key, said) for key, said in _ways(asked) if key is not Person.name and key is not Person.phone]
    return {" ".join(text.split()), asked}, beginnings
