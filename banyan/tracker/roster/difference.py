"""The difference between a roster and the records: what would happen, said before anything does."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.organisation import UnitLevel
from banyan.domain.outline import STANDARD, Outline
from banyan.records.people import Person
from banyan.tracker.roster.cells import CellError, Fault, address, plain
from banyan.tracker.roster.entries import Entry, UnknownPostError, check_cells, read_entry
from banyan.tracker.roster.erased import turned_away
from banyan.tracker.roster.fields import Field
from banyan.tracker.roster.identity import Group, fault_of, gather, givers, holders
from banyan.tracker.roster.known import Known, Post, Somebody, grow_tree, look_up
from banyan.tracker.roster.lines import Line
from banyan.tracker.roster.plans import Plan, plan_for
from banyan.tracker.roster.recognised import Recognised
from banyan.tracker.roster.units import NewUnitError, Place, Tree
from banyan.tracker.standing_pages import without_collecting

Covered = set[tuple[str, str, bool]]
DRAWN = "{year:02d}{number:06d}"
"""A staff number for who has none: the year's last two digits and six that count up."""


@dataclass(frozen=True)
class Leaver:
    """Somebody this roster should name and does not; `wholly` says whether all their posts are ones it covers."""

    person: Somebody
    posts: Sequence[Post]
    wholly: bool


@dataclass
class Outlook:
    """All that taking in this roster would do. `held` are rows without a fault of their own that wait for another row."""

    plans: list[Plan]
    leavers: list[Leaver]
    faults: list[Fault]
    tree: Tree
    asked: Mapping[str, int]
    rows: int
    passed_over: int
    vacant: list[Place]
    known: Known

    def of(self, kind: str) -> list[Plan]:
        return [each for each in self.plans if each.kind == kind]

    @property
    def dropped(self) -> list[tuple[Plan, Post]]:
        return [(plan, row) for plan in self.plans for row in plan.dropped]

    @property
    def faulty_rows(self) -> int:
        return len({each.row for each in self.faults})

    @property
    def wants_units(self) -> bool:
        """Say whether rows fail only because their units are not there yet."""
        return any(isinstance(each.error, NewUnitError) for each in self.faults)

    @property
    def changes_nothing(self) -> bool:
        return not self.tree.new and all(plan.kind == "same" for plan in self.plans)

    def words_of(self, unit_id: int) -> str:
        """Return where a post is, as one says it; outside the reach only that it is elsewhere."""
        return self._words.get(unit_id, "")

    @cached_property
    def _words(self) -> dict[int, str]:
        return {each.unit_id: each.words for each in self.tree.places if each.unit_id and each.mine}

    @property
    def counts(self) -> dict[str, int]:
        kinds = Counter(plan.kind for plan in self.plans)
        return {kind: kinds[kind] for kind in ("fresh", "moved", "changed", "back", "same")} | {"units": len(self.tree.new)}

    @property
    def digest(self) -> str:
        """Tell two outlooks apart: what was looked at is what is done."""
        found = hashlib.sha256()
        for plan in self.plans:  # one by one: all in one text would be the largest thing of all
            found.update(repr(_plan_seen(plan)).encode())
        rest = (
            [each.path for each in self.tree.new],
            sorted(each.row for each in self.faults),
            [(each.person.id, [row.id for row in each.posts]) for each in self.leavers],
        )
        found.update(repr(rest).encode())
        return found.hexdigest()[:16]


@dataclass
class Rules:
    """By what a roster is compared: whose reach, which posts are known, whether units may be added, and which day it is."""

    reach: tuple[str, ...]
    posts: Mapping[str, str]
    today: date
    grow: bool = False
    me: int | None = None  # who looks: never a leaver
    outline: Outline = STANDARD
    key: bytes = b""  # by which whoever was erased is known again


