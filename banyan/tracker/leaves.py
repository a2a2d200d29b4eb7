"""Leave: dated, recorded by an administrator for a reason; it stops the clock where a programme says so."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.records import audit
from banyan.records.certification import Leave
from banyan.records.people import Person
from banyan.tracker.people import Me, require, target_of

LEAST, MOST = 2, 200  # characters of a reason
LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Away:
    """Days of leave as they are to be recorded, the last one among them."""

    person_id: int
    starts_on: date
    ends_on: date
    reason: str


def record_leave(session: Session, away: Away, by: Me, now: datetime) -> Leave:
    """Record leave of somebody else; two that overlap are refused, so that each day is told once."""
    person = _held(session, away.person_id, by, now)
    if away.ends_on < away.starts_on:
        raise BadInputError("假期的最后一天不能早于第一天")
    if away.ends_on - away.starts_on > LONGEST:
        raise BadInputError("一次假期最多三年，请分开登记")
    reason = " ".join(away.reason.split())
    if not LEAST <= len(reason) <= MOST:
        raise BadInputError("请写是什么假，{least}到{most}个字", least=LEAST, most=MOST)
    for each in leaves_of(session, person.id):
        if each.starts_on <= away.ends_on and away.starts_on <= each.ends_on:
            raise BadInputError("和已经登记的假期（{first} 到 {last}）重叠了", first=each.starts_on, last=each.ends_on)
    row = Leave(person_id=person.id, starts_on=away.starts_on, ends_on=away.ends_on, reason=reason)
    row.recorded_by, row.recorded_at = by.person.id, now
    session.add(row)
    session.flush()
    detail = {"from": away.starts_on.isoformat(), "until": away.ends_on.isoformat(), "reason": reason}
    audit.append(session, now, by.person.staff_number, "leave.record", person.staff_number, **detail)
    return row


def take_back_leave(session: Session, person_id: int, leave_id: int, by: Me, now: datetime) -> Leave:
    """Take back somebody's leave that was recorded by mistake; done twice it is done once."""
    person = _held(session, person_id, by, now)
    row = session.get(Leave, leave_id, populate_existing=True)
    if row is None or row.person_id != person.id:
        raise BadInputError("没有这次假期，请刷新页面再看")
    if row.taken_back_at is None:
        row.taken_back_by, row.taken_back_at = by.person.id, now
        session.flush()
        detail = {"from": row.starts_on.isoformat(), "until": row.ends_on.isoformat()}
        audit.append(session, now, by.person.staff_number, "leave.take_back", person.staff_number, **detail)
    return row


def leaves_of(session: Session, person_id: int) -> list[Leave]:
    """Return the leave that stands of somebody, the earliest first."""
    query = select(Leave).where(Leave.person_id == person_id, Leave.taken_back_at.is_(None))
    return list(session.scalars(query.order_by(Leave.starts_on)))


def _held(session: Session, person_id: int, by: Me, now: datetime) -> Person:
    require(by.actor, Action.REVOKE, target_of(session, person_id, county_day(now)))
    return session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
