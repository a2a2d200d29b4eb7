"""已提醒: who was rung or written to about a programme, by whom, when. Within a day the second who taps is told of the first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.certification import Programme
from banyan.domain.consent import Consent
from banyan.domain.permission import Action
from banyan.domain.readiness import SOON, Halt
from banyan.errors import BadInputError
from banyan.records.competence import Certificate
from banyan.records.learning import Assignment, Reminder
from banyan.records.people import Person
from banyan.tracker.advance import UNTROD, Way, ways
from banyan.tracker.consents import unwilling
from banyan.tracker.people import CONTACT, Contact, Me, people_under, require, target_of
from banyan.tracker.practical_sessions import Announced, meetings_of
from banyan.tracker.registers import whereabouts
from banyan.tracker.rulebook import Rulebook

FRESH = timedelta(hours=24)


@dataclass(frozen=True)
class Reminded:
    """When somebody was reminded last, and by whom; `fresh` while a day has not passed."""

    at: datetime
    by: str
    fresh: bool


@dataclass(frozen=True)
class OpenLine:
    """Somebody who was asked a programme and does not hold its certificate today; `meeting` is the practical they wait for."""

    person: Contact
    place: tuple[str, ...]
    way: Way
    due_on: date
    overdue: bool
    reminded: Reminded | None
    meeting: Announced | None = None

    @property
    def halt(self) -> Halt:
        return self.way.halt or Halt.NEW


def unfinished(session: Session, paths: Iterable[str], programme: Programme, rulebook: Rulebook, now: datetime) -> list[OpenLine]:
    """Return who of the subtrees was asked a programme and has not finished, who is due first at the head."""
    held, today = tuple(paths), county_day(now)
    asked = _asked(held, programme, today)
    rows = session.execute(
        select(*CONTACT, Assignment.due_on)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(Assignment.programme == programme.code, Person.id.in_(asked))
        .order_by(Assignment.due_on, Person.staff_number)
    ).all()
    found = ways(session, asked, programme, rulebook, today)
    where = whereabouts(session, held, today)
    last = last_reminded(session, asked, programme.code, now)
    waiting = {who for who, way in found.items() if way.halt is Halt.PRACTICAL}
    meets = meetings_of(session, waiting, programme.courses, now)
    silent = unwilling(session, Consent.REMINDERS, [row.id for row in rows])
    lines = []
    for row in rows:
        way, due = found.get(row.id, UNTROD), row.due_on
        if way.halt is not None:
            whom = Contact(row.id, row.staff_number, row.name, "" if row.id in silent else row.phone)
            place = where.get(row.id, ())
            lines.append(OpenLine(whom, place, way, due, due < today, last.get(row.id), meets.get(row.id)))
    return lines


def remind(session: Session, person_id: int, programme: Programme, by: Me, now: datetime) -> tuple[Reminder, bool]:
    """Write down that somebody was reminded and say whether it is new; within a day the first one stands.

    The person's row is held, so that of two who tap at once one is told of the other.
    """
    today = county_day(now)
    require(by.actor, Action.REMIND, target_of(session, person_id, today))
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    if unwilling(session, Consent.REMINDERS, [person_id]):
        raise BadInputError("他没有同意在手机上提醒，请当面说，或者请他在“我的资料”里改")
    if not _owes(session, person_id, programme, today):
        raise BadInputError("这个培训没有布置给他，不用提醒")
    query = select(Reminder).where(Reminder.person_id == person_id, Reminder.programme == programme.code)
    before = session.scalars(query.order_by(Reminder.reminded_at.desc(), Reminder.id.desc()).limit(1)).first()
    if before and now - before.reminded_at < FRESH:
        return before, False
    row = Reminder(person_id=person_id, programme=programme.code, reminded_by=by.person.id, reminded_at=now)
    session.add(row)
    session.flush()
    return row, True


def _asked(paths: tuple[str, ...], programme: Programme, today: date) -> Select[int]:
    everybody = people_under(paths, today).with_only_columns(Person.id)
    return select(Assignment.person_id).where(Assignment.programme == programme.code, Assignment.person_id.in_(everybody))


def _owes(session: Session, person_id: int, programme: Programme, today: date) -> bool:
    """Say whether a programme was asked of somebody, or a certificate of theirs in it runs out soon or did."""
    asked = select(Assignment.id).where(Assignment.person_id == person_id, Assignment.programme == programme.code)
    last = select(func.max(Certificate.expires_on)).where(
        Certificate.person_id == person_id, Certificate.programme == programme.code, Certificate.revoked_at.is_(None)
    )
    until = session.scalar(last)
    return session.scalars(asked).first() is not None or (until is not None and until <= today + SOON)


def last_reminded(session: Session, scope: Select[int], programme: str, now: datetime) -> dict[int, Reminded]:
    """Return when the people of a scope were last reminded of a programme, and by whom."""
    latest = (
        select(func.max(Reminder.id))
        .where(Reminder.programme == programme, Reminder.person_id.in_(scope))
        .group_by(Reminder.person_id)
    )
    query = select(Reminder.person_id, Reminder.reminded_at, Person.name).outerjoin(Person, Reminder.reminded_by == Person.id)
    return {
        person_id: Reminded(at, name or "", now - at < FRESH)
        for person_id, at, name in session.execute(query.where(Reminder.id.in_(latest)))
    }