@without_collecting()
def compare(session: Session, roster: Recognised, rules: Rules) -> Outlook:
    """Return what taking in a roster would do; nothing is written."""
    read = roster.read()
    known = look_up(session, read.lines, rules.reach, rules.today)
    tree = grow_tree(session, read.lines, rules.reach, rules.grow, rules.outline)
    faults: list[Fault] = []
    entries = list(_entries(read.lines, tree, rules, faults))
    staffed = [each for each in entries if each.name]
    asked = Counter(_asked(each) for each in staffed if each.role is None)
    faults += [_unknown_post(each) for each in staffed if each.role is None]
    groups = gather(staffed, known, faults)
    faults += turned_away(session, groups, rules.key, rules.today)
    plans = [plan_for(group, known, faults) for group in groups]
    good = _wait_for_phones(_hold_back(groups, read.lines, faults), known, faults)
    faults.sort(key=lambda each: (each.row, each.column is None, each.column or 0))
    ready = set(good)
    kept = [plan for plan in plans if plan.group in ready]
    _draw_numbers(session, kept, known, rules.today)
    _point_out_namesakes(kept, groups, known)
    covered = _covered(entries)
    _drop_other_roles(kept, covered, known)
    faulty = {each.row for each in faults}
    named = {line.text(Field.NAME).replace(" ", "") for line in read.lines if line.row in faulty}
    leavers = _leavers(known, covered, groups, named, rules)
    vacant = [each.place for each in entries if not each.name]
    tree.keep([*vacant, *(entry.place for group in good for entry in group.entries)])
    return Outlook(kept, leavers, faults, tree, asked, len(read.lines), read.passed_over, vacant, known)


def _entries(lines: Iterable[Line], tree: Tree, rules: Rules, faults: list[Fault]) -> Iterable[Entry]:
    for line in lines:
        try:
            check_cells(line)
            yield read_entry(line, tree.place_of(line), rules.posts, rules.today)
        except CellError as fault:
            faults.append(Fault(line.row, line.columns.get(fault.field), fault))  # type: ignore[call-overload]


def _asked(entry: Entry) -> str:
    return entry.line.text(Field.ROLE) or entry.post


def _unknown_post(entry: Entry) -> Fault:
    column = Field.ROLE if entry.line.text(Field.ROLE) else Field.POST
    return fault_of(
        entry, UnknownPostError("还不知道“{post}”是哪一类人；请在网页上选一次，以后就记住了", post=_asked(entry)).at(column)
    )


def _hold_back(groups: Sequence[Group], lines: Iterable[Line], faults: list[Fault]) -> list[Group]:
    """Keep back everybody with a faulty row, and say so at their other rows: half a person's posts would look like a move."""
    faulty = {each.row for each in faults}
    rows: dict[str, int] = {}
    for line in lines:
        if line.row in faulty:
            rows |= dict.fromkeys(_signs(line), line.row)
    good = []
    for group in groups:
        bad = next((rows[sign] for entry in group.entries for sign in _signs(entry.line) if sign in rows), None)
        if bad is None:
            good.append(group)
            continue
        for entry in group.entries:
            if entry.row not in faulty:
                faults.append(fault_of(entry, CellError("和这一行有关的第{row}行要先改好，这一行才能导入", row=address(bad))))
    return good


def _wait_for_phones(good: list[Group], known: Known, faults: list[Fault]) -> list[Group]:
    """Hold back whoever is to have the phone of somebody who keeps it for now, being held back themselves."""
    while True:
        handed_on = givers(good)
        kept = {group: other for group in good for other in holders(group, known) if other.id not in handed_on}
        for group, other in kept.items():
            error = CellError("手机号{phone}现在是{name}的，要等他那一行改好", phone=group.phone, name=other.name)
            faults.append(fault_of(group.entries[0], error.at(Field.PHONE)))
        if not kept:
            return good
        good = [each for each in good if each not in kept]


