"""Exam rooms, as their trainers see them: opened for a unit with a day, a place and a code; who is there is ticked."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.invigilation import LENGTH, LONGEST, is_open
from banyan.domain.organisation import lies_within, upwards
from banyan.domain.permission import Action, Duty, Target, subtrees
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.examinations import Attempt
from banyan.records.invigilation import ExamPresence, ExamRoom
from banyan.records.organisation import Unit
from banyan.records.people import Person
from banyan.tracker.people import NOT_HERE, Me, people_under, require
from banyan.tracker.practical_sessions import FURTHEST, LONGEST_PLACE, REMEMBERED
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.search import answering_to


@dataclass(frozen=True)
class Plan:
    """An exam room to be; both moments are aware."""

    course: str
    unit_path: str
    starts_at: datetime
    ends_at: datetime
    place: str


@dataclass(frozen=True)
class Room:
    """A room, for whom it is, and who opened it."""

    row: ExamRoom
    unit: Unit
    by: Person

    @property
    def day(self) -> date:
        return county_day(self.row.starts_at)

    def is_open(self, now: datetime) -> bool:
        return self.row.closed_at is None and is_open(self.row.starts_at, self.row.ends_at, now)

    def is_over(self, now: datetime) -> bool:
        return self.row.closed_at is not None or now > self.row.ends_at


def open_room(session: Session, plan: Plan, by: Me, rulebook: Rulebook, now: datetime) -> ExamRoom:
    """Open a room under a unit one trains; opened twice it is one."""
    require(by.actor, Action.INVIGILATE, Target(frozenset({plan.unit_path}), course=plan.course))
    rulebook.catalogue.newest(plan.course)
    place = _checked(plan, now)
    unit = session.scalars(select(Unit).where(Unit.path == plan.unit_path)).one()
    session.execute(select(Person.id).where(Person.id == by.person.id).with_for_update())
    same = select(ExamRoom).where(ExamRoom.course == plan.course, ExamRoom.unit_id == unit.id, ExamRoom.place == place)
    same = same.where(ExamRoom.starts_at == plan.starts_at, ExamRoom.ends_at == plan.ends_at, ExamRoom.closed_at.is_(None))
    if known := session.scalars(same).first():
        return known
    row = ExamRoom(course=plan.course, unit_id=unit.id, starts_at=plan.starts_at, ends_at=plan.ends_at, place=place)
    row.code, row.opened_by, row.opened_at = _fresh_code(session, now), by.person.id, now
    session.add(row)
    session.flush()
    detail = {"unit": unit.path, "starts_at": row.starts_at.isoformat(), "place": place, "id": row.id}
    audit.append(session, now, by.person.staff_number, "room.open", row.course, **detail)
    return row


def close_room(session: Session, room_id: int, by: Me, now: datetime) -> ExamRoom:
    """Let the code open nothing any more; who has begun goes on. Closed twice it is closed once."""
    row = room_for(session, room_id, by).row
    session.refresh(row, with_for_update=True)
    if row.closed_at is None:
        row.closed_at = now
        session.flush()
        audit.append(session, now, by.person.staff_number, "room.close", row.course, id=row.id, place=row.place)
    return row


def room_for(session: Session, room_id: int, by: Me) -> Room:
    """Return a room to whoever may invigilate there; to others it is not there."""
    found = session.execute(_rooms().where(ExamRoom.id == room_id)).one_or_none()
    if found is None:
        raise NotFoundError(NOT_HERE)
    room = Room(*found)
    require(by.actor, Action.INVIGILATE, Target(frozenset({room.unit.path}), course=room.row.course))
    return room


def rooms_of(session: Session, me: Me, course: str, now: datetime) -> list[Room]:
    """Return the rooms somebody may look after, those of the last weeks too, the latest first."""
    mine = subtrees(me.actor, Duty.TRAINER, course)
    query = _rooms().where(ExamRoom.course == course, ExamRoom.starts_at >= now - REMEMBERED)
    rooms = [Room(*row) for row in session.execute(query.order_by(ExamRoom.starts_at.desc(), ExamRoom.id.desc()))]
    return [each for each in rooms if any(lies_within(each.unit.path, path) for path in mine)]


def rooms_ahead(session: Session, course: str, paths: Iterable[str], now: datetime) -> list[Room]:
    """Return the rooms, open or to come, for somebody at these places, the next one first."""
    over = {each for path in paths for each in upwards(path)}
    query = _rooms().where(Unit.path.in_(over), ExamRoom.course == course, ExamRoom.closed_at.is_(None), ExamRoom.ends_at >= now)
    return [Room(*row) for row in session.execute(query.order_by(ExamRoom.starts_at, ExamRoom.id))]


def begun_in(session: Session, room_id: int) -> dict[int, Attempt]:
    """Return who began an exam in a room, and their attempt."""
    return {each.person_id: each for each in session.scalars(select(Attempt).where(Attempt.room_id == room_id))}


def present_in(session: Session, room_id: int) -> set[int]:
    return set(session.scalars(select(ExamPresence.person_id).where(ExamPresence.room_id == room_id)))


@dataclass(frozen=True)
class Roll:
    """A roster as it was sent: whom the page showed, and who of them was ticked."""

    room_id: int
    shown: Collection[int]
    ticked: Collection[int]


def call_roll(session: Session, roll: Roll, by: Me, now: datetime) -> None:
    """Keep who is present of those the page showed; who has begun stays present, others than learners there are not taken."""
    room = room_for(session, roll.room_id, by)
    session.refresh(room.row, with_for_update=True)
    if room.is_over(now):
        raise BadInputError("这场监考已经结束，签到不能再改")
    before, begun = present_in(session, room.row.id), begun_in(session, room.row.id)
    come = set(roll.ticked) & set(roll.shown) - before
    gone = (before & set(roll.shown)) - set(roll.ticked) - set(begun)
    learners = set(session.scalars(_learners(room, by, now).where(Person.id.in_(come)).with_only_columns(Person.id)))
    if come - learners:
        raise NotFoundError(NOT_HERE)
    for person_id in sorted(come):
        session.add(ExamPresence(room_id=room.row.id, person_id=person_id, ticked_by=by.person.id, ticked_at=now))
    for person_id in sorted(gone):
        session.delete(session.get_one(ExamPresence, (room.row.id, person_id)))
    session.flush()
    if come or gone:
        numbers = {"present": _numbers(session, come), "absent": _numbers(session, gone)}
        audit.append(session, now, by.person.staff_number, "room.roll", room.row.course, id=room.row.id, **numbers)


def learners_in(session: Session, room: Room, by: Me, asked: str, now: datetime) -> list[Person]:
    """Return the learners of a room's unit who answer to a text; never the trainer themselves."""
    query = _learners(room, by, now).where(answering_to(asked))
    return list(session.scalars(query.order_by(Person.staff_number).limit(60)))


