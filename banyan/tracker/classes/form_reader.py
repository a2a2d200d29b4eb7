"""A province's form read in a process of its own: the file on stdin, JSON on stdout.

The library that keeps a form's formatting makes a cell for each one a merged area claims to cover: one such area can ask
for any amount of memory. So this process has limits, and whoever started it lives on. It also writes the form once, so
that one which cannot be filled in is refused on the day it is brought.
"""

import json
import re
import resource
import sys
import warnings
import zipfile
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

MEMORY = 1024 * 1024 * 1024
SECONDS = 20
ROWS, COLUMNS, SHEETS, LONGEST = 3000, 120, 20, 200
MERGED = 200_000
AREA = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})")
LOOKED_AT = 60  # rows whose texts are told


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    warnings.simplefilter("ignore")
    json.dump(_told(sys.stdin.buffer.read()), sys.stdout)


def _told(content: bytes) -> dict[str, Any]:
    try:
        if _merged(content) > MERGED:
            return {"fault": "large"}
        book = load_workbook(BytesIO(content), keep_links=False)
        sheets = [each for each in book.worksheets if each.sheet_state == "visible"][:SHEETS]
        if any(each.max_row > ROWS or each.max_column > COLUMNS for each in sheets):
            return {"fault": "large"}
        found = [_sheet(each) for each in sheets]
        book.save(BytesIO())
    except (InvalidFileException, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, SyntaxError):
        return {"fault": "unreadable"}
    return {"sheets": found}


def _merged(content: bytes) -> int:
    """Return how many cells merged areas claim to cover: told before the library makes them, which takes half a minute."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheets = [archive.read(each) for each in archive.namelist() if each.startswith("xl/worksheets/")]
    found = [each.decode() for sheet in sheets for each in AREA.findall(sheet)]
    return sum((bottom - top + 1) * (right - left + 1) for left, top, right, bottom in map(range_boundaries, found))


def _sheet(sheet: Any) -> dict[str, Any]:
    rows = sheet.iter_rows(max_row=min(sheet.max_row, LOOKED_AT))
    filled = [cell for row in rows for cell in row if cell.value not in (None, "")]
    cells = [[cell.row, cell.column, str(cell.value)[:LONGEST]] for cell in filled]
    merged = [[each.min_row, each.min_col, each.max_row, each.max_col] for each in sheet.merged_cells.ranges]
    return {"name": sheet.title, "cells": cells, "merged": merged}


if __name__ == "__main__":
    main()
