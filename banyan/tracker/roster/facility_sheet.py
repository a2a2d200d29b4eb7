"""A sheet of facilities compared with the records: which are new, have another address or day, are no longer there."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from banyan.domain.calendar import county_day
from banyan.domain.outline import Outline
from banyan.errors import BadInputError
from banyan.records import audit
from banyan.records.organisation import Facility, Unit
from banyan.tracker.people import under
from banyan.tracker.roster.cells import CellError, Fault, address, plain
from banyan.tracker.roster.tables import Columns, Row, Table

COLUMNS = Columns(
    "设施表",
    {
        "unit": "单位编码 编码 所在单位编码 单位代码",
        "kind": "设施类别 类别 类型 设施类型",
        "name": "设施名称 名称",
        "address": "地址 设施地址",
        "starts_on": "启用日期 开始日期 从哪天起",
        "ends_on": "停用日期 结束日期 到哪天",
    },
    ("unit", "kind", "name"),
)
NAME = range(2, 81)  # characters
Key = tuple[int, str, str]
"""Unit, kind and name: what a facility is known by."""


@dataclass(frozen=True)
class SiteSaid:
    """A facility as a row says it; without a day it is there from today."""

    row: Row
    unit: Unit
    kind: str
    name: str
    address: str
    starts_on: date | None
    ends_on: date | None

    @property
    def key(self) -> Key:
        return (self.unit.id, self.kind, self.name)


@dataclass
class SiteOutlook:
    """What a sheet would do; `gone` stand in the records at the units and of the kinds it names, and not in it."""

    new: list[SiteSaid] = field(default_factory=list)
    changed: list[tuple[Facility, SiteSaid]] = field(default_factory=list)
    gone: list[Facility] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return not (self.new or self.changed)


def compare_facilities(session: Session, table: Table, reach: tuple[str, ...], outline: Outline) -> SiteOutlook:
    """Return what taking in a sheet of facilities would do; nothing is written."""
    units = {unit.code: unit for unit in session.scalars(select(Unit).where(under(reach)))}
    kinds = {plain(word): each.code for each in outline.facilities for word in (*each.name.values(), each.code)}
    standing = _standing(session, reach)
    found, said = SiteOutlook(), dict[Key, SiteSaid]()
    for row in table.rows:
        try:
            site = _read(row, units, kinds, "、".join(each.name["zh"] for each in outline.facilities))
            if site.key in said:
                raise CellError(
                    "和第{row}行重复（{name}）；请删掉一行", row=address(said[site.key].row.number), name=site.name
                ).at("name")
            said[site.key] = site
        except CellError as fault:
            found.faults.append(Fault(row.number, row.columns.get(fault.field), fault))
    for key, site in said.items():
        before = standing.get(key)
        if before is None:
            found.new.append(site)
        elif _differs(before, site):
            found.changed.append((before, site))
        else:
            found.same += 1
    covered = {(unit, kind) for unit, kind, _ in said}
    found.gone = [row for key, row in standing.items() if key not in said and key[:2] in covered]
    return found


def take_in_facilities(session: Session, outlook: SiteOutlook, end_gone: bool, actor: str, now: datetime) -> None:
    """Do what an outlook of this very transaction says; a single fault stops all of it."""
    if outlook.faults:
        raise BadInputError("还有{n}行有问题，什么也没有导入；请改好再传", n=len({each.row for each in outlook.faults}))
    today = county_day(now)
    for site in outlook.new:
        row = Facility(unit_id=site.unit.id, kind=site.kind, name=site.name, address=site.address, ends_on=site.ends_on)
        row.starts_on = site.starts_on or today
        session.add(row)
        audit.append(session, now, actor, "facility.add", site.name, unit=site.unit.name, starts_on=row.starts_on.isoformat())
    for before, site in outlook.changed:
        old = before.address
        before.address = site.address or before.address
        before.starts_on, before.ends_on = site.starts_on or before.starts_on, site.ends_on
        audit.append(session, now, actor, "facility.change", site.name, unit=site.unit.name, old=old, new=before.address)
    for gone in outlook.gone if end_gone else ():
        gone.ends_on = today - timedelta(days=1)
        audit.append(session, now, actor, "facility.close", gone.name, unit=gone.unit.name)
    session.flush()


def _standing(session: Session, reach: tuple[str, ...]) -> dict[Key, Facility]:
    query = select(Facility).join(Unit, Facility.unit_id == Unit.id).where(under(reach), Facility.ends_on.is_(None))
    rows = session.scalars(query.options(joinedload(Facility.unit)).order_by(Facility.id))
    return {(row.unit_id, row.kind, row.name): row for row in rows}


def _read(row: Row, units: dict[str, Unit], kinds: dict[str, str], words: str) -> SiteSaid:
    code, kind, name = row.code("unit"), row.text("kind"), " ".join(row.text("name").split())
    if code not in units:
        raise CellError("您管的范围里没有编码是“{code}”的单位", code=code).at("unit")
    if plain(kind) not in kinds:
        raise CellError("没有“{kind}”这一类设施；有的是：{words}", kind=kind, words=words).at("kind")
    if len(name) not in NAME:
        raise CellError("请填设施名称，2到80个字；地址最多200个字").at("name")
    starts, ends = row.day("starts_on"), row.day("ends_on")
    if starts and ends and ends < starts:
        raise CellError("日期不对：最后一天不能早于第一天").at("ends_on")
    return SiteSaid(row, units[code], kinds[plain(kind)], name, " ".join(row.text("address").split()), starts, ends)


def _differs(row: Facility, site: SiteSaid) -> bool:
    return (site.address not in ("", row.address)) or (site.starts_on not in (None, row.starts_on)) or site.ends_on != row.ends_on
