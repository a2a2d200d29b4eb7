"""Taking a roster in: all that was looked at, in one transaction, and nothing else. The last step is `apply_rules`."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.errors import BadInputError
from banyan.records import audit
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.records.roster import RosterImport
from banyan.tracker.at_server import SHELL
from banyan.tracker.lending import end_loans
from banyan.tracker.people import Me, hold
from banyan.tracker.roster.difference import Leaver, Outlook
from banyan.tracker.roster.known import Post
from banyan.tracker.roster.plans import DAY, Begin, Change, Plan
from banyan.tracker.roster.units import Place
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing_orders import apply_rules
from banyan.tracker.standing_pages import without_collecting

"""Who takes in a roster by the command, in the audit log."""
AT_ONCE = 500  # newcomers one audit row names; people whose records are here at once
PORTION = 5000  # rows written at once

T = TypeVar("T")


@dataclass(frozen=True)
class Decisions:
    """What a person ticked: who left, which posts no longer named are over, which posts stay beside a new one."""

    left: frozenset[int] = frozenset()
    ended: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()
    only_good: bool = False


@dataclass(frozen=True)
class Delivery:
    """The file that was looked at, and who takes it in; `by` is None at the shell."""

    file_name: str
    digest: str
    by: Me | None

    @property
    def actor(self) -> str:
        return self.by.person.staff_number if self.by else SHELL


@without_collecting()
def take_in(
    session: Session, outlook: Outlook, decisions: Decisions, delivery: Delivery, rulebook: Rulebook, now: datetime
) -> RosterImport:
    """Do what an outlook of this very transaction says; faulty rows stop all of it unless only the good ones were chosen."""
    if outlook.faults and not decisions.only_good:
        raise BadInputError("还有{n}行有问题，什么也没有导入；请改好再传，或选“只导入没问题的”", n=outlook.faulty_rows)
    known = [each for each in outlook.plans if each.person and (each.kind != "same" or each.dropped)]
    left = [each for each in outlook.leavers if each.person.id in decisions.left]
    touched = {each.person.id for each in known if each.person} | {each.person.id for each in left}
    hold(session, touched | ({delivery.by.person.id} if delivery.by else set()))
    clerk = _Clerk(session, outlook, delivery, now)
    clerk.units()
    clerk.known(known, decisions)
    clerk.leave(left)
    clerk.newcomers([each for each in outlook.plans if each.person is None])
    row = clerk.close()
    apply_rules(session, clerk.newly_posted, rulebook, now)
    return row


class _Clerk:
    """Writes one roster down, and the log of it."""

    def __init__(self, session: Session, outlook: Outlook, delivery: Delivery, now: datetime) -> None:
        self.session, self.outlook, self.delivery, self.now = session, outlook, delivery, now
        self.today = county_day(now)
        self.people: dict[int, Person] = {}
        self.posts: dict[int, Appointment] = {}
        self.newly_posted: list[int] = []
        self.counts: Counter[str] = Counter({"units": len(outlook.tree.new)} | outlook.counts)

    def units(self) -> None:
        """Add the new units, all of one level at once: each needs the number of the one above it."""
        by_level: dict[int, list[Place]] = defaultdict(list)
        new = self.outlook.tree.new
        for place in new:
            by_level[int(place.level)].append(place)
        for _, places in sorted(by_level.items()):
            for some in _portions(places, PORTION):
                rows = [_unit(each) for each in some]
                ids = dict(self.session.execute(insert(Unit).returning(Unit.code, Unit.id), rows).tuples().all())
                for place in some:
                    place.unit_id = ids[place.code]
        for names in _portions(new, AT_ONCE):
            self._log("roster.units", str(len(new)), units=[each.words for each in names])

    def known(self, plans: Sequence[Plan], decisions: Decisions) -> None:
        """Change whom the records know; `plans` are only those that may change something."""
        for some in _portions(plans, AT_ONCE):
            self._fetch([each.person.id for each in some if each.person])
            for plan in some:
                self._change(plan, decisions)

    def leave(self, leavers: Sequence[Leaver]) -> None:
        for some in _portions(leavers, AT_ONCE):
            self._fetch([each.person.id for each in some])
            for leaver in some:
                self._leaves(leaver)

    def _fetch(self, ids: Collection[int]) -> None:
        """Have the records of some people here, and nobody else's."""
        self.people = {row.id: row for row in self.session.scalars(select(Person).where(Person.id.in_(ids)))}
        posts = select(Appointment).where(Appointment.person_id.in_(ids))
        self.posts = {row.id: row for row in self.session.scalars(posts)}

    def _change(self, plan: Plan, decisions: Decisions) -> None:
        assert plan.person
        person = self.people[plan.person.id]
        said: dict[str, object] = {}
        if plan.returns:
            person.left_on = None
            said["back"] = self.today.isoformat()
        for change in plan.changes:
            said[str(change.field)] = self._mend(person, change)
        for begin in plan.begins:
            said.setdefault("posts", [])
            said["posts"] = [*said["posts"], self._begin(person, begin, decisions)]  # type: ignore[misc]
        for row in plan.dropped:
            if row.id in decisions.ended:
                said["ended"] = self._end(row, self.today - DAY)
                self.counts["ended"] += 1
        if plan.begins:
            self.newly_posted.append(person.id)
        if said:
            self._log("person.change", person.staff_number, **said)

    def _leaves(self, leaver: Leaver) -> None:
        """End the posts this roster covers; who has no other, and is nobody else's, is gone, duties and all."""
        last = self.today - DAY
        posts = [self._end(each, last) for each in leaver.posts]
        if leaver.wholly:
            person_id = leaver.person.id
            self.people[person_id].left_on = last
            lasts = or_(ChargeRow.ends_on.is_(None), ChargeRow.ends_on >= self.today)
            charges = list(self.session.scalars(select(ChargeRow).where(ChargeRow.person_id == person_id, lasts)))
            for charge in charges:
                charge.ends_on = last
            end_loans(self.session, [each.id for each in charges], last)
        self.counts["left"] += 1
        self._log("person.left", leaver.person.staff_number, posts=posts, wholly=leaver.wholly)

    def newcomers(self, fresh: Sequence[Plan]) -> None:
        """Add whoever is new with their posts: thousands at once, so without an object for each.

        What numbers they were given comes back in any order: SQLite would keep to ours only with a statement for each.
        """
        for some in _portions(fresh, PORTION):
            rows = [self._newcomer(each) for each in some]
            ids = dict(self.session.execute(insert(Person).returning(Person.staff_number, Person.id), rows).tuples().all())
            self.newly_posted += ids.values()
            posts = [{"person_id": ids[_number(plan)], **_job(begin)} for plan in some for begin in plan.begins]
            self.session.execute(insert(Appointment), posts)
        for some in _portions(fresh, AT_ONCE):
            numbers = [_number(each) for each in some]
            named = f"{numbers[0]}–{numbers[-1]}" if len(numbers) > 1 else numbers[0]
            self._log("roster.newcomers", named, staff=numbers)

    def close(self) -> RosterImport:
        self.session.flush()
        counts = {key: number for key, number in self.counts.items() if number} | {"faulty": self.outlook.faulty_rows}
        by = self.delivery.by.person.id if self.delivery.by else None
        name = self.delivery.file_name[:200]
        row = RosterImport(digest=self.delivery.digest, file_name=name, imported_by=by, imported_at=self.now, counts=counts)
        self.session.add(row)
        self._log("roster.take_in", name[:120], digest=self.delivery.digest, **counts)
        return row

    def _newcomer(self, plan: Plan) -> dict[str, object]:
        known = {"staff_number": _number(plan), "name": plan.name, "phone": plan.group.phone}
        return {**known, "handle": f"p{secrets.token_hex(8)}", "created_at": self.now, "must_change_password": True}

    def _mend(self, person: Person, change: Change) -> str:
        setattr(self.posts[change.post.id] if change.post else person, str(change.field), change.new)
        return f"{_said(change.old)} → {_said(change.new)}"

    def _begin(self, person: Person, begin: Begin, decisions: Decisions) -> str:
        before = ""
        if begin.instead and begin.instead.id not in decisions.kept:
            before = self._end(begin.instead, begin.starts_on - DAY) + " → "
        entry = begin.entry
        if begin.reopens:
            row = self.posts[begin.reopens.id]
            row.ends_on, row.post, row.grade = entry.ends_on, entry.post, entry.grade or row.grade
        else:
            self.session.add(Appointment(person_id=person.id, **_job(begin)))
        return f"{before}{begin.place.words} {entry.post}"

    def _end(self, post: Post, last: date) -> str:
        """End a post; one that has not yet been held for a day was never one."""
        row = self.posts[post.id]
        said = f"{self._words(row)} {row.post}"
        if row.starts_on > last:
            self.session.delete(row)
        else:
            row.ends_on = min(last, row.ends_on or last)
        return said

    def _words(self, row: Appointment) -> str:
        return self.outlook.words_of(row.unit_id)

    def _log(self, action: str, subject: str, **detail: object) -> None:
        audit.append(self.session, self.now, self.delivery.actor, action, subject, **detail)


def _portions(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (things[first : first + size] for first in range(0, len(things), size))


def _unit(place: Place) -> dict[str, object]:
    above = place.above.unit_id if place.above else None
    return {"name": place.name, "code": place.code, "level": int(place.level), "parent_id": above, "path": place.path}


def _number(plan: Plan) -> str:
    return plan.number or plan.group.staff_number


def _job(begin: Begin) -> dict[str, object]:
    entry = begin.entry
    full = entry.full_time if entry.full_time is not None else entry.role != "VO"
    grade = entry.grade or (begin.instead.grade if begin.instead else None)  # who moves keeps theirs
    job = {"role": entry.role, "post": entry.post, "grade": grade, "full_time": full}
    return {"unit_id": begin.place.unit_id, **job, "starts_on": begin.starts_on, "ends_on": entry.ends_on}


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "专职" if value else "兼职"
    return value.isoformat() if isinstance(value, date) else str(value)
