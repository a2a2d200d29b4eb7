"""More time at an exam for one learner: given by a trainer of theirs or an administrator over them, with a reason.

It holds for every attempt at the course that begins while it stands. Nothing is changed while an attempt is under way:
the deadline somebody was told at the start stays theirs.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from banyan.domain.calendar import county_day
from banyan.domain.examination import FACTORS, State
from banyan.domain.permission import Action, Duty, subtrees
from banyan.errors import BadInputError, NotYetError
from banyan.records import audit
from banyan.records.examinations import ExtraTime
from banyan.records.people import Person
from banyan.tracker.admission import standing_time
from banyan.tracker.attempts import sittings
from banyan.tracker.people import Me, people_under, places, require, target_of, units_of
from banyan.tracker.search import answering_to
from banyan.tracker.second_chances import REASON_LENGTH, Who

MOST_FOUND = 60


@dataclass(frozen=True)
class Wish:
    """Who is to have more time, how much, and why."""

    who: Who
    factor: float
    reason: str


@dataclass(frozen=True)
class Entitled:
    """A learner as who may lengthen their time sees them: `time` is what stands, `running` an attempt under way."""

    person: Person
    place: tuple[str, ...]
    time: ExtraTime | None
    running: bool


def entitled(session: Session, who: Who, by: Me, now: datetime) -> Entitled:
    """Return how a learner stands to whoever may give them more time; to others they are not there."""
    today = county_day(now)
    require(by.actor, Action.LENGTHEN, target_of(session, who.person_id, today, who.course))
    units = units_of(session, who.person_id, today)[:1]
    place = places(session, units)[units[0].id] if units else ()
    person = session.get_one(Person, who.person_id)
    return Entitled(person, place, standing_time(session, who.person_id, who.course), _is_running(session, who))


def lengthen(session: Session, wish: Wish, by: Me, now: datetime) -> ExtraTime:
    """Give more time; what stood before is taken back, and the same given twice is given once."""
    reason = _checked(wish)
    learner = _held(session, wish.who, by, now)
    known = standing_time(session, learner.id, wish.who.course)
    if known and (known.factor, known.reason) == (wish.factor, reason):
        return known
    if known:
        known.taken_back_by, known.taken_back_at = by.person.id, now
    row = ExtraTime(person_id=learner.id, course=wish.who.course, factor=wish.factor, reason=reason)
    row.given_by, row.given_at = by.person.id, now
    session.add(row)
    session.flush()
    detail = {"course": row.course, "factor": row.factor, "reason": reason}
    audit.append(session, now, by.person.staff_number, "exam.lengthen", learner.staff_number, **detail)
    return row


def take_time_back(session: Session, who: Who, by: Me, now: datetime) -> None:
    """Let the usual time hold again for attempts to come; taken back twice it is taken back once."""
    learner = _held(session, who, by, now)
    known = standing_time(session, learner.id, who.course)
    if known is None:
        return
    known.taken_back_by, known.taken_back_at = by.person.id, now
    session.flush()
    detail = {"course": who.course, "factor": known.factor}
    audit.append(session, now, by.person.staff_number, "exam.usual_time", learner.staff_number, **detail)


def theirs(me: Me, course: str) -> tuple[str, ...]:
    """Return the subtrees in which somebody may give more time at a course's exam."""
    return (*subtrees(me.actor, Duty.TRAINER, course), *subtrees(me.actor, Duty.ADMINISTRATOR))


def called(session: Session, me: Me, course: str, name: str, today: date) -> list[Person]:
    """Return whom somebody may give more time and who answers to a text; never themselves."""
    query = people_under(theirs(me, course), today).where(Person.id != me.person.id)
    return list(session.scalars(query.where(answering_to(name)).order_by(Person.staff_number).limit(MOST_FOUND)))


def lengthened(session: Session, me: Me, course: str, today: date) -> list[ExtraTime]:
    """Return the extra time that stands for those somebody may give it to, the latest given first."""
    learners = people_under(theirs(me, course), today).where(Person.id != me.person.id).with_only_columns(Person.id)
    query = select(ExtraTime).where(ExtraTime.person_id.in_(learners), ExtraTime.course == course)
    query = query.where(ExtraTime.taken_back_at.is_(None)).options(joinedload(ExtraTime.person), joinedload(ExtraTime.giver))
    return list(session.scalars(query.order_by(ExtraTime.id.desc())))


def _held(session: Session, who: Who, by: Me, now: datetime) -> Person:
    """Return the learner, their row held as `begin` holds it, so that a beginning and a change cannot cross."""
    require(by.actor, Action.LENGTHEN, target_of(session, who.person_id, county_day(now), who.course))
    learner = session.scalars(select(Person).where(Person.id == who.person_id).with_for_update()).one()
    if _is_running(session, who):
        raise NotYetError("{name}正在考试，时间现在不能改；交卷以后才能改", name=learner.name)
    return learner


def _is_running(session: Session, who: Who) -> bool:
    return any(each.state is State.OPEN for each in sittings(session, who.person_id, who.course))


def _checked(wish: Wish) -> str:
    if wish.factor not in FACTORS:
        raise BadInputError("请选延长到几倍")
    reason = " ".join(wish.reason.split())
    if not reason:
        raise BadInputError("请写明为什么延长时间")
    if len(reason) > REASON_LENGTH:
        raise BadInputError("原因最多 {most} 个字，现在有 {count} 个", most=REASON_LENGTH, count=len(reason))
    return reason
