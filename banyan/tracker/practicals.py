"""The practical: a trainer ticks what they saw a person do, and it counts from that day on.

One that was wrong is put right by a new row, or withdrawn whole: it was another person, or none took place.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from banyan.courseware.release import Release
from banyan.domain.calendar import county_day
from banyan.domain.framework import Kind
from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.competence import Practical
from banyan.records.people import Person
from banyan.tracker.amending import Account, Amendment, amend, why
from banyan.tracker.intake import Claim
from banyan.tracker.observations import BACKWARDS
from banyan.tracker.people import NOT_HERE, Me, require, target_of
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.succession import may_take_back


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
    known = _sent_before(session, ticks.form_key, ticks.person_id, by)
    if known:
        return known
    _check(ticks, release, today - BACKWARDS, today)
    return _keep(session, _row(ticks, release.number, by, now), Amendment(by), rulebook, now)


def put_right(
    session: Session, practical_id: int, ticks: TickList, amendment: Amendment, rulebook: Rulebook, now: datetime
) -> Practical:
    """Say anew what one has seen oneself, for a reason; what was said before stays on record and counts no more."""
    old, by, today = practical_for(session, practical_id, amendment.by, county_day(now)), amendment.by, county_day(now)
    if old.assessor_id != by.person.id:
        raise BadInputError("这是{name}看到的，要改请{name}自己来改", name=old.assessor.name)
    known = _sent_before(session, ticks.form_key, ticks.person_id, by)
    if known:
        return known
    if (ticks.person_id, ticks.course) != (old.person_id, old.course):
        raise NotFoundError(NOT_HERE)
    release = rulebook.catalogue.open(old.course, old.release)
    _check(ticks, release, earliest(session, old), today)
    return _follow(session, old, _row(ticks, release.number, by, now), amendment, rulebook, now)


def withdraw(
    session: Session, practical_id: int, form_key: str, amendment: Amendment, rulebook: Rulebook, now: datetime
) -> Practical:
    """Take a practical back whole, for a reason: it was another person, or none took place; withdrawn twice it is once."""
    old, by = practical_for(session, practical_id, amendment.by, county_day(now)), amendment.by
    if not may_withdraw(session, old, by, county_day(now)):
        raise BadInputError("这是{name}看到的，要改请{name}自己来改", name=old.assessor.name)
    if old.withdrawn:
        return old
    known = _sent_before(session, form_key, old.person_id, by)
    if known:
        return known
    nothing = TickList(old.person_id, old.course, frozenset(), old.held_on, old.place, form_key)
    fresh = _row(nothing, old.release, by, now)
    fresh.withdrawn = True
    return _follow(session, old, fresh, amendment, rulebook, now)


def may_withdraw(session: Session, row: Practical, me: Me, today: date) -> bool:
    """Say whether somebody may take a practical back: who saw it; once they train nobody there any more, whoever does."""
    return may_take_back(session, row.assessor, me, Action.OBSERVE, target_of(session, row.person_id, today, row.course), today)


def practical_for(session: Session, practical_id: int, by: Me, today: date) -> Practical:
    """Return a practical to whoever may observe that person in that course; to others it is not there."""
    row = session.get(Practical, practical_id)
    if row is None:
        raise NotFoundError(NOT_HERE)
    require(by.actor, Action.OBSERVE, target_of(session, row.person_id, today, row.course))
    return row


def latest(session: Session, row: Practical) -> Practical:
    """Return what is said now of a practical that may have been put right since."""
    first = row.first_id or row.id
    mine = (Practical.id == first) | (Practical.first_id == first)
    return session.scalars(select(Practical).where(mine).order_by(Practical.id.desc()).limit(1)).one()


def earliest(session: Session, row: Practical) -> date:
    """Return the first day a practical may be said to have been on: the days count from when it was recorded first."""
    first = session.get_one(Practical, row.first_id or row.id)
    return min(row.held_on, county_day(first.recorded_at) - BACKWARDS)


def practicals_by(session: Session, person_id: int, course: str, most: int = 50) -> list[Practical]:
    """Return what a trainer says now of the practicals they recorded in a course, the latest first."""
    query = select(Practical).where(Practical.assessor_id == person_id, Practical.course == course, _holds())
    query = query.options(joinedload(Practical.person))
    return list(session.scalars(query.order_by(Practical.recorded_at.desc(), Practical.id.desc()).limit(most)))


def seen_before(session: Session, person_id: int, course: str) -> dict[str, date]:
    """Return which indicators a person was seen to show in earlier practicals of a course, and when last."""
    query = select(Practical).where(Practical.person_id == person_id, Practical.course == course, _holds())
    rows = session.scalars(query.order_by(Practical.held_on))
    return {indicator: row.held_on for row in rows for indicator in row.ticked}


@dataclass(frozen=True)
class Practised:
    """A practical as it is told now, and as it was told before it was put right last."""

    row: Practical
    before: Practical | None = None

    @property
    def lost(self) -> set[str]:
        return set(self.before.ticked) - set(self.row.ticked) if self.before else set()

    @property
    def gained(self) -> set[str]:
        return set(self.row.ticked) - set(self.before.ticked) if self.before else set()


def practised(session: Session, person_id: int) -> list[Practised]:
    """Return somebody's practicals, the latest first."""
    query = select(Practical).where(Practical.person_id == person_id).options(joinedload(Practical.assessor))
    chains: dict[int, list[Practical]] = {}
    for row in session.scalars(query.order_by(Practical.id)):
        chains.setdefault(row.first_id or row.id, []).append(row)
    told = [Practised(rows[-1], rows[-2] if len(rows) > 1 else None) for rows in chains.values()]
    return sorted(told, key=lambda each: (each.row.held_on, each.row.id), reverse=True)


