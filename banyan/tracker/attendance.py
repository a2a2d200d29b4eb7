"""Who was at a session: signed in by a phone that saw the trainer's screen, ticked off a roster, put right for a reason.

Rows are only added; the last one of a person and part holds. Signing in twice is once, whichever way.
"""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.attendance import TICKET, code_at, is_fresh
from banyan.domain.calendar import COUNTY_TIME, county_day
from banyan.domain.permission import Action, Target
from banyan.errors import BadInputError, NotFoundError, NotYetError
from banyan.records import audit
from banyan.records.people import Person
from banyan.records.training import AttendanceRow, TrainingPart, TrainingSeat, TrainingSession
from banyan.tracker.amending import Amendment, why
from banyan.tracker.people import NOT_HERE, Me, people_under, require
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.settling import settle
from banyan.tracker.training_rolls import rolls_of, span_of
from banyan.tracker.trainings import held_open, part_for, require_open, require_room, seated, training_for


def screen_code(rulebook: Rulebook, part: TrainingPart, now: datetime) -> str:
    """Return what the trainer's screen shows at a moment."""
    return code_at(_key(rulebook), _subject(part.id), now)


def open_code(session: Session, part_id: int, code: str, me: Me, rulebook: Rulebook, now: datetime) -> tuple[TrainingPart, str]:
    """Return the part a code opens to somebody, and a ticket of their own, good for minutes to say that they are here.

    NotFoundError for whom the session is not; BadInputError for a code that ran out or was never one.
    """
    part = part_for_learner(session, part_id, me, now)
    require_open(part.session)
    _require_time(part, now)
    if not is_fresh(_key(rulebook), _subject(part.id), code, now):
        raise BadInputError("二维码每半分钟换一次，这一个已经过时了。请对着老师的屏幕再扫一次")
    return part, code_at(_key(rulebook), _own(part.id, me), now, TICKET)


def sign_in(session: Session, part_id: int, ticket: str, me: Me, rulebook: Rulebook, now: datetime) -> AttendanceRow:
    """Write down that somebody is here, with a seat if they had none; a second time it is the same row."""
    part = part_for_learner(session, part_id, me, now)
    session.refresh(part.session, with_for_update=True)
    require_open(part.session)
    if not is_fresh(_key(rulebook), _own(part.id, me), ticket, now, TICKET):
        raise BadInputError("这一页放得太久了，请对着老师的屏幕再扫一次")
    session.execute(select(Person.id).where(Person.id == me.person.id).with_for_update())
    known = rolls_of(session, part.session, [me.person.id]).get(me.person.id, {}).get(part.id)
    if known:
        return known  # also where a trainer has written down that they left: a code does not overrule who was in the room
    _take_seat(session, part.session, me, now)
    row = _row(part, me.person.id, span_of(part).minutes, "code")
    row.recorded_by, row.recorded_at = me.person.id, now
    session.add(row)
    session.flush()
    return row


@dataclass(frozen=True)
class Roll:
    """A part's roster as it was sent: whom the page showed, and who of them was ticked."""

    part_id: int
    shown: Collection[int]
    ticked: Collection[int]


def call_roll(session: Session, roll: Roll, by: Me, now: datetime) -> None:
    """Keep who is there of those the page showed. Only what the page could change: a tick that is gone means not there."""
    part = part_for(session, roll.part_id, by)
    row = held_open(session, part.session_id, by)
    shown, ticked = set(roll.shown), set(roll.ticked) & set(roll.shown)
    if shown - seated(session, row.id):
        raise NotFoundError(NOT_HERE)
    held = rolls_of(session, row, shown)
    before = {each for each in shown if part.id in held.get(each, {}) and held[each][part.id].minutes > 0}
    for person_id in sorted(ticked ^ before):
        fresh = _row(part, person_id, span_of(part).minutes if person_id in ticked else 0, "roster")
        fresh.recorded_by, fresh.recorded_at = by.person.id, now
        session.add(fresh)
    session.flush()
    if ticked ^ before:
        numbers = {"present": _numbers(session, ticked - before), "absent": _numbers(session, before - ticked)}
        audit.append(session, now, by.person.staff_number, "training.roll", row.course, id=row.id, **numbers)


