"""Sessions at a training base, as their trainers plan them: what can be seen there, when, where, for how many, and who comes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from banyan.domain.attendance import Span, apart
from banyan.domain.calendar import county_day
from banyan.domain.framework import Competency, Framework, Kind
from banyan.domain.permission import OBSERVERS, Action, Target, subtrees
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.organisation import Unit
from banyan.records.people import Person
from banyan.records.training import AttendanceRow, TrainingPart, TrainingSeat, TrainingSession
from banyan.tracker.people import NOT_HERE, Me, people_under, require, under
from banyan.tracker.practical_sessions import FURTHEST, LONGEST_PLACE
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.search import answering_to

LONGEST = timedelta(hours=12)
"""A part longer than this is a slip of the pen; another day is another part."""
MOST_PARTS, MOST_PEOPLE = 10, 500
LISTED = 200
LEVELS = (2, 3)
BACKWARDS = timedelta(days=60)
"""How far back a session may lie that is only written down now."""


@dataclass(frozen=True)
class TrainingPlan:
    """A session to be; `shows` names indicators by competency, `form_key` is drawn with the form."""

    course: str
    unit_path: str
    title: str
    place: str
    capacity: int
    shows: Mapping[str, frozenset[str]]
    level: int
    spans: tuple[Span, ...]
    form_key: str


def suitable(framework: Framework, kind: Kind = Kind.OS) -> list[Competency]:
    """Return the competencies that may be shown in this way, in the framework's order."""
    return [each for each in framework if kind in each.evidence]


def plan(session: Session, wish: TrainingPlan, by: Me, rulebook: Rulebook, now: datetime) -> TrainingSession:
    """Plan a session under a unit one trains; the same form sent twice plans one."""
    require(by.actor, Action.OBSERVE, Target(frozenset({wish.unit_path}), course=wish.course))
    session.execute(select(Person.id).where(Person.id == by.person.id).with_for_update())
    known = session.scalars(select(TrainingSession).where(TrainingSession.form_key == wish.form_key)).one_or_none()
    if known:
        return _mine(known, by)
    rulebook.catalogue.newest(wish.course)
    _check(wish, rulebook.framework, now)
    unit = session.scalars(select(Unit).where(Unit.path == wish.unit_path)).one()
    row = TrainingSession(course=wish.course, unit_id=unit.id, capacity=wish.capacity, level=wish.level, form_key=wish.form_key)
    row.title, row.place = " ".join(wish.title.split()), " ".join(wish.place.split())
    row.shows = {code: sorted(each) for code, each in wish.shows.items() if each}
    row.framework, row.planned_by, row.planned_at = rulebook.framework.version, by.person.id, now
    row.parts = [TrainingPart(starts_at=each.starts_at, ends_at=each.ends_at) for each in sorted(wish.spans, key=_start)]
    session.add(row)
    session.flush()
    detail = {"unit": unit.path, "starts_at": row.parts[0].starts_at.isoformat(), "place": row.place, "id": row.id}
    audit.append(session, now, by.person.staff_number, "training.plan", row.course, **detail)
    return row


def training_for(session: Session, training_id: int, by: Me) -> TrainingSession:
    """Return a session to whoever trains there; to others it is not there."""
    row = session.get(TrainingSession, training_id)
    if row is None:
        raise NotFoundError(NOT_HERE)
    require(by.actor, Action.OBSERVE, Target(frozenset({row.unit.path}), course=row.course))
    return row


def part_for(session: Session, part_id: int, by: Me) -> TrainingPart:
    """Return a part of a session to whoever trains there; to others it is not there."""
    part = session.get(TrainingPart, part_id)
    if part is None:
        raise NotFoundError(NOT_HERE)
    training_for(session, part.session_id, by)
    return part


def trainings_of(session: Session, me: Me, courses: Collection[str]) -> list[TrainingSession]:
    """Return the sessions somebody may look after, the latest first."""
    began = select(func.min(TrainingPart.starts_at)).where(TrainingPart.session_id == TrainingSession.id).scalar_subquery()
    mine = [and_(TrainingSession.course == each, under(subtrees(me.actor, OBSERVERS, each))) for each in courses]
    query = select(TrainingSession).join(TrainingSession.unit).where(or_(false(), *mine))
    query = query.options(selectinload(TrainingSession.parts), contains_eager(TrainingSession.unit))
    return list(session.scalars(query.order_by(began.desc(), TrainingSession.id.desc()).limit(LISTED)))


def call_off(session: Session, training_id: int, by: Me, now: datetime) -> TrainingSession:
    """Let a session not take place; one that is settled did take place."""
    row = training_for(session, training_id, by)
    session.refresh(row, with_for_update=True)
    if row.closed_at:
        raise BadInputError("这次实训已经结算了，不能取消；要改谁的记录，请点开那个人")
    if row.called_off_at is None:
        row.called_off_at = now
        session.flush()
        audit.append(session, now, by.person.staff_number, "training.call_off", row.course, id=row.id, place=row.place)
    return row


def seat(session: Session, training_id: int, people: Collection[int], by: Me, now: datetime) -> int:
    """Give people of the session's unit a seat each, and return how many were added; who has one keeps it."""
    row = held_open(session, training_id, by)
    wanted = set(people) - seated(session, row.id)
    found = set(session.scalars(learners(row, by, now).where(Person.id.in_(wanted)).with_only_columns(Person.id)))
    if wanted - found:
        raise NotFoundError(NOT_HERE)
    require_room(session, row, len(wanted))
    for person_id in sorted(wanted):
        session.add(TrainingSeat(session_id=row.id, person_id=person_id, seated_by=by.person.id, seated_at=now))
    session.flush()
    if wanted:
        numbers = sorted(session.scalars(select(Person.staff_number).where(Person.id.in_(wanted))))
        audit.append(session, now, by.person.staff_number, "training.seat", row.course, id=row.id, present=numbers)
    return len(wanted)