def _holds() -> ColumnElement[bool]:
    """Return the condition that a row is the last word on its practical."""
    later = aliased(Practical)
    mine = later.first_id == func.coalesce(Practical.first_id, Practical.id)
    return ~select(later.id).where(mine, later.id > Practical.id).exists()


def _sent_before(session: Session, form_key: str, person_id: int, by: Me) -> Practical | None:
    """A form sent again is the same record; somebody else's form key is nothing to this trainer."""
    known = session.scalars(select(Practical).where(Practical.form_key == form_key)).one_or_none()
    if known and (known.person_id, known.assessor_id) != (person_id, by.person.id):
        raise NotFoundError("没有找到这张考核单，请重新打开页面")
    return known


def _check(ticks: TickList, release: Release, first: date, today: date) -> None:
    practical = release.practical
    if practical is None:
        raise NotFoundError("这门课没有现场演练")
    if ticks.held_on > today:
        raise BadInputError("演练日期不能晚于今天，请改好再保存")
    if ticks.held_on < first:
        raise BadInputError("演练日期太早了，最早可以填{day}", day=first.isoformat())
    foreign = ticks.ticked - {tick.indicator for tick in practical.ticks}
    if foreign:
        raise BadInputError("考核单里没有这一项，请重新打开页面再勾选")


def _row(ticks: TickList, release: int, by: Me, now: datetime) -> Practical:
    row = Practical(person_id=ticks.person_id, course=ticks.course, release=release, ticked=sorted(ticks.ticked))
    row.held_on, row.place, row.form_key = ticks.held_on, ticks.place.strip()[:80], ticks.form_key
    row.assessor_id, row.recorded_at, row.first_id, row.reason, row.withdrawn = by.person.id, now, None, "", False
    return row


def _follow(
    session: Session, old: Practical, fresh: Practical, amendment: Amendment, rulebook: Rulebook, now: datetime
) -> Practical:
    """Say something anew, if that is still what is said now and it is something else."""
    session.execute(select(Person.id).where(Person.id == old.person_id).with_for_update())
    if latest(session, old).id != old.id:
        raise BadInputError("这一条刚才改过了，请看看改成了什么再改")
    if _told(fresh) == _told(old):
        raise BadInputError("和原来记的一样，没有改什么")
    fresh.first_id, fresh.reason = old.first_id or old.id, why(amendment.reason)
    return _keep(session, fresh, amendment, rulebook, now)


def _told(row: Practical) -> tuple[list[str], date, str, bool]:
    return row.ticked, row.held_on, row.place, row.withdrawn


def _keep(session: Session, row: Practical, amendment: Amendment, rulebook: Rulebook, now: datetime) -> Practical:
    session.add(row)
    seen = session.scalars(select(Person).where(Person.id == row.person_id).with_for_update()).one()  # before the log
    action = "practical.withdraw" if row.withdrawn else "practical.correct" if row.first_id else "practical.observe"
    detail = {"id": row.id, "ticked": row.ticked} | ({"reason": row.reason} if row.reason else {})
    audit.append(session, now, amendment.by.person.staff_number, action, seen.staff_number, **detail)
    amend(session, _account(row, rulebook), Amendment(amendment.by, row.reason), rulebook, now)
    return row


def _account(row: Practical, rulebook: Rulebook) -> Account:
    record, practical = f"practical:{row.first_id or row.id}", rulebook.catalogue.open(row.course, row.release).practical
    if practical is None or not row.ticked:
        return Account(record, row.person_id)
    source, shown = f"{record}:{practical.competency}", frozenset(row.ticked)
    claim = Claim(row.person_id, practical.competency, shown, Kind.OS, practical.level, row.held_on, source, row.assessor_id)
    return Account(record, row.person_id, (claim,))
