"""Filling in a province's form: its formatting stays, rows are made as many as there are people, what stands below moves down.

What looks like a formula is written as a text: nobody's name is ever calculated.
"""

import re
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.styles.numbers import is_date_format
from openpyxl.worksheet.worksheet import Worksheet

from banyan.tracker.classes.fields import Field
from banyan.tracker.classes.grid import blanks
from banyan.tracker.classes.mapping import Mapped

Value = str | int | float | date | None
Values = Mapping[Field, Value]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def fill(form: bytes, mapped: Mapped, of_class: Values, people: Sequence[Values]) -> bytes:
    """Return a form filled in as it was mapped."""
    book = load_workbook(BytesIO(form), keep_links=False)
    sheet = book[mapped.sheet]
    for name in dict.fromkeys(key.partition("#")[0] for key in mapped.spots):
        _fill_cell(sheet, name, {key: of_class.get(each) for key, each in mapped.spots.items() if key.partition("#")[0] == name})
    if mapped.columns:
        _make_room(sheet, mapped, len(people))
        for number, person in enumerate(people):
            for column, field in mapped.columns.items():
                _write(_anchor(sheet, mapped.first_row + number, column), person.get(field))
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _fill_cell(sheet: Worksheet, name: str, values: Mapping[str, Value]) -> None:
    """Write one value as a cell's own, or several into the blanks of its text, the last blank first."""
    cell = _anchor(sheet, sheet[name].row, sheet[name].column)
    if name in values:
        _write(cell, values[name])
        return
    text = str(cell.value or "")
    for number, blank in reversed(list(enumerate(blanks(text)))):
        if (key := f"{name}#{number}") in values:
            apart = "  " if blank.is_gap and text[blank.end :].strip() else ""
            text = f"{text[: blank.begin]}{_said(values[key])}{apart}{text[blank.end :]}"
    _write(cell, text)


def _make_room(sheet: Worksheet, mapped: Mapped, people: int) -> None:
    """Give each person a row that looks like the first one; what stands below the form's own rows moves down, if it must.

    An area merged from the first row, or from above it, down into others would keep the last person's values alone.
    """
    first = mapped.first_row
    for each in list(sheet.merged_cells.ranges):
        holds = any(each.min_col <= column <= each.max_col for column in mapped.columns)
        if holds and each.min_row <= first <= each.max_row and each.min_row < each.max_row:
            sheet.unmerge_cells(each.coord)
    below = _below(sheet, mapped)
    more = first + people - below if below else 0
    if more > 0:
        _move_down(sheet, below, more)
    spans = [each for each in sheet.merged_cells.ranges if each.min_row == each.max_row == first]
    across = [(each.min_col, each.max_col) for each in spans]
    for row in range(first + 1, first + people):
        _dress(sheet, first, row)
        for left, right in across:
            sheet.merge_cells(start_row=row, end_row=row, start_column=left, end_column=right)


def _below(sheet: Worksheet, mapped: Mapped) -> int:
    """Return the first row under the form's own blank ones that says something, 0 if none does; lines may be numbered."""
    counted = {column for column, field in mapped.columns.items() if field is Field.INDEX}
    for row in range(mapped.first_row, sheet.max_row + 1):
        said = [cell for cell in sheet[row] if cell.value not in (None, "")]
        if any(cell.column not in counted or not str(cell.value).isdecimal() for cell in said):
            return row
    return 0


def _move_down(sheet: Worksheet, top: int, rows: int) -> None:
    """Move everything from a row on; the library moves cells only, so merged areas and heights are moved here."""
    last, width = sheet.max_row, sheet.max_column
    moved = [each for each in list(sheet.merged_cells.ranges) if each.min_row >= top]
    for each in moved:
        sheet.unmerge_cells(each.coord)
    heights = {row: sheet.row_dimensions[row].height for row in range(top, last + 1)}
    sheet.move_range(f"A{top}:{sheet.cell(last, width).coordinate}", rows=rows, translate=True)
    for row, height in reversed(heights.items()):  # a row may move to where one stood that has not moved yet
        sheet.row_dimensions[row].height = None
        sheet.row_dimensions[row + rows].height = height
    for each in moved:
        each.shift(row_shift=rows)
        sheet.merge_cells(each.coord)


def _dress(sheet: Worksheet, first: int, row: int) -> None:
    """Let a row look like the first one; a merged area that lay across it would swallow what is written there."""
    for each in [
        each for each in list(sheet.merged_cells.ranges) if each.min_row <= row <= each.max_row and each.min_row > first
    ]:
        sheet.unmerge_cells(each.coord)
    for cell in sheet[first]:
        fresh = sheet.cell(row, cell.column)
        if cell.has_style and not isinstance(fresh, MergedCell):
            fresh._style = copy(cell._style)
    sheet.row_dimensions[row].height = sheet.row_dimensions[first].height


def _anchor(sheet: Worksheet, row: int, column: int) -> Any:
    cell = sheet.cell(row, column)
    if not isinstance(cell, MergedCell):
        return cell
    area = next(each for each in sheet.merged_cells.ranges if cell.coordinate in each)
    return sheet.cell(area.min_row, area.min_col)


def _write(cell: Any, value: Value) -> None:
    if isinstance(value, date) and not is_date_format(cell.number_format):
        value = _said(value)
    if isinstance(value, str):
        text = FORBIDDEN.sub("", value)
        cell.value = text or None
        if text.startswith(FORMULA):
            cell.data_type, cell.quotePrefix = "s", True
        return
    cell.value = value


def _said(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