def unseat(session: Session, training_id: int, person_id: int, by: Me, now: datetime) -> None:
    """Take somebody off the roster who was not there at all; whoever was recorded stays."""
    row = held_open(session, training_id, by)
    place = session.get(TrainingSeat, (row.id, person_id))
    if place is None:
        return
    parts = [each.id for each in row.parts]
    noted = select(AttendanceRow.id).where(AttendanceRow.part_id.in_(parts), AttendanceRow.person_id == person_id)
    if session.scalars(noted.limit(1)).first():
        raise BadInputError("这位已经签过到，不能从名单上拿掉；没来的时段请改签到")
    session.delete(place)
    session.flush()
    number = session.get_one(Person, person_id).staff_number
    audit.append(session, now, by.person.staff_number, "training.unseat", row.course, id=row.id, absent=[number])


def roster(session: Session, row: TrainingSession) -> list[Person]:
    """Return who has a seat, by staff number."""
    query = select(Person).join(TrainingSeat, TrainingSeat.person_id == Person.id).where(TrainingSeat.session_id == row.id)
    return list(session.scalars(query.order_by(Person.staff_number)))


def seated(session: Session, training_id: int) -> set[int]:
    return set(session.scalars(select(TrainingSeat.person_id).where(TrainingSeat.session_id == training_id)))


def to_seat(session: Session, row: TrainingSession, by: Me, asked: str, now: datetime) -> list[Person]:
    """Return the learners of a session's unit who answer to a text and have no seat yet."""
    query = learners(row, by, now).where(answering_to(asked), Person.id.not_in(seated(session, row.id)))
    return list(session.scalars(query.order_by(Person.staff_number).limit(60)))


def learners(row: TrainingSession, by: Me, now: datetime) -> Select[Person]:
    """Select the people a session is for; a trainer sits in none of their own."""
    return people_under([row.unit.path], county_day(now)).where(Person.id != by.person.id)


def held_open(session: Session, training_id: int, by: Me) -> TrainingSession:
    """Return a session of one's own for a change, held until the transaction ends; one that is over takes none."""
    row = training_for(session, training_id, by)
    session.refresh(row, with_for_update=True)
    require_open(row)
    return row


def require_open(row: TrainingSession) -> None:
    if row.called_off_at:
        raise BadInputError("这次实训取消了")
    if row.closed_at:
        raise BadInputError("这次实训已经结算了；要改谁的记录，请点开那个人，写明原因")


def require_room(session: Session, row: TrainingSession, more: int) -> None:
    taken = session.scalar(select(func.count()).select_from(TrainingSeat).where(TrainingSeat.session_id == row.id)) or 0
    if taken + more > row.capacity:
        raise BadInputError("坐不下了：一共{capacity}个位子，已经有{taken}个人", capacity=row.capacity, taken=taken)


def _start(span: Span) -> datetime:
    return span.starts_at


def _mine(known: TrainingSession, by: Me) -> TrainingSession:
    """A form sent again is the same session; somebody else's form key is nothing to this trainer."""
    if known.planned_by != by.person.id:
        raise NotFoundError("没有找到这张表，请重新打开页面")
    return known


def _check(wish: TrainingPlan, framework: Framework, now: datetime) -> None:
    if not 2 <= len(" ".join(wish.title.split())) <= LONGEST_PLACE:
        raise BadInputError("请写实训叫什么，2到{most}个字", most=LONGEST_PLACE)
    if not 2 <= len(" ".join(wish.place.split())) <= LONGEST_PLACE:
        raise BadInputError("请写清楚在哪里，2到{most}个字", most=LONGEST_PLACE)
    if not 1 <= wish.capacity <= MOST_PEOPLE:
        raise BadInputError("位子要在1到{most}个之间", most=MOST_PEOPLE)
    if wish.level not in LEVELS:
        raise BadInputError("请选看的是日常情形还是复杂情形")
    _check_shows(wish.shows, framework)
    _check_spans(wish.spans, now)


def _check_shows(shows: Mapping[str, frozenset[str]], framework: Framework) -> None:
    fit = {each.code: each.indicator_codes for each in suitable(framework)}
    if not any(shows.values()):
        raise BadInputError("请勾上这次能看到的项目，至少一项")
    if any(code not in fit or not found <= fit[code] for code, found in shows.items()):
        raise BadInputError("有的项目不能用实训来看，请重新打开页面再勾")


def _check_spans(spans: Collection[Span], now: datetime) -> None:
    if not 1 <= len(spans) <= MOST_PARTS:
        raise BadInputError("请填时间：至少一段，最多{most}段", most=MOST_PARTS)
    for span in spans:
        if not timedelta(minutes=10) <= span.ends_at - span.starts_at <= LONGEST:
            raise BadInputError("每一段至少10分钟、最多{hours}小时；结束要晚于开始", hours=int(LONGEST.total_seconds() // 3600))
        if not now - BACKWARDS <= span.starts_at <= now + FURTHEST:
            raise BadInputError("有一段时间太早或太远了，请检查日期")
    if not apart(spans):
        raise BadInputError("有两段时间重叠了，请改好再保存")
