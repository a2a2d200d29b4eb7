"""Service hours: a social worker leads an activity with the volunteers paired to it and confirms what each served.

No way there or back, no hour twice: what overlaps with another hour of the same person is refused.
Whose leader may lead there no more is taken over by whoever does, never for hours of their own.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from banyan.domain.calendar import COUNTY_TIME, county_day
from banyan.domain.framework import Kind
from banyan.domain.permission import GUIDES, Action, Target, subtrees
from banyan.domain.service import LONGEST, Served, ServiceRules, Shift, shown_on
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.organisation import Unit
from banyan.records.people import ChargeRow, Person
from banyan.records.service import ServedRow, ServiceActivity, ServicePair
from banyan.tracker.amending import Account, Amendment, amend, why
from banyan.tracker.intake import Claim
from banyan.tracker.people import NOT_HERE, Me, holds_on, people_under, require, under
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.succession import may_take_back
from banyan.words.language import N_

LEVEL = 2
OLDEST, FURTHEST = timedelta(days=60), timedelta(days=60)
LONGEST_WORDS, MOST_PEOPLE = 80, 60
LATER = N_("后来补认了时数，重新算过")
"""Why a row of evidence is withdrawn where hours confirmed late move the day on which enough had come together."""


@dataclass(frozen=True)
class Activity:
    """An activity to be or that was; `form_key` is drawn with the form."""

    unit_path: str
    kind: str
    title: str
    place: str
    shift: Shift
    form_key: str


def enter(session: Session, wish: Activity, by: Me, rulebook: Rulebook, now: datetime) -> ServiceActivity:
    """Write down an activity one leads; the same form sent twice is one."""
    require(by.actor, Action.LEAD_SERVICE, Target(frozenset({wish.unit_path})))
    session.execute(select(Person.id).where(Person.id == by.person.id).with_for_update())
    known = session.scalars(select(ServiceActivity).where(ServiceActivity.form_key == wish.form_key)).one_or_none()
    if known and known.led_by == by.person.id:
        return known
    if known:
        raise NotFoundError("没有找到这张表，请重新打开页面")
    _check(wish, rulebook.intakes.service, now)
    unit = session.scalars(select(Unit).where(Unit.path == wish.unit_path)).one()
    row = ServiceActivity(unit_id=unit.id, kind=wish.kind, starts_at=wish.shift.starts_at, ends_at=wish.shift.ends_at)
    row.title, row.place, row.form_key = " ".join(wish.title.split()), " ".join(wish.place.split()), wish.form_key
    row.led_by, row.entered_at = by.person.id, now
    session.add(row)
    session.flush()
    detail = {"unit": unit.path, "starts_at": row.starts_at.isoformat(), "place": row.place, "kind": row.kind}
    audit.append(session, now, by.person.staff_number, "service.enter", f"service:{row.id}", **detail)
    return row


def pair(session: Session, activity_id: int, people: Collection[int], by: Me, now: datetime) -> None:
    """Pair volunteers of the activity's unit with whoever leads it; who is paired stays so."""
    row = _mine(session, activity_id, by, now)
    before = paired(session, row.id)
    wanted = set(people) - before
    found = set(session.scalars(volunteers(row, by, now).where(Person.id.in_(wanted)).with_only_columns(Person.id)))
    if wanted - found:
        raise NotFoundError(NOT_HERE)
    if len(before | wanted) > MOST_PEOPLE:
        raise BadInputError("一次活动最多{most}个人，请分成几次记", most=MOST_PEOPLE)
    for person_id in sorted(wanted):
        session.add(ServicePair(activity_id=row.id, person_id=person_id, paired_by=by.person.id, paired_at=now))
    session.flush()
    if wanted:
        numbers = sorted(session.scalars(select(Person.staff_number).where(Person.id.in_(wanted))))
        audit.append(session, now, by.person.staff_number, "service.pair", f"service:{row.id}", staff=numbers)


@dataclass(frozen=True)
class Hours:
    """What somebody served in an activity; None where they were not there."""

    activity_id: int
    person_id: int
    shift: Shift | None


