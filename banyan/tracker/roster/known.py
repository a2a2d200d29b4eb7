"""What the records know when a roster is compared with them: units, people, posts, and how far somebody's hand reaches.

Of a hundred thousand people only what is compared is read, as plain values: whole records would take five times the memory.
"""

import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from banyan.domain.erasure import is_pseudonym
from banyan.domain.organisation import lies_within
from banyan.domain.outline import Outline
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.tracker.people import under
from banyan.tracker.roster.cells import plain
from banyan.tracker.roster.fields import Field
from banyan.tracker.roster.lines import Line
from banyan.tracker.roster.units import Place, Tree

AT_ONCE = 500  # values one query names
READ_AT_ONCE = 5000  # rows the database hands over
PEOPLE = select(Person.id, Person.staff_number, Person.name, Person.phone, Person.left_on)
POSTS = select(
    Appointment.person_id, Appointment.id, Appointment.unit_id, Appointment.role, Appointment.post, Appointment.grade,
    Appointment.full_time, Appointment.starts_on, Appointment.ends_on, Unit.path,
).join(Unit, Appointment.unit_id == Unit.id)  # fmt: skip


@dataclass(eq=False, slots=True)
class Somebody:
    """A person as the records know them."""

    id: int
    staff_number: str
    name: str
    phone: str
    left_on: date | None


@dataclass(eq=False, slots=True)
class Post:
    """A post as the records know it."""

    id: int
    unit_id: int
    role: str
    post: str
    grade: int | None
    full_time: bool
    starts_on: date
    ends_on: date | None


@dataclass
class Known:
    """The people a roster may mean: those ever under the reach, and whoever has a number or a phone it names.

    `standing` are posts not yet ended, by person; `ended` those that are; `charges` the units of duties not yet ended; `paths`
    say where each person is or was.
    """

    reach: tuple[str, ...]
    today: date
    people: dict[int, Somebody] = field(default_factory=dict)
    standing: dict[int, list[Post]] = field(default_factory=dict)
    ended: dict[int, list[Post]] = field(default_factory=dict)
    charges: dict[int, list[int]] = field(default_factory=dict)
    paths: dict[int, str] = field(default_factory=dict)  # of units, by their id
    numbers: dict[str, Somebody] = field(default_factory=dict)
    phones: dict[str, list[Somebody]] = field(default_factory=dict)
    at: dict[tuple[str, int], tuple[int, ...]] = field(default_factory=dict)  # people by name and unit, each once

    def mine(self, unit_id: int) -> bool:
        return any(lies_within(self.paths[unit_id], path) for path in self.reach)

    def gone(self, person: Somebody) -> bool:
        return person.left_on is not None and person.left_on < self.today

    def in_sight(self, person: Somebody) -> bool:
        """Say whether somebody is, was or acts under the reach, or is nowhere at all."""
        units = self._acts_at(person) or [row.unit_id for row in self.ended.get(person.id, ())]
        return not units or any(map(self.mine, units))

    def wholly_mine(self, person: Somebody) -> bool:
        """Say whether nobody else has a say in somebody: no post and no duty reaches beyond one's own subtree."""
        return all(map(self.mine, self._acts_at(person)))

    def own_posts(self, person: Somebody) -> list[Post]:
        return [row for row in self.standing.get(person.id, ()) if self.mine(row.unit_id)]

    def _acts_at(self, person: Somebody) -> list[int]:
        return [*(row.unit_id for row in self.standing.get(person.id, ())), *self.charges.get(person.id, ())]


