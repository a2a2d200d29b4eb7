"""The rows below the header as lines of fields: merged cells filled, what is no row of a person left aside."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from banyan.tracker.roster.cells import Cell, plain, text_of
from banyan.tracker.roster.fields import Field
from banyan.tracker.roster.header import Header, is_header_again
from banyan.tracker.roster.workbook import Sheet

NOTES = re.compile(
    r"^(合计|小计|总计|共计|填表人|填报人|制表|审核|负责人签|备注[:：]|注[:：]|说明[:：]|填表说明|单位负责人|\d+\.\s*填)"
)


NONE: Mapping[Field, Cell] = {}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `row` counts from 0, `texts` are by field, `columns` say where each field stands.

    `cells` are those that were no text in the sheet: numbers and days.
    """

    row: int
    cells: Mapping[Field, Cell]
    texts: Mapping[Field, str]
    columns: Mapping[Field, int]

    def text(self, field: Field) -> str:
        return self.texts.get(field, "")


@dataclass(frozen=True)
class Read:
    """The lines of a sheet, and how many rows were passed over as notes, totals or headers again."""

    lines: Sequence[Line]
    passed_over: int


def read_lines(sheet: Sheet, header: Header, fields: Mapping[int, Field]) -> Read:
    columns: dict[Field, int] = {field: column for column, field in fields.items() if field is not Field.ID_CARD}
    filled = _filled(sheet, header.bottom)
    lines, passed = [], 0
    for row in range(header.bottom + 1, len(sheet.rows)):
        cells: dict[Field, Cell] = {
            field: filled.get((row, column), sheet.cell(row, column)) for field, column in columns.items()
        }
        said = {field: text for field, cell in cells.items() if (text := text_of(cell))}
        if not said:
            continue
        texts = tuple(text_of(cell) for cell in sheet.rows[row])
        if _is_note(texts) or is_header_again(header, texts):
            passed += 1
        else:
            odd: dict[Field, Cell] = {field: cell for field, cell in cells.items() if not isinstance(cell, str | None)}
            lines.append(Line(row, odd or NONE, said, columns))
    return Read(lines, passed)


def _filled(sheet: Sheet, after: int) -> dict[tuple[int, int], Cell]:
    """Return what stands in merged cells below the header: in each of them what stands in the first."""
    return {
        (row, column): sheet.cell(top, left)
        for top, left, bottom, right in sheet.merged
        if top > after
        for row in range(top, min(bottom + 1, len(sheet.rows)))
        for column in range(left, right + 1)
    }


def _is_note(texts: Sequence[str]) -> bool:
    said = [each for each in texts if each]
    return bool(said) and (bool(NOTES.match(plain(said[0]))) or (len(said) == 1 and len(said[0]) > 40))