def confirm(session: Session, hours: Hours, amendment: Amendment, rulebook: Rulebook, now: datetime) -> None:
    """Confirm what somebody served; the same again changes nothing, another time is put right for a reason."""
    row = _mine(session, hours.activity_id, amendment.by, now)
    if hours.person_id == amendment.by.person.id:
        raise BadInputError("自己的时数，请另一位来认")
    if hours.person_id not in paired(session, row.id):
        raise NotFoundError(NOT_HERE)
    person = session.scalars(select(Person).where(Person.id == hours.person_id).with_for_update()).one()
    held = {each.activity_id: each for each in served_by(session, person.id)}
    last = held.get(row.id)
    if last and shift_of(last) == hours.shift:
        return
    reason = why(amendment.reason) if last else ""
    if hours.shift:
        _check_shift(row, hours.shift, now)
        others = {number: shift for number, each in held.items() if number != row.id and (shift := shift_of(each))}
        _refuse_overlap(session, hours.shift, others)
    fresh = ServedRow(activity_id=row.id, person_id=person.id, reason=reason)
    fresh.starts_at, fresh.ends_at = (hours.shift.starts_at, hours.shift.ends_at) if hours.shift else (None, None)
    fresh.confirmed_by, fresh.confirmed_at = amendment.by.person.id, now
    session.add(fresh)
    session.flush()
    detail = {"id": row.id, "minutes": hours.shift.minutes if hours.shift else 0} | ({"reason": reason} if reason else {})
    audit.append(session, now, amendment.by.person.staff_number, "service.confirm", person.staff_number, **detail)
    _count(session, person.id, row.kind, Amendment(amendment.by, reason or LATER), rulebook, now)


def confirm_rest(session: Session, activity_id: int, by: Me, rulebook: Rulebook, now: datetime) -> None:
    """Confirm the whole time of everybody else of whom nothing was confirmed yet."""
    row = _mine(session, activity_id, by, now)
    whole = Shift(row.starts_at, row.ends_at)
    for person, held in paired_people(session, row):
        if held is None and person.id != by.person.id:
            confirm(session, Hours(row.id, person.id, whole), Amendment(by), rulebook, now)


def activity_for(session: Session, activity_id: int, by: Me) -> ServiceActivity:
    """Return an activity to whoever may lead one there; to others it is not there."""
    row = session.get(ServiceActivity, activity_id)
    if row is None:
        raise NotFoundError(NOT_HERE)
    require(by.actor, Action.LEAD_SERVICE, Target(frozenset({row.unit.path})))
    return row


def activities_of(session: Session, me: Me, most: int = 100) -> list[ServiceActivity]:
    """Return the activities one led, the latest first."""
    query = select(ServiceActivity).where(ServiceActivity.led_by == me.person.id)
    return list(session.scalars(query.order_by(ServiceActivity.starts_at.desc(), ServiceActivity.id.desc()).limit(most)))


def left_behind(session: Session, me: Me, now: datetime, most: int = 100) -> list[ServiceActivity]:
    """Return the activities one may take over: of one's subtrees, whose leaders may lead there no more, the latest first."""
    today, over = county_day(now), aliased(Unit)
    may_still = (
        select(ChargeRow.id)
        .join(over, ChargeRow.unit_id == over.id)
        .join(Person, ChargeRow.person_id == Person.id)
        .where(ChargeRow.person_id == ServiceActivity.led_by, ChargeRow.duty.in_(GUIDES), holds_on(ChargeRow, today))
        .where(Unit.path.startswith(over.path), Person.left_on.is_(None) | (Person.left_on >= today))
    )
    query = select(ServiceActivity).join(Unit, ServiceActivity.unit_id == Unit.id).where(under(leads(me)))
    query = query.where(ServiceActivity.led_by != me.person.id, ~may_still.correlate(ServiceActivity, Unit).exists())
    return list(session.scalars(query.order_by(ServiceActivity.starts_at.desc(), ServiceActivity.id.desc()).limit(most)))


def may_lead(session: Session, row: ServiceActivity, me: Me, now: datetime) -> bool:
    """Say whether somebody answers for an activity: who led it; once they may lead there no more, whoever may."""
    target = Target(frozenset({row.unit.path}))
    return may_take_back(session, row.leader, me, Action.LEAD_SERVICE, target, county_day(now))


def paired(session: Session, activity_id: int) -> set[int]:
    return set(session.scalars(select(ServicePair.person_id).where(ServicePair.activity_id == activity_id)))


def paired_people(session: Session, row: ServiceActivity) -> list[tuple[Person, ServedRow | None]]:
    """Return who is paired with an activity, and what was confirmed of each."""
    query = select(Person).where(Person.id.in_(paired(session, row.id))).order_by(Person.staff_number)
    rows = session.scalars(select(ServedRow).where(ServedRow.activity_id == row.id).order_by(ServedRow.id))
    held = {each.person_id: each for each in rows}
    return [(each, held.get(each.id)) for each in session.scalars(query)]


