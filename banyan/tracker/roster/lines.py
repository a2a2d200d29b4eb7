"""The rows below the header as lines of fields: merged cells filled, what is no row of a person left aside."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from banyan.tracker.roster.cells import Cell, plain, text_of
from banyan.tracker.roster.fields import Field
from banyan.tracker.roster.header import Header, is_header_again
from banyan.tracker.roster.workbook import Sheet

NOTES = re.compile(
    r"^(合计|小计|总计|共计|填表人|填报人|制表|审核|负责人签|备注[:：]|注[:：]|说明[:：]|填表说明|单位负责人|\d+\.\s*填)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `row` counts from 0, `cells` and `texts` are by column, `columns` say where each field stands."""

    row: int
    cells: Sequence[Cell]
    texts: Sequence[str]
    columns: Mapping[Field, int]

    def text(self, field: Field) -> str:
        column = self.columns.get(field, len(self.texts))
        return self.texts[column] if column < len(self.texts) else ""

    def cell(self, field: Field) -> Cell:
        column = self.columns.get(field, len(self.cells))
        return self.cells[column] if column < len(self.cells) else None


@dataclass(frozen=True)
class Read:
    """The lines of a sheet, and how many rows were passed over as notes, totals or headers again."""

    lines: Sequence[Line]
    passed_over: int


def read_lines(sheet: Sheet, header: Header, fields: Mapping[int, Field]) -> Read:
    columns: dict[Field, int] = {field: column for column, field in fields.items() if field is not Field.ID_CARD}
    merged = _merged(sheet, header.bottom)
    lines, passed = [], 0
    for number in range(header.bottom + 1, len(sheet.rows)):
        row = sheet.rows[number]
        texts = tuple(map(text_of, row))
        filled, all_texts = row, texts
        if number in merged:
            filled = tuple(merged[number].get(column, sheet.cell(number, column)) for column in range(len(header.titles)))
            all_texts = tuple(map(text_of, filled))
        if not any(all_texts[column] for column in columns.values() if column < len(all_texts)):
            continue
        if _is_note(texts) or is_header_again(header, texts):
            passed += 1
        else:
            lines.append(Line(number, filled, all_texts, columns))
    return Read(lines, passed)


def _merged(sheet: Sheet, after: int) -> dict[int, dict[int, Cell]]:
    """Return what stands in merged cells below the header, by row and column: in each of them what stands in the first."""
    found: dict[int, dict[int, Cell]] = defaultdict(dict)
    for top, left, bottom, right in sheet.merged:
        for row in range(top, min(bottom + 1, len(sheet.rows))) if top > after else ():
            found[row] |= dict.fromkeys(range(left, right + 1), sheet.cell(top, left))
    return found


def _is_note(texts: Sequence[str]) -> bool:
    said = [each for each in texts if each]
    return bool(said) and (bool(NOTES.match(plain(said[0]))) or (len(said) == 1 and len(said[0]) > 40))