def look_up(session: Session, lines: Iterable[Line], reach: tuple[str, ...], today: date) -> Known:
    """Read what a comparison needs, in a fixed number of queries for each 500 names."""
    known, seen = Known(reach, today), list(lines)
    here = select(Appointment.person_id).join(Unit, Appointment.unit_id == Unit.id).where(under(reach))
    trusted = select(ChargeRow.person_id).join(Unit, ChargeRow.unit_id == Unit.id).where(under(reach))
    _add(session, known, Person.id.in_(here) | Person.id.in_(trusted))
    said = {plain(line.text(Field.STAFF_NUMBER)) for line in seen}  # as a row is read: full width is half width, no blanks
    numbers = said | {each.upper() for each in said} | {line.text(Field.STAFF_NUMBER) for line in seen}
    phones = {"".join(filter(str.isdigit, plain(line.text(Field.PHONE))))[-11:] for line in seen}
    for column, wanted in ((Person.staff_number, numbers), (Person.phone, phones)):
        for some in _some(wanted):
            _add(session, known, column.in_(some))
    for some in _some(known.people):
        _add_posts(session, known, some)
    return known


def grow_tree(session: Session, lines: Iterable[Line], reach: tuple[str, ...], grow: bool, outline: Outline) -> Tree:
    """Return the units under the reach and those above them; `grow` lets the roster add to them."""
    above = {code for path in reach for code in path.strip("/").split("/")}
    query = select(Unit.id, Unit.name, Unit.level, Unit.code, Unit.parent_id, Unit.path)
    query = query.where(under(reach) | Unit.code.in_(above)).order_by(Unit.level, Unit.code)
    places: dict[int, Place] = {}
    for unit_id, name, level, code, parent_id, path in session.execute(query):
        mine = any(lies_within(path, each) for each in reach)
        parent = places.get(parent_id) if parent_id else None
        places[unit_id] = Place(name, level, code, parent, unit_id, mine)
    said = {line.text(each) for line in lines for each in (Field.CODE, Field.COMMUNITY_CODE, Field.TOWN_CODE)}
    taken = {code for some in _some(said) for code in session.scalars(select(Unit.code).where(Unit.code.in_(some)))}
    drawn = session.scalars(select(Unit.code).where(Unit.code.like("U______")))
    last = max((int(code[1:]) for code in drawn if code[1:].isdigit()), default=0)
    return Tree(places.values(), grow, taken - {each.code for each in places.values()}, last, outline)


def _add(session: Session, known: Known, who: ColumnElement[bool]) -> None:
    for row in session.execute(PEOPLE.where(who).execution_options(yield_per=READ_AT_ONCE)):
        if row.id not in known.people and not is_pseudonym(row.staff_number):
            person = known.people[row.id] = Somebody(*row)
            known.numbers[person.staff_number.upper()] = person
            if person.phone:
                known.phones.setdefault(person.phone, []).append(person)


def _add_posts(session: Session, known: Known, some: Collection[int]) -> None:
    for person_id, post_id, unit_id, role, post, *rest, path in session.execute(
        POSTS.where(Appointment.person_id.in_(some)).order_by(Appointment.id)
    ):
        row = Post(post_id, unit_id, sys.intern(role), sys.intern(post), *rest)  # a few words, said of everybody
        known.paths[unit_id] = path
        stands = row.ends_on is None or row.ends_on >= known.today
        (known.standing if stands else known.ended).setdefault(person_id, []).append(row)
        key = (known.people[person_id].name, unit_id)
        if stands and person_id not in known.at.get(key, ()):
            known.at[key] = (*known.at.get(key, ()), person_id)
    trusted = select(ChargeRow.person_id, ChargeRow.unit_id, ChargeRow.ends_on, Unit.path)
    trusted = trusted.join(Unit, ChargeRow.unit_id == Unit.id).where(ChargeRow.person_id.in_(some))
    for person_id, unit_id, ends_on, path in session.execute(trusted):
        known.paths[unit_id] = path
        if ends_on is None or ends_on >= known.today:
            known.charges.setdefault(person_id, []).append(unit_id)


def _some(values: Iterable[Any]) -> Iterator[list[Any]]:
    wanted = sorted({each for each in values if each}, key=str)
    for first in range(0, len(wanted), AT_ONCE):
        yield wanted[first : first + AT_ONCE]
