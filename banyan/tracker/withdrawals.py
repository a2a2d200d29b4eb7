"""Taking back what was asked of people: for a reason, on record, and without touching anything they have learnt or hold.

Who holds the certificate has finished and is left alone. No standing rule asks again; only a person does.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.records import audit
from banyan.records.learning import Assignment, Withdrawal
from banyan.records.people import Person
from banyan.tracker.advance import UNTROD, ways
from banyan.tracker.enrolment import Order, addressed
from banyan.tracker.people import Me, hold, require, target_of
from banyan.tracker.rulebook import Rulebook

LEAST, MOST = 4, 200  # characters of a reason
AT_ONCE = 100  # people one audit row names


@dataclass(frozen=True)
class Waiver:
    """A programme no longer asked of a role under a unit ("" for any), or of one person where `person_id` says whom."""

    programme: str
    unit_path: str = ""
    role: str = ""
    person_id: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Asked:
    """Somebody a programme would be taken back from; `begun` if they have read or sat anything of it."""

    person: Person
    row: Assignment
    begun: bool


@dataclass(frozen=True)
class Recall:
    """What taking back would do: from whom, and how many have finished and are left alone."""

    asked: tuple[Asked, ...] = ()
    finished: int = 0

    @property
    def begun(self) -> int:
        return sum(each.begun for each in self.asked)

    @property
    def digest(self) -> str:
        """Tell two looks apart: what was looked at is what is done."""
        seen = [(each.person.id, each.row.id, each.begun) for each in self.asked]
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def look_back(session: Session, waiver: Waiver, by: Me, rulebook: Rulebook, now: datetime) -> Recall:
    """Return from whom a programme would be taken back, changing nothing."""
    today, programme = county_day(now), rulebook.programme(waiver.programme)
    people = {each.id: each for each in _people(session, waiver, by, now)}
    query = select(Assignment).where(Assignment.programme == programme.code, Assignment.person_id.in_(people))
    rows = list(session.scalars(query))
    scope = select(Person.id).where(Person.id.in_([each.person_id for each in rows]))
    where = ways(session, scope, programme, rulebook, today)
    found = [(row, where.get(row.person_id, UNTROD)) for row in rows]
    asked = [Asked(people[row.person_id], row, way is not UNTROD) for row, way in found if way.halt is not None]
    return Recall(tuple(sorted(asked, key=lambda each: each.person.staff_number)), len(rows) - len(asked))


def take_back(session: Session, waiver: Waiver, by: Me, rulebook: Rulebook, now: datetime) -> Recall:
    """Take a programme back from whoever has not finished, and return from whom; done twice it is done once."""
    reason = _reason(waiver.reason)
    people = [each.id for each in _people(session, waiver, by, now)]
    hold(session, people)
    recall = look_back(session, waiver, by, rulebook, now)
    for each in recall.asked:
        row = Withdrawal(person_id=each.person.id, programme=each.row.programme, due_on=each.row.due_on, reason=reason)
        row.withdrawn_by, row.withdrawn_at = by.person.id, now
        session.add(row)
        session.delete(each.row)
    session.flush()
    for first in range(0, len(recall.asked), AT_ONCE):
        staff = [each.person.staff_number for each in recall.asked[first : first + AT_ONCE]]
        detail = {"unit": waiver.unit_path, "role": waiver.role, "people": len(recall.asked), "staff": staff, "reason": reason}
        audit.append(session, now, by.person.staff_number, "programme.take_back", waiver.programme, **detail)
    return recall


def asked_of(session: Session, person_id: int) -> dict[str, date]:
    """Return the programmes asked of a person and by when."""
    return {row.programme: row.due_on for row in session.scalars(select(Assignment).where(Assignment.person_id == person_id))}


def _people(session: Session, waiver: Waiver, by: Me, now: datetime) -> Iterable[Person]:
    today = county_day(now)
    if waiver.person_id is None:
        return addressed(session, Order(waiver.programme, waiver.unit_path, waiver.role, today), by, today)
    require(by.actor, Action.ASSIGN, target_of(session, waiver.person_id, today))
    return [session.get_one(Person, waiver.person_id)]


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not LEAST <= len(reason) <= MOST:
        raise BadInputError("请写为什么收回，{least}到{most}个字", least=LEAST, most=MOST)
    return reason
