"""A file of units or of facilities, whichever its columns say: what it would do, and doing it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from banyan.domain.outline import Outline
from banyan.errors import BadInputError
from banyan.tracker.roster import facility_sheet, unit_sheet
from banyan.tracker.roster.cells import address
from banyan.tracker.roster.facility_sheet import SiteOutlook, compare_facilities, take_in_facilities
from banyan.tracker.roster.tables import Table, find_table
from banyan.tracker.roster.unit_sheet import UnitOutlook, compare_units, take_in_units
from banyan.tracker.roster.workbook import Workbook


@dataclass(frozen=True)
class Look:
    """What a file would do; `kind` is units or facilities."""

    table: Table
    outlook: UnitOutlook | SiteOutlook

    @property
    def kind(self) -> str:
        return "units" if isinstance(self.outlook, UnitOutlook) else "facilities"

    @property
    def faults(self) -> list[tuple[str, BadInputError]]:
        """Return each fault with its sheet and cell, as 名册!B7."""
        name = f"{self.table.sheet.name}!" if self.table.sheet.name else ""
        return [(f"{name}{address(each.row, each.column)}", each.error) for each in self.outlook.faults]

    @property
    def digest(self) -> str:
        """Tell two looks apart: what was looked at is what is done."""
        return hashlib.sha256(repr((self.kind, self._seen())).encode()).hexdigest()[:16]

    def _seen(self) -> object:
        out = self.outlook
        if isinstance(out, UnitOutlook):
            pairs = [[(unit.id, said.code, said.name, said.above) for unit, said in rows] for rows in (out.renamed, out.moved)]
            return [[(each.code, each.name, each.above) for each in out.new], pairs, self.faults_told]
        changed = [(row.id, said.address, said.starts_on, said.ends_on) for row, said in out.changed]
        return [[(*each.key, each.address) for each in out.new], changed, [each.id for each in out.gone], self.faults_told]

    @property
    def faults_told(self) -> list[str]:
        return [f"{place} {error}" for place, error in self.faults]


def look_at(session: Session, book: Workbook, reach: tuple[str, ...], outline: Outline) -> Look:
    """Return what a file would do; BadInputError where it holds neither units nor facilities."""
    try:
        table = find_table(book, unit_sheet.COLUMNS)
    except BadInputError:
        try:
            table = find_table(book, facility_sheet.COLUMNS)
        except BadInputError:
            raise BadInputError(
                "没有认出这张表。单位表要有“单位编码”“单位名称”“上级编码”；设施表要有“单位编码”“设施类别”“设施名称”"
            ) from None
        return Look(table, compare_facilities(session, table, reach, outline))
    return Look(table, compare_units(session, table, reach, outline))


def take_in_places(session: Session, look: Look, end_gone: bool, actor: str, by: int | None, now: datetime) -> None:
    """Do what was looked at, all of it or none; `end_gone` closes the facilities that are no longer named."""
    if isinstance(look.outlook, UnitOutlook):
        take_in_units(session, look.outlook, actor, by, now)
    else:
        take_in_facilities(session, look.outlook, end_gone, actor, now)
