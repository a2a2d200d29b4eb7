"""A province's form opened in a process of its own: read (the file on stdin, JSON on stdout), or filled in (`fill`: a line
of JSON that says with what, then the file on stdin; the filled form on stdout).

The library that keeps a form's formatting makes a cell for each one a merged area claims to cover: one such area can ask
for any amount of memory. So this process has limits, and whoever started it lives on. Reading also writes the form once, so
that one which cannot be filled in is refused on the day it is brought.
"""

import json
import resource
import sys
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from banyan.tracker.classes.fields import Field
from banyan.tracker.classes.filling import Value, Values, fill
from banyan.tracker.classes.mapping import Mapped

MEMORY = 1024 * 1024 * 1024
SECONDS = 20
ROWS, COLUMNS, SHEETS, LONGEST = 3000, 120, 20, 200
CELLS = 100_000
"""Of all sheets together, hidden ones too: as many are filled in within two seconds."""
LOOKED_AT = 60  # rows whose texts are told
DAY = "day"


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    warnings.simplefilter("ignore")
    if sys.argv[1:] == ["fill"]:
        sys.stdout.buffer.write(_filled(json.loads(sys.stdin.buffer.readline()), sys.stdin.buffer.read()))
    else:
        json.dump(_told(sys.stdin.buffer.read()), sys.stdout)


def to_json(values: Values) -> dict[str, Any]:
    return {field.value: {DAY: each.isoformat()} if isinstance(each, date) else each for field, each in values.items()}


def _values(told: dict[str, Any]) -> dict[Field, Value]:
    return {Field(name): date.fromisoformat(each[DAY]) if isinstance(each, dict) else each for name, each in told.items()}


def _filled(told: dict[str, Any], form: bytes) -> bytes:
    return fill(form, Mapped.from_json(told["mapped"]), _values(told["of_class"]), [_values(each) for each in told["people"]])


def _told(content: bytes) -> dict[str, Any]:
    try:
        if sum(_merged(content)) > CELLS:
            return {"fault": "large"}
        book = load_workbook(BytesIO(content), keep_links=False)
        if _is_large(book.worksheets):
            return {"fault": "large"}
        found = [_sheet(each) for each in book.worksheets if each.sheet_state == "visible"]
        book.save(BytesIO())
    except (InvalidFileException, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, SyntaxError):
        return {"fault": "unreadable"}
    return {"sheets": found}


def _is_large(sheets: list[Any]) -> bool:
    sizes = [(each.max_row, each.max_column) for each in sheets]
    long = any(rows > ROWS or columns > COLUMNS for rows, columns in sizes)
    return long or len(sizes) > SHEETS or sum(rows * columns for rows, columns in sizes) > CELLS


def _merged(content: bytes) -> Iterator[int]:
    """Yield how many cells each merged area claims to cover, before the library makes them, which takes half a minute.

    A workbook may keep its sheets under any name and write an area in several ways, so every part is read as XML.
    """
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            with archive.open(name) as part:
                yield from map(_cells, _areas(part))


def _areas(part: Any) -> Iterator[str]:
    try:
        for _, each in iterparse(part):  # noqa: S314 - this process has limits and may die of it
            if each.tag.rpartition("}")[2] == "mergeCell":
                yield each.get("ref", "")
            each.clear()
    except ParseError:  # a picture, or what the library will not read either
        return


def _cells(area: str) -> int:
    left, top, right, bottom = range_boundaries(area)
    return (bottom - top + 1) * (right - left + 1)


def _sheet(sheet: Any) -> dict[str, Any]:
    rows = sheet.iter_rows(max_row=min(sheet.max_row, LOOKED_AT))
    filled = [cell for row in rows for cell in row if cell.value not in (None, "")]
    cells = [[cell.row, cell.column, str(cell.value)[:LONGEST]] for cell in filled]
    merged = [[each.min_row, each.min_col, each.max_row, each.max_col] for each in sheet.merged_cells.ranges]
    return {"name": sheet.title, "cells": cells, "merged": merged}


if __name__ == "__main__":
    main()
