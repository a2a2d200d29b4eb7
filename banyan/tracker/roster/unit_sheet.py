"""A sheet of units compared with the records: which are new, have another name, stand elsewhere; then all of it or nothing."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.organisation import path_of
from banyan.domain.outline import Outline, check_code
from banyan.errors import BadInputError
from banyan.records import audit
from banyan.records.organisation import Unit
from banyan.tracker.people import under
from banyan.tracker.roster.cells import CellError, Fault, address
from banyan.tracker.roster.tables import Columns, Row, Table
from banyan.tracker.units import put_under

COLUMNS = Columns(
    "单位表",
    {"code": "单位编码 编码 区划代码 单位代码", "name": "单位名称 名称", "above": "上级编码 上级单位编码 上级代码"},
    ("code", "name", "above"),
)
NAME = range(2, 41)  # characters
AT_ONCE = 500  # names one audit row holds
REASON = "按单位表调整"


@dataclass(eq=False)
class Said:
    """A unit as a row says it; `level` once the one above it is known."""

    row: Row
    code: str
    name: str
    above: str
    level: int = 0


@dataclass
class UnitOutlook:
    """What a sheet would do. `left_out` are units it does not name below those it does; they stay as they are."""

    new: list[Said] = field(default_factory=list)
    renamed: list[tuple[Unit, Said]] = field(default_factory=list)
    moved: list[tuple[Unit, Said]] = field(default_factory=list)
    same: int = 0
    left_out: list[Unit] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return not (self.new or self.renamed or self.moved)


def compare_units(session: Session, table: Table, reach: tuple[str, ...], outline: Outline) -> UnitOutlook:
    """Return what taking in a sheet of units would do; nothing is written."""
    known = {unit.code: unit for unit in session.scalars(select(Unit).where(under(reach)))}
    found = UnitOutlook()
    said = _read(table, found.faults)
    taken = set(session.scalars(select(Unit.code).where(Unit.code.in_(set(said) - set(known)))))
    for each in said.values():
        try:
            _place(each, said, known, taken, outline, found)
        except BadInputError as fault:
            key = fault.field if isinstance(fault, CellError) and fault.field else "code"
            found.faults.append(Fault(each.row.number, each.row.columns.get(key), fault))
    found.faults += _called_the_same([*known.values(), *_beside(session, known.values())], found)
    named = {each.above for each in said.values()}
    ids = {unit.id for code, unit in known.items() if code in named}
    found.left_out = [unit for code, unit in known.items() if unit.parent_id in ids and code not in said]
    found.new.sort(key=lambda each: each.level)
    found.faults.sort(key=lambda each: (each.row, each.column or 0))
    return found


def take_in_units(session: Session, outlook: UnitOutlook, actor: str, by: int | None, now: datetime) -> None:
    """Do what an outlook of this very transaction says; a single fault stops all of it."""
    if outlook.faults:
        raise BadInputError("还有{n}行有问题，什么也没有导入；请改好再传", n=len({each.row for each in outlook.faults}))
    for said in outlook.new:
        parent = session.scalars(select(Unit).where(Unit.code == said.above)).one()
        path = path_of(parent.path, said.code)
        session.add(Unit(name=said.name, code=said.code, level=said.level, parent_id=parent.id, path=path))
        session.flush()
    for unit, said in outlook.renamed:
        old, unit.name = unit.name, said.name
        audit.append(session, now, actor, "unit.rename", unit.code, old=old, new=said.name)
    session.flush()
    for code, above in [(unit.code, said.above) for unit, said in outlook.moved]:
        unit, parent = (session.scalars(select(Unit).where(Unit.code == each)).one() for each in (code, above))
        old_name = unit.parent.name if unit.parent else ""
        put_under(session, unit, parent, REASON, by, now)
        audit.append(session, now, actor, "unit.move", code, old=old_name, new=parent.name, reason=REASON)
    names = [each.name for each in outlook.new]
    for first in range(0, len(names), AT_ONCE):
        audit.append(session, now, actor, "roster.units", str(len(names)), units=names[first : first + AT_ONCE])


def _read(table: Table, faults: list[Fault]) -> dict[str, Said]:
    """Return the rows by code; what cannot be read or stands twice is a fault."""
    found: dict[str, Said] = {}
    for row in table.rows:
        try:
            said = Said(row, row.code("code"), " ".join(row.text("name").split()), row.code("above"))
            if not (said.code.isascii() and said.code.isalnum() and len(said.code) <= 20):
                raise CellError("编码只能是字母和数字，最多20个").at("code")
            if len(said.name) not in NAME:
                raise CellError("请填单位名称，2到40个字").at("name")
            if said.code in found:
                raise CellError("编码和第{row}行一样；请删掉一行", row=address(found[said.code].row.number)).at("code")
            found[said.code] = said
        except CellError as fault:
            faults.append(Fault(row.number, row.columns.get(fault.field), fault))
    return found


def _place(
    each: Said, said: dict[str, Said], known: dict[str, Unit], taken: Iterable[str], outline: Outline, found: UnitOutlook
) -> None:
    unit = known.get(each.code)
    if unit is None and each.code in taken:
        raise CellError("编码“{code}”的单位不在您管的范围里", code=each.code).at("code")
    stays = unit is not None and each.above in ("", _above(unit))
    if unit is None or not stays:
        below = outline.below(_level_above(each, said, known, outline, ()))
        if below is None or (unit is not None and below.number != unit.level):
            raise CellError("上级编码{above}的级别不对，“{name}”放不进去", above=each.above, name=each.name).at("above")
        each.level = below.number
    if unit is None:
        check_code(each.code, each.level, each.above, outline)
        found.new.append(each)
        return
    if unit.name != each.name:
        found.renamed.append((unit, each))
    if not stays:
        found.moved.append((unit, each))
    found.same += stays and unit.name == each.name


def _beside(session: Session, units: Collection[Unit]) -> Iterable[Unit]:
    """Return the units out of reach that are under the same one as the topmost of those within."""
    within = {each.id for each in units}
    above = {each.parent_id for each in units if each.parent_id} - within
    return [each for each in session.scalars(select(Unit).where(Unit.parent_id.in_(above))) if each.id not in within]


def _called_the_same(units: Iterable[Unit], found: UnitOutlook) -> Iterator[Fault]:
    """Yield a fault for each row that would make a second unit of one name under another, once all of the sheet is done."""
    changed = {unit.code: _above(unit) for unit, _ in (*found.renamed, *found.moved)}
    names: dict[tuple[str, str], Unit | Said] = {(_above(unit), unit.name): unit for unit in units if unit.code not in changed}
    rows = {each.code: each for each in (*found.new, *(said for _, said in (*found.renamed, *found.moved)))}
    for each in sorted(rows.values(), key=lambda said: said.row.number):
        other = names.setdefault((each.above or changed[each.code], each.name), each)
        if isinstance(other, Unit):
            words = "同一个上级下面已经有“{name}”了，编码是{code}；请核对编码，或者换一个名称"
            yield Fault(each.row.number, each.row.columns.get("name"), CellError(words, name=each.name, code=other.code))
        elif other is not each:
            words, row = "和第{row}行在同一个上级下面，名称也一样；请换一个名称", address(other.row.number)
            yield Fault(each.row.number, each.row.columns.get("name"), CellError(words, row=row))


def _above(unit: Unit) -> str:
    return unit.parent.code if unit.parent else ""


def _level_above(each: Said, said: dict[str, Said], known: dict[str, Unit], outline: Outline, seen: tuple[str, ...]) -> int:
    """Return the level of the unit above, which may be new itself; no unit is its own ancestor."""
    if each.code in seen:
        raise CellError("“{name}”成了自己的上级；请核对上级编码", name=each.name).at("above")
    if each.above in known:
        return known[each.above].level
    if each.above not in said:
        raise CellError("没有编码是“{above}”的上级单位；请先写上它，或者核对", above=each.above).at("above")
    below = outline.below(_level_above(said[each.above], said, known, outline, (*seen, each.code)))
    if below is None:
        raise CellError("上级编码{above}的级别不对，“{name}”放不进去", above=each.above, name=each.name).at("above")
    return below.number
