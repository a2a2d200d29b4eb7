"""Taking a roster in: all that was looked at, in one transaction, and nothing else. The last step is `apply_rules`."""

import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.errors import BadInputError
from banyan.records import audit
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.records.roster import RosterImport
from banyan.tracker.at_server import SHELL
from banyan.tracker.lending import end_loans
from banyan.tracker.people import Me, hold
from banyan.tracker.roster.difference import Leaver, Outlook
from banyan.tracker.roster.plans import DAY, Begin, Change, Plan
from banyan.tracker.roster.units import Place
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing_orders import apply_rules
from banyan.tracker.standing_pages import without_collecting

"""Who takes in a roster by the command, in the audit log."""
AT_ONCE = 500  # newcomers one audit row names
PORTION = 10_000  # newcomers written at once


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
    hold(session, _touched(outlook, decisions, delivery.by))
    clerk = _Clerk(session, outlook, delivery, now)
    clerk.units()
    for plan in outlook.plans:
        clerk.person(plan, decisions)
    for leaver in outlook.leavers:
        if leaver.person.id in decisions.left:
            clerk.leaves(leaver)
    clerk.newcomers()
    row = clerk.close()
    apply_rules(session, clerk.newly_posted, rulebook, now)
    return row


def _touched(outlook: Outlook, decisions: Decisions, by: Me | None) -> set[int]:
    """Return of whom anything may be written, and who brings it: most of a roster that comes again is as it was."""
    known = {each.person.id for each in outlook.plans if each.person and (each.kind != "same" or each.dropped)}
    left = {each.person.id for each in outlook.leavers if each.person.id in decisions.left}
    return known | left | ({by.person.id} if by else set())


class _Clerk:
    """Writes one roster down, and the log of it."""

    def __init__(self, session: Session, outlook: Outlook, delivery: Delivery, now: datetime) -> None:
        self.session, self.outlook, self.delivery, self.now = session, outlook, delivery, now
        self.today = county_day(now)
        self.fresh: list[Plan] = []
        self.newly_posted: list[int] = []
        self.counts: Counter[str] = Counter({"units": len(outlook.tree.new)} | outlook.counts)

    def units(self) -> None:
        """Add the new units, all of one level at once: each needs the number of the one above it."""
        by_level: dict[int, list[Place]] = defaultdict(list)
        for place in self.outlook.tree.new:
            by_level[int(place.level)].append(place)
        for level, places in sorted(by_level.items()):
            rows = [
                {
                    "name": each.name,
                    "code": each.code,
                    "level": level,
                    "parent_id": each.above.unit_id if each.above else None,
                    "path": each.path,
                }
                for each in places
            ]
            ids = dict(self.session.execute(insert(Unit).returning(Unit.code, Unit.id), rows).tuples().all())
            for place in places:
                place.unit_id = ids[place.code]
        names = [each.words for each in self.outlook.tree.new]
        for first in range(0, len(names), AT_ONCE):
            self._log("roster.units", str(len(names)), units=names[first : first + AT_ONCE])

    def person(self, plan: Plan, decisions: Decisions) -> None:
        person = plan.person
        if person is None:
            self.fresh.append(plan)
            return
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

    def leaves(self, leaver: Leaver) -> None:
        """End the posts this roster covers; who has no other, and is nobody else's, is gone, duties and all."""
        last = self.today - DAY
        posts = [self._end(each, last) for each in leaver.posts]
        if leaver.wholly:
            leaver.person.left_on = last
            charges = self.outlook.known.charges[leaver.person.id]
            for charge in charges:
                charge.ends_on = last
            end_loans(self.session, [each.id for each in charges], last)
        self.counts["left"] += 1
        self._log("person.left", leaver.person.staff_number, posts=posts, wholly=leaver.wholly)

    def newcomers(self) -> None:
        """Add whoever is new with their posts: thousands at once, so without an object for each.

        What numbers they were given comes back in any order: SQLite would keep to ours only with a statement for each.
        """
        for first in range(0, len(self.fresh), PORTION):
            some = self.fresh[first : first + PORTION]
            rows = [self._newcomer(each) for each in some]
            ids = dict(self.session.execute(insert(Person).returning(Person.staff_number, Person.id), rows).tuples().all())
            self.newly_posted += ids.values()
            posts = [{"person_id": ids[_number(plan)], **_job(begin)} for plan in some for begin in plan.begins]
            self.session.execute(insert(Appointment), posts)
        numbers = [_number(each) for each in self.fresh]
        for first in range(0, len(numbers), AT_ONCE):
            some_numbers = numbers[first : first + AT_ONCE]
            named = f"{some_numbers[0]}–{some_numbers[-1]}" if len(some_numbers) > 1 else some_numbers[0]
            self._log("roster.newcomers", named, staff=some_numbers)

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
        setattr(change.post or person, str(change.field), change.new)
        return f"{_said(change.old)} → {_said(change.new)}"

    def _begin(self, person: Person, begin: Begin, decisions: Decisions) -> str:
        before = ""
        if begin.instead and begin.instead.id not in decisions.kept:
            before = self._end(begin.instead, begin.starts_on - DAY) + " → "
        entry = begin.entry
        if begin.reopens:
            begin.reopens.ends_on, begin.reopens.post = None, entry.post
            begin.reopens.grade = entry.grade or begin.reopens.grade
        else:
            self.session.add(Appointment(person=person, **_job(begin)))
        return f"{before}{begin.place.words} {entry.post}"

    def _end(self, row: Appointment, last: date) -> str:
        """End a post; one that has not yet been held for a day was never one."""
        said = f"{self._words(row)} {row.post}"
        if row.starts_on > last:
            self.session.delete(row)
        else:
            row.ends_on = last
        return said

    def _words(self, row: Appointment) -> str:
        return self.outlook.words_of(row.unit_id)

    def _log(self, action: str, subject: str, **detail: object) -> None:
        audit.append(self.session, self.now, self.delivery.actor, action, subject, **detail)


def _number(plan: Plan) -> str:
    return plan.number or plan.group.staff_number


def _job(begin: Begin) -> dict[str, object]:
    entry = begin.entry
    full = entry.full_time if entry.full_time is not None else entry.role != "VO"
    grade = entry.grade or (begin.instead.grade if begin.instead else None)  # who moves keeps theirs
    job = {"role": entry.role, "post": entry.post, "grade": grade, "full_time": full, "starts_on": begin.starts_on}
    return {"unit_id": begin.place.unit_id, **job}


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "专职" if value else "兼职"
    return value.isoformat() if isinstance(value, date) else str(value)
