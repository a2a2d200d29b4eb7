"""Turning JupyterLab on and off for a person: by an administrator over them, for a reason, in the log."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from banyan.accounts.labs import standing_grant, teaches
from banyan.domain.calendar import county_day
from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.records import audit
from banyan.records.labs import LabGrant, Purpose
from banyan.records.people import Person
from banyan.tracker.people import Me, require, target_of
from banyan.tracker.second_chances import REASON_LENGTH

SHORTEST = 4


@dataclass(frozen=True)
class LabWish:
    """Who is to have JupyterLab, what for, and why."""

    person_id: int
    purpose: str
    reason: str


def turn_on(session: Session, wish: LabWish, by: Me, now: datetime) -> LabGrant:
    """Turn it on; what stood before for something else is taken back, and the same twice is once."""
    person = _held(session, wish.person_id, by, now)
    purpose, reason = _checked(wish)
    if purpose is Purpose.GRADING and not teaches(session, person.id, county_day(now)):
        raise BadInputError("{name}不是哪门课的老师，没有成绩册可看；请先交给他老师的职责", name=person.name)
    known = standing_grant(session, person.id)
    if known and (known.purpose, known.reason) == (purpose, reason):
        return known
    if known:
        known.taken_back_by, known.taken_back_at = by.person.id, now
    row = LabGrant(person_id=person.id, purpose=purpose, reason=reason, given_by=by.person.id, given_at=now)
    session.add(row)
    session.flush()
    audit.append(session, now, by.person.staff_number, "lab.on", person.staff_number, purpose=purpose, reason=reason)
    return row


def turn_off(session: Session, person_id: int, by: Me, now: datetime) -> None:
    """Turn it off; the hub ends a running server within seconds. Off twice is off once."""
    person = _held(session, person_id, by, now)
    known = standing_grant(session, person.id)
    if known is None:
        return
    known.taken_back_by, known.taken_back_at = by.person.id, now
    session.flush()
    audit.append(session, now, by.person.staff_number, "lab.off", person.staff_number, purpose=known.purpose)


def _held(session: Session, person_id: int, by: Me, now: datetime) -> Person:
    require(by.actor, Action.SWITCH_LAB, target_of(session, person_id, county_day(now)))
    return session.get_one(Person, person_id)


def _checked(wish: LabWish) -> tuple[Purpose, str]:
    if wish.purpose not in set(Purpose):
        raise BadInputError("请选用 JupyterLab 做什么")
    reason = " ".join(wish.reason.split())
    if len(reason) < SHORTEST:
        raise BadInputError("请写明为什么打开，至少{least}个字", least=SHORTEST)
    if len(reason) > REASON_LENGTH:
        raise BadInputError("原因最多 {most} 个字，现在有 {count} 个", most=REASON_LENGTH, count=len(reason))
    return Purpose(wish.purpose), reason