@dataclass(frozen=True)
class Correction:
    """Minutes somebody was really there for a part."""

    part_id: int
    person_id: int
    minutes: int


def correct(session: Session, fix: Correction, amendment: Amendment, rulebook: Rulebook, now: datetime) -> AttendanceRow:
    """Put somebody's minutes right for a reason, also after the session was settled: then what counts follows."""
    part = part_for(session, fix.part_id, amendment.by)
    row = training_for(session, part.session_id, amendment.by)
    require(amendment.by.actor, Action.OBSERVE, Target(frozenset({row.unit.path}), fix.person_id, row.course))
    session.refresh(row, with_for_update=True)
    if row.called_off_at:
        raise BadInputError("这次实训取消了")
    if fix.person_id not in seated(session, row.id):
        raise NotFoundError(NOT_HERE)
    reason = why(amendment.reason)
    if not 0 <= fix.minutes <= span_of(part).minutes:
        raise BadInputError("这一段一共{minutes}分钟，请填0到{minutes}", minutes=span_of(part).minutes)
    person = session.scalars(select(Person).where(Person.id == fix.person_id).with_for_update()).one()
    held = rolls_of(session, row, [fix.person_id]).get(fix.person_id, {}).get(part.id)
    if held and held.minutes == fix.minutes:
        return held
    fresh = _row(part, fix.person_id, fix.minutes, "correction")
    fresh.reason, fresh.recorded_by, fresh.recorded_at = reason, amendment.by.person.id, now
    session.add(fresh)
    session.flush()
    detail = {"id": row.id, "old": held.minutes if held else 0, "new": fix.minutes, "reason": reason}
    audit.append(session, now, amendment.by.person.staff_number, "training.correct", person.staff_number, **detail)
    if row.closed_at:
        settle(session, row, fix.person_id, amendment, rulebook, now)
    return fresh


def part_for_learner(session: Session, part_id: int, me: Me, now: datetime) -> TrainingPart:
    """Return a part to who has a seat or is of the session's unit; whoever leads it is not one of them."""
    part = session.get(TrainingPart, part_id)
    if part is None:
        raise NotFoundError(NOT_HERE)
    row = part.session
    of_unit = people_under([row.unit.path], county_day(now)).where(Person.id == me.person.id)
    mine = me.person.id in seated(session, row.id) or session.scalars(of_unit).first() is not None
    if not mine or row.planned_by == me.person.id:
        raise NotFoundError(NOT_HERE)
    return part


def _require_time(part: TrainingPart, now: datetime) -> None:
    if not span_of(part).takes_codes(now):
        starts, ends = (f"{each.astimezone(COUNTY_TIME):%H:%M}" for each in (part.starts_at, part.ends_at))
        raise NotYetError("这一段是{starts}到{ends}，现在不能扫码签到；来了没签上的，请找老师补", starts=starts, ends=ends)


def _take_seat(session: Session, row: TrainingSession, me: Me, now: datetime) -> None:
    if me.person.id in seated(session, row.id):
        return
    require_room(session, row, 1)
    session.add(TrainingSeat(session_id=row.id, person_id=me.person.id, seated_by=me.person.id, seated_at=now))


def _row(part: TrainingPart, person_id: int, minutes: int, way: str) -> AttendanceRow:
    return AttendanceRow(part_id=part.id, person_id=person_id, minutes=minutes, way=way, reason="")


def _numbers(session: Session, people: Collection[int]) -> list[str]:
    return sorted(session.scalars(select(Person.staff_number).where(Person.id.in_(people))))


def _subject(part_id: int) -> str:
    return f"part:{part_id}"


def _own(part_id: int, me: Me) -> str:
    return f"ticket:{part_id}:{me.person.id}"


def _key(rulebook: Rulebook) -> bytes:
    """A key of our own from the house's, so that no code is ever a draw of an exam."""
    return hmac.new(rulebook.attempt_key, b"training", sha256).digest()
