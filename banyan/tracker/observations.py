"""An assessor at somebody's work: every indicator is yes, not yet or not seen, and what was seen counts from that day.

Two assessors who are asked for look independently: what the other said is shown to who has recorded their own.
One that was wrong is put right by a new row, or withdrawn whole; what it stood on stays allowed, whatever is taught now.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.courseware.release import Release
from banyan.domain.calendar import county_day
from banyan.domain.framework import LEVELS, Competency, Framework, Kind
from banyan.domain.observation import Mark, Marks, disputed, shown
from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.observations import Observation
from banyan.records.people import Person
from banyan.tracker.amending import Account, Amendment, amend, why
from banyan.tracker.intake import Claim
from banyan.tracker.people import NOT_HERE, Me, hold, require, target_of
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.succession import may_take_back

BACKWARDS = timedelta(days=60)
LONGEST_NOTE, LONGEST_PLACE = 500, 80
OBSERVED = tuple(each for each in LEVELS if each >= 2)


@dataclass(frozen=True)
class Sheet:
    """A checklist as it was filled in; `form_key` is drawn with the form, so that sending it twice records it once."""

    person_id: int
    course: str
    competency: str
    level: int
    marks: Marks
    note: str
    observed_on: date
    place: str
    form_key: str


def observable(release: Release, framework: Framework) -> list[Competency]:
    """Return what an assessor of a course may observe: all that it teaches."""
    return [framework.competency(code) for code in release.teaches if code in framework]


def record(session: Session, sheet: Sheet, by: Me, rulebook: Rulebook, now: datetime) -> Observation:
    """Record what was seen of somebody and take in what was shown."""
    today = county_day(now)
    require(by.actor, Action.ASSESS, target_of(session, sheet.person_id, today, sheet.course))
    known = _known(session, sheet.form_key, sheet.person_id, by)
    if known:
        return known
    fit = {each.code: each for each in observable(rulebook.catalogue.newest(sheet.course), rulebook.framework)}
    if sheet.competency not in fit:
        raise BadInputError("请选看的是哪一项能力、到哪一步")
    _check(sheet, [fit[sheet.competency].indicator_codes], today)
    return _keep(session, _row(sheet, by, rulebook, now), Amendment(by), rulebook, now)


def put_right(
    session: Session, observation_id: int, sheet: Sheet, amendment: Amendment, rulebook: Rulebook, now: datetime
) -> Observation:
    """Say anew what one has seen oneself, for a reason; what was said before stays on record and counts no more."""
    old, by = observation_for(session, observation_id, amendment.by, county_day(now)), amendment.by
    if old.assessor_id != by.person.id:
        raise BadInputError("这是{name}看到的，要改请{name}自己来改", name=old.assessor.name)
    known = _known(session, sheet.form_key, sheet.person_id, by)
    if known:
        return known
    if (sheet.person_id, sheet.competency, sheet.course) != (old.person_id, old.competency, old.course):
        raise NotFoundError(NOT_HERE)
    now_asked = rulebook.framework.competency(old.competency).indicator_codes if old.competency in rulebook.framework else set()
    _check(sheet, [now_asked, set(old.marks)], county_day(now), old.observed_on)
    return _follow(session, old, _row(sheet, by, rulebook, now), amendment, rulebook, now)


def withdraw(
    session: Session, observation_id: int, form_key: str, amendment: Amendment, rulebook: Rulebook, now: datetime
) -> Observation:
    """Take an observation back whole, for a reason: it was another person, or there was none; withdrawn twice it is once."""
    old, by = observation_for(session, observation_id, amendment.by, county_day(now)), amendment.by
    if not may_withdraw(session, old, by, county_day(now)):
        raise BadInputError("这是{name}看到的，要改请{name}自己来改", name=old.assessor.name)
    known = old if old.withdrawn else _known(session, form_key, old.person_id, by)
    if known:
        return known
    nothing = Sheet(old.person_id, old.course, old.competency, old.level, {}, "", old.observed_on, old.place, form_key)
    return _follow(session, old, _row(nothing, by, rulebook, now), amendment, rulebook, now)


def may_withdraw(session: Session, row: Observation, me: Me, today: date) -> bool:
    """Say whether somebody may take an observation back: who saw it; once they assess nobody there any more, whoever does."""
    return may_take_back(session, row.assessor, me, Action.ASSESS, target_of(session, row.person_id, today, row.course), today)


def latest(session: Session, row: Observation) -> Observation:
    """Return what is said now of an observation that may have been put right since."""
    first = row.first_id or row.id
    mine = (Observation.id == first) | (Observation.first_id == first)
    return session.scalars(select(Observation).where(mine).order_by(Observation.id.desc()).limit(1)).one()


def observation_for(session: Session, observation_id: int, by: Me, today: date) -> Observation:
    """Return an observation to whoever may assess that person in that course; to others it is not there."""
    row = session.get(Observation, observation_id)
    if row is None:
        raise NotFoundError(NOT_HERE)
    require(by.actor, Action.ASSESS, target_of(session, row.person_id, today, row.course))
    return row


def latest_of(session: Session, person_id: int) -> list[Observation]:
    """Return what each assessor says of somebody now, the latest first: of a chain that was put right only its end."""
    rows = session.scalars(select(Observation).where(Observation.person_id == person_id).order_by(Observation.id)).all()
    ends = {row.first_id or row.id: row for row in rows}
    return sorted(ends.values(), key=lambda each: (each.observed_on, each.id), reverse=True)


def beside(session: Session, row: Observation) -> list[Observation]:
    """Return what other assessors say of the same person, competency and level."""
    return [each for each in latest_of(session, row.person_id) if _same_matter(each, row) and each.assessor_id != row.assessor_id]


def dispute(rows: list[Observation]) -> frozenset[str]:
    """Return the indicators about which the assessors of one matter differ."""
    return disputed([marks_of(each) for each in rows])


def may_read(session: Session, row: Observation, me: Me) -> bool:
    """Say whether somebody may know what was said: who said it, or who has said their own of the same matter."""
    own = [each for each in latest_of(session, row.person_id) if each.assessor_id == me.person.id]
    return row.assessor_id == me.person.id or any(_same_matter(each, row) for each in own)


def observations_by(session: Session, person_id: int, most: int = 50) -> list[Observation]:
    """Return what an assessor recorded, the latest first."""
    query = select(Observation).where(Observation.assessor_id == person_id)
    return list(session.scalars(query.order_by(Observation.id.desc()).limit(most)))


def marks_of(row: Observation) -> dict[str, Mark]:
    return {code: Mark(mark) for code, mark in row.marks.items()}


def read_marks(competency: Competency, told: Mapping[str, str]) -> dict[str, Mark]:
    """Return what a form says of each indicator of a competency; BadInputError where one is left open."""
    try:
        return {code: Mark(told.get(code, "")) for code in sorted(competency.indicator_codes)}
    except ValueError:
        raise BadInputError("每一项都要选一个：做到了、还没做到、没看到") from None


def _same_matter(one: Observation, other: Observation) -> bool:
    """Say whether two assessors speak of the same; one that was withdrawn speaks of nothing."""
    return not one.withdrawn and (one.person_id, one.competency, one.level) == (other.person_id, other.competency, other.level)


def _known(session: Session, form_key: str, person_id: int, by: Me) -> Observation | None:
    """Return what was recorded of this form; of two that were sent by a double tap the second waits for the first.

    Somebody else's form key is nothing to this assessor.
    """
    hold(session, [person_id])
    known = session.scalars(select(Observation).where(Observation.form_key == form_key)).one_or_none()
    if known and (known.person_id, known.assessor_id) != (person_id, by.person.id):
        raise NotFoundError("没有找到这张观察单，请重新打开页面")
    return known


def _check(sheet: Sheet, asked: Sequence[Collection[str]], today: date, stood: date | None = None) -> None:
    """Refuse a sheet that makes no sense; `asked` are the indicators it may be about, one set or another.

    The day that `stood` in it before is right however long ago it was.
    """
    if sheet.level not in OBSERVED:
        raise BadInputError("请选看的是哪一项能力、到哪一步")
    if not sheet.marks or not any(set(sheet.marks) == set(each) for each in asked):
        raise BadInputError("每一项都要选一个：做到了、还没做到、没看到")
    if sheet.observed_on != stood and not today - BACKWARDS <= sheet.observed_on <= today:
        raise BadInputError("日期要在最近{days}天里，不能晚于今天", days=BACKWARDS.days)
    if not 2 <= len(" ".join(sheet.place.split())) <= LONGEST_PLACE:
        raise BadInputError("请写清楚在哪里，2到{most}个字", most=LONGEST_PLACE)
    if len(sheet.note) > LONGEST_NOTE:
        raise BadInputError("写得太长了：最多 {most} 个字，现在有 {count} 个", most=LONGEST_NOTE, count=len(sheet.note))


def _row(sheet: Sheet, by: Me, rulebook: Rulebook, now: datetime) -> Observation:
    row = Observation(person_id=sheet.person_id, course=sheet.course, competency=sheet.competency, level=sheet.level)
    row.marks, row.note = {code: mark.value for code, mark in sheet.marks.items()}, sheet.note.strip()
    row.observed_on, row.place, row.form_key = sheet.observed_on, " ".join(sheet.place.split()), sheet.form_key
    row.framework, row.first_id, row.reason = rulebook.framework.version, None, ""
    row.assessor_id, row.recorded_at = by.person.id, now
    return row


def _follow(
    session: Session, old: Observation, fresh: Observation, amendment: Amendment, rulebook: Rulebook, now: datetime
) -> Observation:
    """Say something anew, if what it overrules is still what is said now."""
    if latest(session, old).id != old.id:
        raise BadInputError("这一条刚才改过了，请看看改成了什么再改")
    fresh.first_id, fresh.reason = old.first_id or old.id, why(amendment.reason)
    return _keep(session, fresh, Amendment(amendment.by, fresh.reason), rulebook, now)


def _keep(session: Session, row: Observation, amendment: Amendment, rulebook: Rulebook, now: datetime) -> Observation:
    seen = session.get_one(Person, row.person_id)
    session.add(row)
    session.flush()
    action = "observation.withdraw" if row.withdrawn else "observation.record"
    detail = {"id": row.id, "ticked": sorted(shown(marks_of(row)))} | ({"reason": row.reason} if row.reason else {})
    audit.append(session, now, amendment.by.person.staff_number, action, seen.staff_number, **detail)
    amend(session, _account(row, rulebook), amendment, rulebook, now)
    return row


def _account(row: Observation, rulebook: Rulebook) -> Account:
    """Return what an observation shows, of what the framework still asks for."""
    record, framework = f"observation:{row.first_id or row.id}", rulebook.framework
    asked = framework.competency(row.competency).indicator_codes if row.competency in framework else frozenset()
    found = shown(marks_of(row)) & asked
    if not found:
        return Account(record, row.person_id)
    source = f"{record}:{row.competency}"
    claim = Claim(row.person_id, row.competency, found, Kind.AO, row.level, row.observed_on, source, assessor_id=row.assessor_id)
    return Account(record, row.person_id, (claim,))
