"""What the records know when a roster is compared with them: units, people, posts, and how far somebody's hand reaches."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

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
OF_PEOPLE = load_only(Person.staff_number, Person.name, Person.phone, Person.left_on)


@dataclass
class Known:
    """The people a roster may mean: those ever under the reach, and whoever has a number or a phone it names.

    `standing` are posts not yet ended, by person; `ended` those that are; `paths` say where each person is or was.
    """

    reach: tuple[str, ...]
    today: date
    people: dict[int, Person] = field(default_factory=dict)
    standing: dict[int, list[Appointment]] = field(default_factory=lambda: defaultdict(list))
    ended: dict[int, list[Appointment]] = field(default_factory=lambda: defaultdict(list))
    charges: dict[int, list[ChargeRow]] = field(default_factory=lambda: defaultdict(list))
    paths: dict[int, str] = field(default_factory=dict)  # of units, by their id
    numbers: dict[str, Person] = field(default_factory=dict)
    phones: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    at: dict[tuple[str, int], set[int]] = field(default_factory=lambda: defaultdict(set))  # people by name and unit

    def mine(self, unit_id: int) -> bool:
        return any(lies_within(self.paths[unit_id], path) for path in self.reach)

    def gone(self, person: Person) -> bool:
        return person.left_on is not None and person.left_on < self.today

    def in_sight(self, person: Person) -> bool:
        """Say whether somebody is, was or acts under the reach, or is nowhere at all."""
        rows: list[Any] = [*self.standing[person.id], *self.charges[person.id]] or [*self.ended[person.id]]
        return not rows or any(self.mine(row.unit_id) for row in rows)

    def wholly_mine(self, person: Person) -> bool:
        """Say whether nobody else has a say in somebody: no post and no duty reaches beyond one's own subtree."""
        rows: list[Any] = [*self.standing[person.id], *self.charges[person.id]]
        return all(self.mine(row.unit_id) for row in rows)

    def own_posts(self, person: Person) -> list[Appointment]:
        return [row for row in self.standing[person.id] if self.mine(row.unit_id)]


def look_up(session: Session, lines: Iterable[Line], reach: tuple[str, ...], today: date) -> Known:
    """Read what a comparison needs, in a fixed number of queries for each 500 names."""
    known, seen = Known(reach, today), list(lines)
    here = select(Appointment.person_id).join(Unit, Appointment.unit_id == Unit.id).where(under(reach))
    trusted = select(ChargeRow.person_id).join(Unit, ChargeRow.unit_id == Unit.id).where(under(reach))
    _add(known, session.scalars(select(Person).where(Person.id.in_(here) | Person.id.in_(trusted)).options(OF_PEOPLE)))
    said = {plain(line.text(Field.STAFF_NUMBER)) for line in seen}  # as a row is read: full width is half width, no blanks
    numbers = said | {each.upper() for each in said} | {line.text(Field.STAFF_NUMBER) for line in seen}
    phones = {"".join(filter(str.isdigit, plain(line.text(Field.PHONE))))[-11:] for line in seen}
    for column, wanted in ((Person.staff_number, numbers), (Person.phone, phones)):
        for some in _some(wanted):
            _add(known, session.scalars(select(Person).where(column.in_(some)).options(OF_PEOPLE)))
    for some in _some(known.people):
        _add_posts(session, known, some)
    return known


def grow_tree(session: Session, lines: Iterable[Line], reach: tuple[str, ...], grow: bool, outline: Outline) -> Tree:
    """Return the units under the reach and those above them; `grow` lets the roster add to them."""
    above = {code for path in reach for code in path.strip("/").split("/")}
    query = select(Unit).where(under(reach) | Unit.code.in_(above)).order_by(Unit.level, Unit.code)
    places: dict[int, Place] = {}
    for row in session.scalars(query):
        mine = any(lies_within(row.path, path) for path in reach)
        parent = places.get(row.parent_id) if row.parent_id else None
        places[row.id] = Place(row.name, row.level, row.code, parent, row.id, mine)
    said = {line.text(each) for line in lines for each in (Field.CODE, Field.COMMUNITY_CODE, Field.TOWN_CODE)}
    taken = {code for some in _some(said) for code in session.scalars(select(Unit.code).where(Unit.code.in_(some)))}
    drawn = session.scalars(select(Unit.code).where(Unit.code.like("U______")))
    last = max((int(code[1:]) for code in drawn if code[1:].isdigit()), default=0)
    return Tree(places.values(), grow, taken - {each.code for each in places.values()}, last, outline)


def _add(known: Known, people: Iterable[Person]) -> None:
    for person in people:
        if person.id not in known.people and not is_pseudonym(person.staff_number):
            known.people[person.id] = person
            known.numbers[person.staff_number.upper()] = person
            if person.phone:
                known.phones[person.phone].append(person)


def _add_posts(session: Session, known: Known, some: Collection[int]) -> None:
    posts = select(Appointment, Unit.path).join(Unit, Appointment.unit_id == Unit.id).where(Appointment.person_id.in_(some))
    for row, path in session.execute(posts.order_by(Appointment.id)):
        known.paths[row.unit_id] = path
        stands = row.ends_on is None or row.ends_on >= known.today
        (known.standing if stands else known.ended)[row.person_id].append(row)
        if stands:
            known.at[known.people[row.person_id].name, row.unit_id].add(row.person_id)
    trusted = select(ChargeRow, Unit.path).join(Unit, ChargeRow.unit_id == Unit.id).where(ChargeRow.person_id.in_(some))
    for charge, path in session.execute(trusted):
        known.paths[charge.unit_id] = path
        if charge.ends_on is None or charge.ends_on >= known.today:
            known.charges[charge.person_id].append(charge)


def _some(values: Iterable[Any]) -> Iterator[list[Any]]:
    wanted = sorted({each for each in values if each}, key=str)
    for first in range(0, len(wanted), AT_ONCE):
        yield wanted[first : first + AT_ONCE]
