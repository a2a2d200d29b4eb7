"""What is to become of one person: posts begun, ended and mended, fields changed. Nothing is written here."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from banyan.domain.framework import Role
from banyan.tracker.roster.cells import CellError, Fault
from banyan.tracker.roster.entries import Entry
from banyan.tracker.roster.fields import Field
from banyan.tracker.roster.identity import Group, fault_of
from banyan.tracker.roster.known import Known, Post, Somebody
from banyan.tracker.roster.units import Place

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing said otherwise: `post` is the post it belongs to, None for the person's own."""

    field: Field
    old: str | bool | int | date
    new: str | bool | int | date
    post: Post | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """A post to begin; `instead` is the one it replaces, which ends the day before."""

    entry: Entry
    starts_on: date
    instead: Post | None = None
    reopens: Post | None = None

    @property
    def place(self) -> Place:
        return self.entry.place


@dataclass(eq=False, slots=True)
class Plan:
    """`number` is a staff number to be drawn for somebody new; `dropped` are posts this roster no longer names."""

    group: Group
    number: str = ""
    returns: bool = False
    namesake: str = ""
    changes: tuple[Change, ...] = ()
    begins: tuple[Begin, ...] = ()
    dropped: tuple[Post, ...] = ()

    @property
    def person(self) -> Somebody | None:
        return self.group.person

    @property
    def name(self) -> str:
        return self.group.name

    @property
    def moves(self) -> list[Begin]:
        return [each for each in self.begins if each.instead]

    @property
    def kind(self) -> str:
        """fresh, back, moved, changed or same."""
        if self.person is None:
            return "fresh"
        if self.returns:
            return "back"
        return "moved" if self.moves else "changed" if self.begins or self.changes else "same"


def plan_for(group: Group, known: Known, faults: list[Fault]) -> Plan:
    plan = Plan(group)
    if group.person is None:
        plan.begins = tuple(Begin(each, each.starts_on or known.today) for each in group.entries)
        return plan
    person = group.person
    plan.returns = known.gone(person)
    plan.changes = tuple(_own_changes(group, person))
    if plan.changes and not known.wholly_mine(person):
        error = CellError("{name}在您管的范围外还有岗位或职责，姓名和手机号要请县里的管理员改", name=person.name).at(
            plan.changes[0].field
        )
        faults.append(fault_of(group.entries[0], error))
    by_role: dict[Role | None, list[Entry]] = defaultdict(list)
    for entry in group.entries:
        by_role[entry.role].append(entry)
    for role, entries in by_role.items():
        if role is not None:
            _posts(plan, role.value, entries, known)
    return plan


def _own_changes(group: Group, person: Somebody) -> Iterator[Change]:
    if group.name != person.name:
        yield Change(Field.NAME, person.name, group.name)
    if group.phone and group.phone != person.phone:
        yield Change(Field.PHONE, person.phone, group.phone)


def _posts(plan: Plan, role: str, entries: list[Entry], known: Known) -> None:
    """Compare the posts of one role: one unit for another is a move; one less is only said, never done unasked."""
    assert plan.person
    held = [each for each in known.own_posts(plan.person) if each.role == role]
    before = [each for each in known.ended.get(plan.person.id, ()) if each.role == role]
    by_unit = {each.unit_id: each for each in held}
    fresh = [each for each in entries if each.place.unit_id not in by_unit]
    named = {each.place.unit_id for each in entries}
    gone = [each for each in held if each.unit_id not in named]
    for entry in entries:
        if entry.place.unit_id in by_unit:
            plan.changes += tuple(_post_changes(by_unit[entry.place.unit_id], entry, bool(before) or len(held) > 1))
    instead = gone[0] if len(gone) == len(fresh) == 1 and not plan.returns else None
    plan.begins += tuple(_begin(each, before, instead, known.today) for each in fresh)
    plan.dropped += tuple(each for each in gone if each is not instead)


def _begin(entry: Entry, before: list[Post], instead: Post | None, today: date) -> Begin:
    """A post begins on the sheet's day, but today where somebody moves or comes back: sheets give the first day of all."""
    starts = entry.starts_on
    if starts is None or before or (instead and starts <= instead.starts_on):
        starts = max(starts, today) if starts and starts > today else today
    reopened = [each for each in before if each.unit_id == entry.place.unit_id and each.ends_on == today - DAY]
    return Begin(entry, starts, instead, next(iter(reopened), None))


def _post_changes(row: Post, entry: Entry, has_history: bool) -> Iterator[Change]:
    """A day is mended only in the one post somebody ever had in a role: after a move the sheet's day is another's."""
    if entry.post != row.post:
        yield Change(Field.POST, row.post, entry.post, row)
    if entry.full_time is not None and entry.full_time != row.full_time:
        yield Change(Field.FULL_TIME, row.full_time, entry.full_time, row)
    if entry.grade and entry.grade != row.grade:
        yield Change(Field.GRADE, row.grade or "", entry.grade, row)
    if entry.ends_on and entry.ends_on != row.ends_on:
        yield Change(Field.ENDS_ON, row.ends_on or "", entry.ends_on, row)
    if entry.starts_on and entry.starts_on != row.starts_on and not has_history:
        yield Change(Field.STARTS_ON, row.starts_on, entry.starts_on, row)
