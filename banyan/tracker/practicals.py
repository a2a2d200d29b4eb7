"""The practical: a trainer ticks what they saw a person do, and it counts from that day on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.courseware.release import Release
from banyan.domain.calendar import county_day
from banyan.domain.framework import Kind
from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.competence import Practical
from banyan.records.people import Person
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.people import Me, require, target_of
from banyan.tracker.rulebook import Rulebook


@dataclass(frozen=True)
class TickList:
    """`ticked` are indicator codes; `form_key` is drawn with the form, so that sending it twice records it once."""

    person_id: int
    course: str
    ticked: frozenset[str]
    held_on: date
    place: str
    form_key: str


def observe(session: Session, ticks: TickList, by: Me, rulebook: Rulebook, now: datetime) -> Practical:
    """Record a practical and take in as evidence what was shown; nothing ticked is a record too, but shows nothing."""
    today = county_day(now)
    require(by.actor, Action.OBSERVE, target_of(session, ticks.person_id, today, ticks.course))
    release = rulebook.catalogue.newest(ticks.course)
    known = session.scalars(select(Practical).where(Practical.form_key == ticks.form_key)).one_or_none()
    if known:
        return _same(known, ticks, by)
    _check(ticks, release, today)
    row = Practical(
        person_id=ticks.person_id,
        course=ticks.course,
        release=release.number,
        ticked=sorted(ticks.ticked),
        held_on=ticks.held_on,
        place=ticks.place.strip()[:80],
        assessor_id=by.person.id,
        recorded_at=now,
        form_key=ticks.form_key,
    )
    session.add(row)
    seen = session.scalars(select(Person).where(Person.id == ticks.person_id).with_for_update()).one()  # before the log
    audit.append(session, now, by.person.staff_number, "practical.observe", seen.staff_number, ticked=row.ticked, id=row.id)
    take_in(session, _claims(row, release, by), rulebook, now)
    return row


def _same(known: Practical, ticks: TickList, by: Me) -> Practical:
    """A form sent again is the same record; somebody else's form key is nothing to this trainer."""
    if (known.person_id, known.assessor_id) != (ticks.person_id, by.person.id):
        raise NotFoundError("没有找到这张考核单，请重新打开页面")
    return known


def _check(ticks: TickList, release: Release, today: date) -> None:
    practical = release.practical
    if practical is None:
        raise NotFoundError("这门课没有现场演练")
    if ticks.held_on > today:
        raise BadInputError("演练日期不能晚于今天，请改好再保存")
    foreign = ticks.ticked - {tick.indicator for tick in practical.ticks}
    if foreign:
        raise BadInputError("考核单里没有这一项，请重新打开页面再勾选")


def _claims(row: Practical, release: Release, by: Me) -> Iterable[Claim]:
    practical = release.practical
    if practical is None or not row.ticked:
        return
    yield Claim(
        person_id=row.person_id,
        competency=practical.competency,
        indicators=frozenset(row.ticked),
        kind=Kind.OS,
        level=practical.level,
        observed_on=row.held_on,
        source=f"practical:{row.id}",
        assessor_id=by.person.id,
    )
