"""本县设置 in the records: rows are only added, the newest of a key and unit counts, every change is in the audit log.

Whoever administers a unit fills in what stands for it: the county's administrator everything, a township's its own.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.county import BY_KEY, CountySettings, Entry, Gap, Kind, Scope, Setting
from banyan.domain.county_values import parse, text
from banyan.domain.organisation import UnitLevel
from banyan.domain.permission import Action, Target, may
from banyan.domain.picture import look_at
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.county import CountySetting, SealPicture
from banyan.records.engine import columns, read_once
from banyan.records.organisation import Unit
from banyan.records.people import Person
from banyan.tracker.people import NOT_HERE, Me, require

MOST_SOURCE, MOST_OWNER = 80, 20
TOO_OLD = timedelta(days=366 * 30)
NEWEST = select(func.max(CountySetting.id)).group_by(CountySetting.key, CountySetting.unit_id)
STANDS = (CountySetting.value, CountySetting.source, CountySetting.dated_on, CountySetting.owner, CountySetting.set_at)
FILLED = select(CountySetting.key, Unit.path, *STANDS).join(Unit).where(CountySetting.id.in_(NEWEST))


@dataclass(frozen=True)
class Filled:
    """One setting as somebody fills it in; `given` is what was typed (banyan.domain.county_values), bytes of a picture,
    or None to empty it."""

    key: str
    path: str
    given: Any
    source: str = ""
    dated_on: date | None = None
    owner: str = ""


@read_once
def settings_of(session: Session) -> CountySettings:
    """Return all that is filled in now, in one query."""
    rows = [row for row in columns(session, FILLED) if row.value is not None]
    return CountySettings({(row.key, row.path): _entry(row) for row in rows})


def put(session: Session, filled: Filled, by: Me, now: datetime) -> CountySetting:
    """Fill in, change or empty one setting of one unit."""
    setting, unit = _field(session, filled.key, filled.path, by)
    row = CountySetting(key=setting.key, unit_id=unit.id, **_words(filled, by, county_day(now)))
    row.value = None if filled.given is None else _value(session, setting, filled.given)
    return _add(session, row, unit, by, now)


def confirm(session: Session, key: str, path: str, by: Me, now: datetime) -> CountySetting:
    """Say that what stands there still holds today."""
    setting, unit = _field(session, key, path, by)
    before = newest(session, setting.key, unit.path)
    if before is None or before.value is None:
        raise BadInputError("“{name}”还没有填，没有可以核对的", name=setting.name)
    row = CountySetting(key=setting.key, unit_id=unit.id, value=before.value, source=before.source, dated_on=before.dated_on)
    row.owner = before.owner
    return _add(session, row, unit, by, now)


def history(session: Session, key: str, path: str) -> list[CountySetting]:
    """Return every row of a setting of a unit, the newest first."""
    query = select(CountySetting).join(Unit).where(CountySetting.key == key, Unit.path == path)
    return list(session.scalars(query.order_by(CountySetting.id.desc())))


def newest(session: Session, key: str, path: str) -> CountySetting | None:
    """Return the row that counts."""
    return next(iter(history(session, key, path)), None)


def last_by(session: Session, by: Me) -> CountySetting | None:
    """Return what somebody filled in last: whoever has a notice in hand goes on with the same one."""
    query = select(CountySetting).where(CountySetting.set_by == by.person.id, CountySetting.source != "")
    return session.scalars(query.order_by(CountySetting.id.desc()).limit(1)).first()


def hands(session: Session, rows: Iterable[CountySetting]) -> dict[int, str]:
    """Return the names of who filled in some rows."""
    wanted = {row.set_by for row in rows if row.set_by is not None}
    return {person.id: person.name for person in session.scalars(select(Person).where(Person.id.in_(wanted)))}


def towns(session: Session) -> list[Unit]:
    """Return all townships, by code."""
    return list(session.scalars(select(Unit).where(Unit.level == UnitLevel.TOWN).order_by(Unit.code)))


def county_unit(session: Session) -> Unit:
    """Return the unit that what holds for the whole county stands at: the topmost one down from the county."""
    query = select(Unit).where(Unit.level >= UnitLevel.COUNTY).order_by(Unit.level, Unit.code).limit(1)
    found = session.scalars(query).first()
    if found is None:
        raise NotFoundError("名册里还没有单位，请先导入名册")
    return found


def gaps(session: Session, keys: Iterable[str]) -> tuple[Gap, ...]:
    """Return what is still empty of what a course needs."""
    return settings_of(session).missing(keys, [unit.path for unit in towns(session)])


def seal_picture(session: Session) -> bytes | None:
    """Return the picture for the place of the seal, None if the county has given none."""
    named = select(CountySetting).where(CountySetting.key == "seal").order_by(CountySetting.id.desc()).limit(1)
    row = session.scalars(named).first()
    picture = session.get(SealPicture, row.value["digest"]) if row is not None and row.value else None
    return picture.data if picture else None


def may_set(by: Me, path: str) -> bool:
    return may(by.actor, Action.SET_COUNTY, Target(frozenset({path})))


def fields(session: Session, by: Me) -> list[tuple[Setting, Unit]]:
    """Return which settings of which units somebody may fill in, in the order of the page."""
    county, places = county_unit(session), towns(session)
    whole = may_set(by, county.path)
    mine = [unit for unit in places if may_set(by, unit.path)]
    listed: list[tuple[Setting, Unit]] = []
    for each in BY_KEY.values():
        listed += [(each, county)] if each.scope is not Scope.EACH_TOWN and whole else []
        listed += [(each, unit) for unit in mine] if each.scope is not Scope.COUNTY else []
    return listed


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    return Entry(row.value, row.source, row.dated_on, row.owner, county_day(row.set_at))


def _field(session: Session, key: str, path: str, by: Me) -> tuple[Setting, Unit]:
    setting = BY_KEY.get(key)
    query = select(Unit).where(Unit.path == path)
    unit = session.scalars(query).one_or_none()
    if setting is None or unit is None:
        raise NotFoundError(NOT_HERE)
    require(by.actor, Action.SET_COUNTY, Target(frozenset({unit.path})))
    if not _stands_at(session, setting, unit):
        raise BadInputError("“{name}”不是这一级单位填的", name=setting.name)
    return setting, unit


def _stands_at(session: Session, setting: Setting, unit: Unit) -> bool:
    town = unit.level == UnitLevel.TOWN and setting.scope is not Scope.COUNTY
    county = setting.scope is not Scope.EACH_TOWN and unit.path == county_unit(session).path
    return town or county


def _words(filled: Filled, by: Me, today: date) -> dict[str, Any]:
    """Return source, day and owner; what is emptied needs none."""
    source = text(filled.source, MOST_SOURCE, "来源")
    owner = text(filled.owner, MOST_OWNER, "负责人")
    if filled.given is None:
        return {"source": source, "dated_on": today, "owner": owner or by.person.name}
    if not source:
        raise BadInputError("请写明来源，例如“榕县应急〔2026〕12号通知”")
    if not owner:
        raise BadInputError("请写明谁负责核对")
    if filled.dated_on is None or not today - TOO_OLD <= filled.dated_on <= today:
        raise BadInputError("来源的日期不对；不能晚于今天")
    return {"source": source, "dated_on": filled.dated_on, "owner": owner}


def _value(session: Session, setting: Setting, given: Any) -> Any:
    if setting.kind is not Kind.PICTURE:
        return parse(setting, given)
    data = given if isinstance(given, bytes) else b""
    seen = look_at(data)
    digest = hashlib.sha256(data).hexdigest()
    if session.get(SealPicture, digest) is None:
        session.add(SealPicture(digest=digest, data=data))
    return {"digest": digest, "kind": seen.kind, "width": seen.width, "height": seen.height}


def _add(session: Session, row: CountySetting, unit: Unit, by: Me, now: datetime) -> CountySetting:
    before = newest(session, row.key, unit.path)
    old = before.value if before else None
    row.set_by, row.set_at = by.person.id, now
    session.add(row)
    session.flush()
    action = "county.empty" if row.value is None else "county.confirm" if row.value == old else "county.set"
    told = {"unit": unit.path, "old": old, "new": row.value, "source": row.source, "owner": row.owner}
    audit.append(session, now, by.person.staff_number, action, row.key, **told)
    return row
