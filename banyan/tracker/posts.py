"""Appointing somebody, moving them to another post, ending a post: dated, and what was before stays."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from banyan.accounts.takeover import openable
from banyan.domain.calendar import county_day
from banyan.domain.framework import Role
from banyan.domain.organisation import GRADES
from banyan.domain.permission import Action, Target
from banyan.errors import BadInputError, NotAllowedError, NotFoundError
from banyan.records import audit
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.tracker.lending import end_loans
from banyan.tracker.people import NOT_HERE, Me, hold, require, target_of
from banyan.tracker.registers import reach, unit_under
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing_orders import apply_rules

DAY = timedelta(days=1)
AHEAD = timedelta(days=366)
POST = range(1, 41)  # characters


@dataclass(frozen=True)
class Wanted:
    """A post as somebody enters it: `unit` is a code, `part` the name of what lies below it; no grade where it has none."""

    unit: str
    part: str
    role: str
    post: str
    grade: int | None
    full_time: bool
    starts_on: date
    ends_on: date | None = None


def history(session: Session, person_id: int) -> list[Appointment]:
    """Return every post somebody holds, held or will hold, the latest first."""
    query = select(Appointment).where(Appointment.person_id == person_id).options(joinedload(Appointment.unit))
    return list(session.scalars(query.order_by(Appointment.starts_on.desc(), Appointment.id.desc())))


def appoint(session: Session, by: Me, person_id: int, wanted: Wanted, rulebook: Rulebook, now: datetime) -> Appointment:
    """Give somebody a post beside those they hold; standing rules ask at once what they ask of it."""
    person, unit = _person(session, by, person_id, now), _place(session, by, wanted)
    row = _begin(session, person, unit, wanted, now)
    _log(session, by, "post.begin", person, row, unit.name, now)
    apply_rules(session, [person.id], rulebook, now)
    return row


def transfer(
    session: Session, by: Me, person_id: int, post_id: int, wanted: Wanted, rulebook: Rulebook, now: datetime
) -> Appointment:
    """End a post on the day before another begins; both stay in the history."""
    person, unit = _person(session, by, person_id, now), _place(session, by, wanted)
    old = _own_post(session, by, person, post_id, county_day(now))
    if wanted.starts_on <= old.starts_on:
        raise BadInputError("新岗位要在原来的岗位开始（{day}）以后才能开始", day=old.starts_on)
    if old.ends_on is None or old.ends_on >= wanted.starts_on:
        old.ends_on = wanted.starts_on - DAY
    session.flush()
    row = _begin(session, person, unit, wanted, now)
    _log(session, by, "post.transfer", person, row, unit.name, now, old=f"{old.unit.name} {old.post}")
    apply_rules(session, [person.id], rulebook, now)
    return row


def end_post(session: Session, by: Me, person_id: int, post_id: int, last: date, now: datetime) -> bool:
    """End a post after its last day and say whether the person leaves with it: who has no other post has left.

    Their duties, and what they handed on of them, end too; nobody may send off whose duties reach beyond their own hands.
    """
    today = county_day(now)
    person = _person(session, by, person_id, now)
    row = _own_post(session, by, person, post_id, today)
    if last < row.starts_on or last < today - AHEAD or last > today + AHEAD:
        raise BadInputError("日期不对：最后一天不能早于这个岗位开始的那天，也不能离今天太远")
    others = [each for each in history(session, person.id) if each.id != row.id and (not each.ends_on or each.ends_on > last)]
    if not others:
        _leave(session, by, person, last, today)
    row.ends_on = last
    session.flush()
    _log(session, by, "post.end", person, row, row.unit.name, now, wholly=not others)
    return not others


def _leave(session: Session, by: Me, person: Person, last: date, today: date) -> None:
    if person.id == by.person.id:
        raise BadInputError("这是您唯一的岗位；离岗要请上一级管理员来记")
    if person.id not in openable(session, by.person, [person], today):
        raise NotAllowedError("{name}还有您管不到的职责，这一步要请上一级管理员来做", name=person.name)
    person.left_on = last
    lasts = or_(ChargeRow.ends_on.is_(None), ChargeRow.ends_on > last)
    charges = list(session.scalars(select(ChargeRow).where(ChargeRow.person_id == person.id, lasts)))
    for each in charges:
        each.ends_on = min(last, each.starts_on - DAY) if each.starts_on > last else last
    end_loans(session, [each.id for each in charges], last)


def _person(session: Session, by: Me, person_id: int, now: datetime) -> Person:
    require(by.actor, Action.MANAGE_PEOPLE, target_of(session, person_id, county_day(now)))
    hold(session, [person_id])
    return session.get_one(Person, person_id)


def _place(session: Session, by: Me, wanted: Wanted) -> Unit:
    unit, part = unit_under(session, wanted.unit, reach(by)), "".join(wanted.part.split())
    if not part:
        return unit
    below = list(session.scalars(select(Unit).where(Unit.parent_id == unit.id).order_by(Unit.code)))
    found = next((each for each in below if each.name == part), None)
    if found is None and below:
        names = "、".join(each.name for each in below[:8])
        raise BadInputError("“{unit}”下面没有“{part}”，有的是：{names}", unit=unit.name, part=part, names=names)
    if found is None:
        raise BadInputError("“{unit}”下面还没有单位，“{part}”请留空", unit=unit.name, part=part)
    return found


def _own_post(session: Session, by: Me, person: Person, post_id: int, today: date) -> Appointment:
    """Return a post of somebody that has not ended, at a unit one manages; any other is not there."""
    row = session.get(Appointment, post_id, options=[joinedload(Appointment.unit)])
    if row is None or row.person_id != person.id or (row.ends_on and row.ends_on < today):
        raise NotFoundError(NOT_HERE)
    require(by.actor, Action.MANAGE_PEOPLE, Target(frozenset({row.unit.path})))
    return row


def _begin(session: Session, person: Person, unit: Unit, wanted: Wanted, now: datetime) -> Appointment:
    role, post = _role(wanted.role), " ".join(wanted.post.split())
    if len(post) not in POST:
        raise BadInputError("请填岗位名称，最多40个字")
    if wanted.grade is not None and wanted.grade not in GRADES:
        raise BadInputError("岗位等级是1到18")
    if wanted.ends_on and wanted.ends_on < wanted.starts_on:
        raise BadInputError("日期不对：最后一天不能早于第一天")
    if wanted.starts_on > county_day(now) + AHEAD:
        raise BadInputError("最多提前一年写岗位")
    same = select(Appointment.id).where(
        Appointment.person_id == person.id, Appointment.unit_id == unit.id, Appointment.role == role.value
    )
    meets = or_(Appointment.ends_on.is_(None), Appointment.ends_on >= wanted.starts_on)
    if wanted.ends_on:
        same = same.where(Appointment.starts_on <= wanted.ends_on)
    if session.scalars(same.where(or_(meets, Appointment.starts_on == wanted.starts_on))).first():
        raise BadInputError("这段时间里他在“{unit}”已经是{role}了", unit=unit.name, role=post)
    job = {"role": role.value, "post": post, "grade": wanted.grade, "full_time": wanted.full_time}
    if person.left_on and (wanted.ends_on is None or wanted.ends_on > person.left_on):
        person.left_on = None  # who was to leave stays, as with a roster that names them again
    row = Appointment(person_id=person.id, unit_id=unit.id, starts_on=wanted.starts_on, ends_on=wanted.ends_on, **job)
    session.add(row)
    session.flush()
    return row


def _role(text: str) -> Role:
    if text not in list(Role):
        raise BadInputError("请选是哪一类人员")
    return Role(text)


def _log(session: Session, by: Me, act: str, person: Person, row: Appointment, unit: str, now: datetime, **more: object) -> None:
    detail: dict[str, object] = {"unit": unit, "post": row.post, "role": row.role, "starts_on": row.starts_on.isoformat()}
    detail |= {"until": row.ends_on.isoformat() if row.ends_on else "", **more}
    audit.append(session, now, by.person.staff_number, act, person.staff_number, **{k: v for k, v in detail.items() if v})