def _drop_other_roles(plans: Iterable[Plan], covered: Covered, known: Known) -> None:
    """Say which posts of another kind somebody no longer has: who became a community worker holds no grid any more."""
    for plan in plans:
        if plan.person:
            roles = {each.role for each in plan.group.entries}
            held = [each for each in known.own_posts(plan.person) if each.role not in roles]
            plan.dropped += tuple(each for each in held if _covers(covered, each, known))


def _draw_numbers(session: Session, plans: Iterable[Plan], known: Known, today: date) -> None:
    year = today.year % 100
    taken = session.scalars(select(Person.staff_number).where(Person.staff_number.like(f"{year:02d}______")))
    last = max((int(each[2:]) for each in taken if each.isdigit()), default=0)
    drawn = [plan for plan in plans if plan.person is None]
    used = {plan.group.staff_number for plan in drawn}
    for plan in drawn:
        while not plan.group.staff_number and not plan.number:
            last += 1
            number = DRAWN.format(year=year, number=last)
            plan.number = number if number not in used else ""


def _signs(line: Line) -> list[str]:
    """Return by what a row, faulty or not, is known to be somebody's: number and phone, or the bare name."""
    signs = [plain(line.text(each)) for each in (Field.STAFF_NUMBER, Field.PHONE)]
    return [each for each in signs if each] or [line.text(Field.NAME).replace(" ", "")]


def _point_out_namesakes(plans: Iterable[Plan], groups: Iterable[Group], known: Known) -> None:
    """Somebody new of a known name who is in no row may be the one who was known, with another phone."""
    here = {group.person.id for group in groups if group.person}
    absent = [each for each in known.people.values() if each.id not in here and not known.gone(each) and known.in_sight(each)]
    by_name = {person.name: person.staff_number for person in absent}
    for plan in plans:
        plan.namesake = by_name.get(plan.name, "") if plan.person is None else ""


def _leavers(known: Known, covered: Covered, groups: Sequence[Group], named: set[str], rules: Rules) -> list[Leaver]:
    """Return who holds a post of a kind and at a place this roster covers, and stands in none of its rows, faulty or not."""
    here = {group.person.id for group in groups if group.person}
    found: dict[int, list[Post]] = defaultdict(list)
    for person_id, rows in known.standing.items():
        person = known.people[person_id]
        if person_id in here or person_id == rules.me or known.gone(person) or person.name.replace(" ", "") in named:
            continue
        found[person_id] += [each for each in rows if _covers(covered, each, known)]
    leavers = [
        Leaver(known.people[each], rows, len(rows) == len(known.standing[each]) and known.wholly_mine(known.people[each]))
        for each, rows in found.items()
        if rows
    ]
    return sorted(leavers, key=lambda each: (known.paths[each.posts[0].unit_id], each.person.staff_number))


def _covered(entries: Iterable[Entry]) -> Covered:
    """Return role, path and whether all below counts: one grid's row speaks for all grids of its community."""
    found = set()
    for entry in entries:
        if entry.role:
            grid = entry.place.level == UnitLevel.GRID and entry.place.above is not None
            path = entry.place.above.path if grid and entry.place.above else entry.place.path
            found.add((entry.role.value, path, grid))
    return found


def _covers(covered: Covered, row: Post, known: Known) -> bool:
    path = known.paths[row.unit_id]
    above = path[: path.rstrip("/").rfind("/") + 1]
    return (row.role, path, False) in covered or (row.role, above, True) in covered


def _plan_seen(plan: Plan) -> tuple[object, ...]:
    person = plan.person.id if plan.person else None
    begins = [
        (each.place.path, each.entry.role, each.entry.post, each.starts_on, each.instead and each.instead.id)
        for each in plan.begins
    ]
    changes = [(each.field, each.old, each.new, each.post and each.post.id) for each in plan.changes]
    return (
        person,
        plan.name,
        plan.number or plan.group.staff_number,
        plan.group.phone,
        begins,
        changes,
        [each.id for each in plan.dropped],
    )
