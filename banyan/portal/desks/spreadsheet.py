"""A list as an .xlsx file for WPS and Excel: a title, as of when, one row a line; ready to be printed on A4.

Rows are written as they come, so a list of any length costs the same memory; what looks like a formula stays text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote

import xlsxwriter
from fastapi.responses import Response
from xlsxwriter.format import Format

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAIN = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
A4 = 9


@dataclass(frozen=True)
class Column:
    """`width` is in characters of Latin type; a Chinese one takes two."""

    label: str
    width: int


@dataclass(frozen=True)
class Head:
    """What stands above the list: what it is, of whom and as of when."""

    title: str
    about: str


@dataclass(frozen=True)
class Sheet:
    head: Head
    columns: Sequence[Column]
    rows: Iterable[Sequence[str | int | float]]
    name: str | None = None


def xlsx(head: Head, columns: Sequence[Column], rows: Iterable[Sequence[str | int | float]]) -> bytes:
    return workbook([Sheet(head, columns, rows)])


def workbook(sheets: Iterable[Sheet]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, PLAIN) as book:
        for each in sheets:
            _add(book, each)
    return file.getvalue()


def _add(book: xlsxwriter.Workbook, given: Sheet) -> None:
    sheet = book.add_worksheet(given.name)
    wrapped = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#B9B5A6"}
    cell, label = book.add_format(wrapped), book.add_format({**wrapped, "bold": True, "bg_color": "#E8F1EC"})
    for place, column in enumerate(given.columns):
        sheet.set_column(place, place, column.width)
    _set_up_page(sheet, len(given.columns))
    sheet.write_string(0, 0, given.head.title, book.add_format({"bold": True, "font_size": 15}))
    sheet.write_string(1, 0, given.head.about)
    for place, column in enumerate(given.columns):
        sheet.write_string(2, place, column.label, label)
    for number, row in enumerate(given.rows, start=3):
        for place, value in enumerate(row):
            _write(sheet, (number, place), value, cell)


def as_file(name: str, content: bytes) -> Response:
    """Return a spreadsheet to be kept under a name (in any script, without its ending)."""
    kept = f"attachment; filename=list.xlsx; filename*=UTF-8''{quote(name)}.xlsx"
    return Response(content, media_type=KIND, headers={"content-disposition": kept, "cache-control": "no-store"})


def _write(sheet: xlsxwriter.worksheet.Worksheet, at: tuple[int, int], value: str | float, cell: Format) -> None:
    if value == "":
        sheet.write_blank(*at, None, cell)
    elif isinstance(value, str):
        sheet.write_string(*at, value, cell)
    else:
        sheet.write_number(*at, value, cell)


def _set_up_page(sheet: xlsxwriter.worksheet.Worksheet, columns: int) -> None:
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 0)
    sheet.set_footer("&C&P / &N")
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