def volunteers(row: ServiceActivity, by: Me, now: datetime) -> Select[Person]:
    """Select whom an activity may be paired with: whoever is of its unit, never who leads it."""
    return people_under([row.unit.path], county_day(now)).where(Person.id.not_in({by.person.id, row.led_by}))


def served_by(session: Session, person_id: int) -> list[ServedRow]:
    """Return what holds of somebody, activity by activity."""
    rows = session.scalars(select(ServedRow).where(ServedRow.person_id == person_id).order_by(ServedRow.id))
    return list({each.activity_id: each for each in rows}.values())


def shift_of(row: ServedRow) -> Shift | None:
    return Shift(row.starts_at, row.ends_at) if row.starts_at and row.ends_at else None


def minutes_of(rows: Collection[ServedRow]) -> int:
    return sum(shift.minutes for each in rows if (shift := shift_of(each)))


def leads(me: Me) -> tuple[str, ...]:
    """Return the subtrees in which somebody may lead activities."""
    return subtrees(me.actor, GUIDES)


def _mine(session: Session, activity_id: int, by: Me, now: datetime) -> ServiceActivity:
    row = activity_for(session, activity_id, by)
    if not may_lead(session, row, by, now):
        raise BadInputError("这次活动是{name}带的，时数请{name}来认", name=row.leader.name)
    session.refresh(row, with_for_update=True)
    return row


def _count(session: Session, person_id: int, kind: str, amendment: Amendment, rulebook: Rulebook, now: datetime) -> None:
    """Make what counts of somebody's hours of a kind what they have served."""
    rule = rulebook.intakes.service.kinds.get(kind)
    if rule is None or rule.competency not in rulebook.framework:
        return
    competency, rows = rulebook.framework.competency(rule.competency), served_by(session, person_id)
    ids = [each.activity_id for each in rows]
    same = set(session.scalars(select(ServiceActivity.id).where(ServiceActivity.id.in_(ids), ServiceActivity.kind == kind)))
    served: list[Served] = [
        (county_day(shift.starts_at), shift.minutes) for each in rows if each.activity_id in same and (shift := shift_of(each))
    ]
    record = f"service:{person_id}:{kind}"
    claims = tuple(
        Claim(person_id, competency.code, competency.indicator_codes, Kind.SH, LEVEL, day, f"{record}:{day.isoformat()}")
        for day in dict.fromkeys(shown_on(served, rule.hours, competency.valid_months))
    )
    amend(session, Account(record, person_id, claims), amendment, rulebook, now)


def _check(wish: Activity, rules: ServiceRules, now: datetime) -> None:
    if wish.kind not in rules.kinds:
        raise BadInputError("请选是哪一类服务")
    if not 2 <= len(" ".join(wish.title.split())) <= LONGEST_WORDS:
        raise BadInputError("请写活动叫什么，2到{most}个字", most=LONGEST_WORDS)
    if not 2 <= len(" ".join(wish.place.split())) <= LONGEST_WORDS:
        raise BadInputError("请写清楚在哪里，2到{most}个字", most=LONGEST_WORDS)
    if not timedelta(minutes=10) <= wish.shift.ends_at - wish.shift.starts_at <= LONGEST:
        raise BadInputError("一次活动至少10分钟、最多{hours}小时；结束要晚于开始", hours=int(LONGEST.total_seconds() // 3600))
    if not now - OLDEST <= wish.shift.starts_at <= now + FURTHEST:
        raise BadInputError("日期太早或太远了：只能记前后{days}天里的", days=OLDEST.days)


def _check_shift(row: ServiceActivity, shift: Shift, now: datetime) -> None:
    if not shift.lies_in(Shift(row.starts_at, row.ends_at)):
        raise BadInputError("时间要在活动的时间里面，路上的不算")
    if shift.ends_at > now:
        raise BadInputError("还没有做完，做完再认")


def _refuse_overlap(session: Session, shift: Shift, others: dict[int, Shift]) -> None:
    for number, other in others.items():
        if shift.overlaps(other):
            title, first = session.get_one(ServiceActivity, number).title, other.starts_at.astimezone(COUNTY_TIME)
            last = other.ends_at.astimezone(COUNTY_TIME)
            raise BadInputError(
                "这个时间他在“{title}”记过了（{day} {first}到{last}），同一个钟点不能记两次",
                title=title,
                day=first.date(),
                first=f"{first:%H:%M}",
                last=f"{last:%H:%M}",
            )
