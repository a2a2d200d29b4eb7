"""Taking a roster in: all that was looked at, in one transaction, and nothing else. The last step is `apply_rules`."""

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.errors import BadInputError
from banyan.records import audit
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.records.roster import RosterImport
from banyan.tracker.lending import end_loans
from banyan.tracker.people import Me
from banyan.tracker.roster.difference import Leaver, Outlook
from banyan.tracker.roster.plans import DAY, Begin, Change, Plan
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing_orders import apply_rules

SHELL = "shell"
"""Who takes in a roster by the command, in the audit log."""
AT_ONCE = 100  # newcomers one audit row names


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


def take_in(
    session: Session, outlook: Outlook, decisions: Decisions, delivery: Delivery, rulebook: Rulebook, now: datetime
) -> RosterImport:
    """Do what an outlook of this very transaction says; faulty rows stop all of it unless only the good ones were chosen."""
    if outlook.faults and not decisions.only_good:
        raise BadInputError("还有{n}行有问题，什么也没有导入；请改好再传，或选“只导入没问题的”", n=outlook.faulty_rows)
    clerk = _Clerk(session, outlook, delivery, now)
    clerk.units()
    for plan in outlook.plans:
        clerk.person(plan, decisions)
    for leaver in outlook.leavers:
        if leaver.person.id in decisions.left:
            clerk.leaves(leaver)
    row = clerk.close()
    apply_rules(session, [each.id for each in clerk.newly_posted], rulebook, now)
    return row


class _Clerk:
    """Writes one roster down, and the log of it."""

    def __init__(self, session: Session, outlook: Outlook, delivery: Delivery, now: datetime) -> None:
        self.session, self.outlook, self.delivery, self.now = session, outlook, delivery, now
        self.today = county_day(now)
        self.fresh: list[Person] = []
        self.newly_posted: list[Person] = []
        self.counts: Counter[str] = Counter({"units": len(outlook.tree.new)} | outlook.counts)

    def units(self) -> None:
        for place in self.outlook.tree.new:
            above = place.above.unit_id if place.above else None
            row = Unit(name=place.name, code=place.code, level=int(place.level), parent_id=above, path=place.path)
            self.session.add(row)
            self.session.flush()
            place.unit_id = row.id
        names = [each.words for each in self.outlook.tree.new]
        for first in range(0, len(names), AT_ONCE):
            self._log("roster.units", str(len(names)), units=names[first : first + AT_ONCE])

    def person(self, plan: Plan, decisions: Decisions) -> None:
        person = plan.person or self._newcomer(plan)
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
            self.newly_posted.append(person)
        if said and plan.person:
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

    def close(self) -> RosterImport:
        self.session.flush()
        for first in range(0, len(self.fresh), AT_ONCE):
            some = [each.staff_number for each in self.fresh[first : first + AT_ONCE]]
            self._log("roster.newcomers", f"{some[0]}–{some[-1]}" if len(some) > 1 else some[0], staff=some)
        counts = {key: number for key, number in self.counts.items() if number} | {"faulty": self.outlook.faulty_rows}
        by = self.delivery.by.person.id if self.delivery.by else None
        name = self.delivery.file_name[:200]
        row = RosterImport(digest=self.delivery.digest, file_name=name, imported_by=by, imported_at=self.now, counts=counts)
        self.session.add(row)
        self._log("roster.take_in", name[:120], digest=self.delivery.digest, **counts)
        return row

    def _newcomer(self, plan: Plan) -> Person:
        number = plan.number or plan.group.staff_number
        person = Person(staff_number=number, handle=f"p{secrets.token_hex(8)}", name=plan.name, phone=plan.group.phone)
        person.created_at = self.now
        self.session.add(person)
        self.fresh.append(person)
        return person

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
        else:
            full = entry.full_time if entry.full_time is not None else entry.role != "VO"
            job = {"role": entry.role, "post": entry.post, "full_time": full, "starts_on": begin.starts_on}
            self.session.add(Appointment(person=person, unit_id=begin.place.unit_id, **job))
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


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "专职" if value else "兼职"
    return value.isoformat() if isinstance(value, date) else str(value)
