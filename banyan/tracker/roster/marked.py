"""The same sheet back: every row where it was, what is wrong in colour, and why in a last column."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from io import BytesIO

import xlsxwriter

from banyan.errors import BadInputError
from banyan.tracker.roster.cells import Cell, Fault, text_of
from banyan.tracker.roster.header import Header
from banyan.tracker.roster.workbook import Sheet

QUIET = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
FAULT, WHY, HEAD = "#ffd6d1", "#a3271f", "#e8f1ec"
WIDEST = 40

Say = Callable[[BadInputError], str]


def marked_sheet(sheet: Sheet, header: Header, faults: Iterable[Fault], say: Say, heading: str) -> bytes:
    """Return an xlsx; `say` puts a fault into the reader's words, `heading` is the last column's."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, QUIET) as book:
        page = book.add_worksheet(sheet_name(sheet.name))
        formats = {(kind, bad): book.add_format(_look(kind, bad)) for kind in ("text", "day", "head") for bad in (False, True)}
        by_row = defaultdict(list)
        for fault in faults:
            by_row[fault.row].append(fault)
        bad = {(fault.row, fault.column) for each in by_row.values() for fault in each}
        for row, cells in enumerate(sheet.rows):
            for column, cell in enumerate(cells):
                head = header.top <= row <= header.bottom
                kind = "head" if head else "day" if isinstance(cell, date) else "text"
                _put(page, row, column, cell, formats[kind, (row, column) in bad or (row, None) in bad])
        _merge(page, sheet, formats["text", False])
        why = book.add_format({"font_color": WHY, "bold": True, "text_wrap": True, "valign": "top"})
        page.write_string(header.bottom, sheet.width, heading, formats["head", False])
        for row, found in by_row.items():
            page.write_string(row, sheet.width, "；".join(dict.fromkeys(say(each.error) for each in found)), why)
        for column in range(sheet.width):
            page.set_column(column, column, _width(sheet, column))
        page.set_column(sheet.width, sheet.width, 60)
        page.freeze_panes(header.bottom + 1, 0)
    return stream.getvalue()


def sheet_name(name: str) -> str:
    """Return a name that spreadsheets take."""
    return "".join(each for each in name if each not in "[]:*?/\\").strip("'")[:31] or "名册"


def _look(kind: str, bad: bool) -> dict[str, object]:
    look: dict[str, object] = {"num_format": {"text": "@", "day": "yyyy-mm-dd", "head": "@"}[kind], "valign": "top"}
    if kind == "head":
        look |= {"bold": True, "bg_color": HEAD, "text_wrap": True}
    return look | ({"bg_color": FAULT} if bad else {})


def _put(page: "xlsxwriter.worksheet.Worksheet", row: int, column: int, cell: Cell, look: object) -> None:
    """Write numbers as the text one reads: a phone is no sum, and text stays as it is typed over."""
    if isinstance(cell, date):
        page.write_datetime(row, column, cell, look)
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell, look)
    elif text_of(cell):
        page.write_string(row, column, text_of(cell), look)
    else:
        page.write_blank(row, column, None, look)


def _merge(page: "xlsxwriter.worksheet.Worksheet", sheet: Sheet, look: object) -> None:
    taken: set[tuple[int, int]] = set()
    for top, left, bottom, right in sheet.merged:
        cells = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        if len(cells) > 1 and not cells & taken:
            taken |= cells
            page.merge_range(top, left, bottom, right, text_of(sheet.cell(top, left)), look)


def _width(sheet: Sheet, column: int) -> int:
    longest = max(
        (sum(1 if each.isascii() else 2 for each in text_of(sheet.cell(row, column))) for row in range(len(sheet.rows))),
        default=8,
    )
    return min(max(longest + 2, 8), WIDEST)