def _numbers(session: Session, people: Iterable[int]) -> list[str]:
    return sorted(session.scalars(select(Person.staff_number).where(Person.id.in_(people))))


def _learners(room: Room, by: Me, now: datetime) -> Select[Person]:
    return people_under([room.unit.path], county_day(now)).where(Person.id != by.person.id)


def _rooms() -> Select[ExamRoom, Unit, Person]:
    return select(ExamRoom, Unit, Person).join(Unit, ExamRoom.unit_id == Unit.id).join(Person, ExamRoom.opened_by == Person.id)


def _fresh_code(session: Session, now: datetime) -> str:
    """Draw a code that opens no other room still to be used."""
    taken = set(session.scalars(select(ExamRoom.code).where(ExamRoom.ends_at >= now - timedelta(days=1))))
    while (code := f"{secrets.randbelow(10**LENGTH):0{LENGTH}d}") in taken:
        continue
    return code


def _checked(plan: Plan, now: datetime) -> str:
    place = " ".join(plan.place.split())
    if plan.ends_at <= plan.starts_at:
        raise BadInputError("结束的时间要晚于开始的时间")
    if plan.ends_at - plan.starts_at > LONGEST:
        raise BadInputError("一场监考最多{hours}小时，请分成几场", hours=int(LONGEST.total_seconds() // 3600))
    if plan.ends_at <= now:
        raise BadInputError("监考的时间已经过了，请选以后的时间")
    if plan.starts_at > now + FURTHEST:
        raise BadInputError("监考的时间太远了，请检查年份")
    if not 2 <= len(place) <= LONGEST_PLACE:
        raise BadInputError("请写清楚在哪里，2到{most}个字", most=LONGEST_PLACE)
    return place
