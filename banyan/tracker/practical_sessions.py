"""When and where the next practical is: announced by a trainer, read by everybody under a unit who waits for one.

Whom a session concerns is asked on the day it is read: who moved reads what holds where they are now.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.organisation import lies_within, upwards
from banyan.domain.permission import Action, Target
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.competence import PracticalSession
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.tracker.people import NOT_HERE, Me, holds_on, require, under, units_of
from banyan.tracker.rulebook import Rulebook

FURTHEST = timedelta(days=365)
REMEMBERED = timedelta(days=60)
"""How long a session that is over is still spoken of to who was not recorded at it."""
LONGEST_PLACE = 80


@dataclass(frozen=True)
class Meeting:
    """A practical to be: `starts_at` is aware, `place` is as one tells somebody the way."""

    course: str
    unit_path: str
    starts_at: datetime
    place: str


@dataclass(frozen=True)
class Announced:
    """A session that stands, for whom, and who announced it."""

    row: PracticalSession
    unit: Unit
    by: Person

    @property
    def day(self) -> date:
        return county_day(self.row.starts_at)

    def concerns(self, paths: Iterable[str]) -> bool:
        """Say whether somebody at one of these places is meant."""
        return any(lies_within(path, self.unit.path) for path in paths)


@dataclass(frozen=True)
class Waiting:
    """Somebody who lacks only the practical: since when (None where it is not known), for which session, after which."""

    since: date | None = None
    ahead: Announced | None = None
    missed: Announced | None = None


def announce(session: Session, meeting: Meeting, by: Me, rulebook: Rulebook, now: datetime) -> PracticalSession:
    """Announce a practical under a unit one trains; announced twice it is one."""
    require(by.actor, Action.OBSERVE, Target(frozenset({meeting.unit_path}), course=meeting.course))
    if rulebook.catalogue.newest(meeting.course).practical is None:
        raise NotFoundError("这门课没有现场演练")
    place = _checked(meeting, now)
    unit = session.scalars(select(Unit).where(Unit.path == meeting.unit_path)).one()
    session.execute(select(Person.id).where(Person.id == by.person.id).with_for_update())
    same = select(PracticalSession).where(PracticalSession.course == meeting.course, PracticalSession.unit_id == unit.id)
    same = same.where(PracticalSession.starts_at == meeting.starts_at, PracticalSession.called_off_at.is_(None))
    known = session.scalars(same).first()
    if known and known.place == place:
        return known
    row = PracticalSession(course=meeting.course, unit_id=unit.id, starts_at=meeting.starts_at, place=place)
    row.announced_by, row.announced_at = by.person.id, now
    session.add(row)
    session.flush()
    detail = {"unit": unit.path, "starts_at": meeting.starts_at.isoformat(), "place": place, "id": row.id}
    audit.append(session, now, by.person.staff_number, "practical.announce", meeting.course, **detail)
    return row


def call_off(session: Session, session_id: int, by: Me, now: datetime) -> PracticalSession:
    """Let a session not take place; called off twice it is called off once."""
    row = announced_one(session, session_id, by).row
    session.refresh(row, with_for_update=True)
    if row.called_off_at is None:
        row.called_off_at = now
        session.flush()
        detail = {"starts_at": row.starts_at.isoformat(), "place": row.place, "id": row.id}
        audit.append(session, now, by.person.staff_number, "practical.call_off", row.course, **detail)
    return row


def announced_one(session: Session, session_id: int, by: Me) -> Announced:
    """Return a session to whoever may announce one there, also when it was called off; to others it is not there."""
    found = session.execute(_announced().where(PracticalSession.id == session_id)).one_or_none()
    if found is None:
        raise NotFoundError(NOT_HERE)
    line = Announced(*found)
    require(by.actor, Action.OBSERVE, Target(frozenset({line.unit.path}), course=line.row.course))
    return line


def announced(session: Session, courses: Iterable[str], now: datetime, at: Sequence[str] | None = None) -> list[Announced]:
    """Return the sessions that stand, those of the last weeks too, in the order of their time: anywhere, or at these units."""
    query = _announced().where(
        PracticalSession.course.in_(list(courses)),
        PracticalSession.called_off_at.is_(None),
        PracticalSession.starts_at >= now - REMEMBERED,
    )
    query = query if at is None else query.where(Unit.path.in_(at))
    return [Announced(*row) for row in session.execute(query.order_by(PracticalSession.starts_at, PracticalSession.id))]


def ahead(lines: Iterable[Announced], paths: Iterable[str], today: date) -> Announced | None:
    """Return the next session for somebody at these places; today's counts until the day is over."""
    at = tuple(paths)
    return next((each for each in lines if each.day >= today and each.concerns(at)), None)


def waiting(session: Session, person_id: int, course: str, since: date | None, now: datetime) -> Waiting:
    """Return for which session somebody waits, and which took place since they began to wait."""
    today = county_day(now)
    paths = [unit.path for unit in units_of(session, person_id, today)]
    mine = announced(session, [course], now, [each for path in paths for each in upwards(path)])
    over = [each for each in mine if each.day < today and (since is None or each.day >= since)]
    return Waiting(since, ahead(mine, paths, today), over[-1] if over else None)


def meetings_of(session: Session, people: Collection[int], courses: Iterable[str], now: datetime) -> dict[int, Announced]:
    """Return the next session of each of these people who has one, in two queries however many they are."""
    today = county_day(now)
    lines = [each for each in announced(session, courses, now) if each.day >= today]
    if not lines or not people:
        return {}
    query = select(Appointment.person_id, Unit.path).join(Unit, Appointment.unit_id == Unit.id)
    reached = query.where(under(each.unit.path for each in lines), holds_on(Appointment, today))
    paths: dict[int, list[str]] = defaultdict(list)
    for person_id, path in session.execute(reached):
        paths[person_id].append(path)
    found = {each: ahead(lines, paths[each], today) for each in people if each in paths}
    return {person_id: line for person_id, line in found.items() if line}


def _announced() -> Select[PracticalSession, Unit, Person]:
    return (
        select(PracticalSession, Unit, Person)
        .join(Unit, PracticalSession.unit_id == Unit.id)
        .join(Person, PracticalSession.announced_by == Person.id)
    )


def _checked(meeting: Meeting, now: datetime) -> str:
    place = " ".join(meeting.place.split())
    if meeting.starts_at <= now:
        raise BadInputError("演练的时间已经过了，请选以后的日期和时间")
    if meeting.starts_at > now + FURTHEST:
        raise BadInputError("演练的时间太远了，请检查年份")
    if not 2 <= len(place) <= LONGEST_PLACE:
        raise BadInputError("请写清楚在哪里，2到{most}个字", most=LONGEST_PLACE)
    return place
