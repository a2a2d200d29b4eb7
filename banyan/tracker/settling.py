"""What a session shows of those who were there: ticked per indicator, counted once it is settled.

Who was not there for 80 percent of it has shown nothing in it, whatever was ticked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.framework import Framework, Kind
from banyan.domain.permission import Action, Target
from banyan.errors import BadInputError, NotFoundError, NotYetError
from banyan.records import audit
from banyan.records.people import Person
from banyan.records.training import SeenRow, TrainingSession
from banyan.tracker.amending import Account, Amendment, amend, why
from banyan.tracker.intake import Claim
from banyan.tracker.people import NOT_HERE, Me, hold, require
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.training_rolls import attended, rolls_of, seen_in
from banyan.tracker.trainings import seated, training_for


@dataclass(frozen=True)
class Ticks:
    """What somebody was seen to do in a session: indicator codes."""

    training_id: int
    person_id: int
    ticked: frozenset[str]


def tick(session: Session, ticks: Ticks, amendment: Amendment, rulebook: Rulebook, now: datetime) -> None:
    """Keep what somebody was seen to do; the same again changes nothing, a settled session is settled anew for a reason."""
    by, person_id, ticked = amendment.by, ticks.person_id, ticks.ticked
    row = training_for(session, ticks.training_id, by)
    session.refresh(row, with_for_update=True)
    require(by.actor, Action.OBSERVE, Target(frozenset({row.unit.path}), person_id, row.course))
    _require_standing(session, row, person_id)
    if ticked - {each for shown in row.shows.values() for each in shown}:
        raise BadInputError("这次实训不看这一项，请重新打开页面再勾选")
    person = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    last = seen_in(session, row).get(person_id)
    if last and frozenset(last.indicators) == ticked:
        return
    reason = why(amendment.reason) if row.closed_at else ""
    fresh = SeenRow(session_id=row.id, person_id=person_id, indicators=sorted(ticked), reason=reason)
    fresh.recorded_by, fresh.recorded_at = by.person.id, now
    session.add(fresh)
    session.flush()
    detail = {"id": row.id, "ticked": fresh.indicators} | ({"reason": reason} if reason else {})
    audit.append(session, now, by.person.staff_number, "training.tick", person.staff_number, **detail)
    if row.closed_at:
        settle(session, row, person_id, amendment, rulebook, now)


def close(session: Session, training_id: int, by: Me, rulebook: Rulebook, now: datetime) -> TrainingSession:
    """Settle a session that is over: what was ticked of those who were there counts; settled twice it is settled once."""
    row = training_for(session, training_id, by)
    session.refresh(row, with_for_update=True)
    if row.called_off_at:
        raise BadInputError("这次实训取消了")
    if row.closed_at:
        return row
    if now < row.parts[-1].ends_at:
        raise NotYetError("实训还没有结束，结束以后再结算")
    row.closed_at, row.closed_by = now, by.person.id
    people = sorted(seated(session, row.id))
    hold(session, {*people, *(each.recorded_by for each in seen_in(session, row).values())})  # who saw it is named with it
    audit.append(session, now, by.person.staff_number, "training.close", row.course, id=row.id, people=len(people))
    for person_id in people:
        settle(session, row, person_id, Amendment(by), rulebook, now)
    session.flush()
    return row


def settle(
    session: Session, row: TrainingSession, person_id: int, amendment: Amendment, rulebook: Rulebook, now: datetime
) -> None:
    """Make what counts of a session what its records show of somebody."""
    claims = tuple(_claims(session, row, person_id, rulebook.framework))
    amend(session, Account(_record(row, person_id), person_id, claims), amendment, rulebook, now)


def _claims(session: Session, row: TrainingSession, person_id: int, framework: Framework) -> Iterator[Claim]:
    rolls, seen = rolls_of(session, row, [person_id]).get(person_id, {}), seen_in(session, row).get(person_id)
    if seen is None or not attended(row, rolls).is_enough:
        return
    day = county_day(row.parts[-1].ends_at)
    for code in sorted(row.shows):
        shown = frozenset(seen.indicators) & frozenset(row.shows[code])
        if shown and code in framework and shown <= framework.competency(code).indicator_codes:
            source = f"{_record(row, person_id)}:{code}"
            yield Claim(person_id, code, shown, Kind.OS, row.level, day, source, assessor_id=seen.recorded_by)


def _record(row: TrainingSession, person_id: int) -> str:
    """A source is one person's: the same source is never taken in twice, whoever it is about."""
    return f"training:{row.id}:{person_id}"


def _require_standing(session: Session, row: TrainingSession, person_id: int) -> None:
    if row.called_off_at:
        raise BadInputError("这次实训取消了")
    if person_id not in seated(session, row.id):
        raise NotFoundError(NOT_HERE)
