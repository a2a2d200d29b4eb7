"""A workbook read in a process of its own: the file on stdin; on stdout a line of JSON for each sheet and, after it, each row.

The library that reads allocates what a file claims to hold: one value in the last cell of an empty sheet asks for 500 GB
and ends the process. So this process has a limit of memory and time, and whoever started it lives on. Pictures are never
opened; formulas are the values last calculated; identity numbers are blanked here and go no further.
"""

import csv
import io
import json
import re
import resource
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import python_calamine as calamine

from banyan.tracker.roster.broken import wrong_cells
from banyan.tracker.roster.cells import ID_CARD, LEFT_OUT, clean, without_id_cards

MEMORY = 1536 * 1024 * 1024
SECONDS = 60
ROWS, COLUMNS, SHEETS = 120_100, 100, 20
MERGED = 500_000
PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How an xlsx, an ods, an xls begins."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
FORCED = re.compile(r'^="([^"]*)"$')
"""="0138": how programs write a number into a CSV so that it stays a text."""
LONGEST = 2000
"""Longer texts are cut; none that matters is."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    warnings.simplefilter("ignore")
    sys.stdout.writelines(f"{json.dumps(each)}\n" for each in _lines(_told(sys.stdin.buffer.read())))


def _lines(told: dict[str, Any]) -> Iterator[Any]:
    """Yield each sheet and after it its rows; a fault stands alone."""
    sheets = told.pop("sheets", [])
    if any(each["height"] > ROWS for each in sheets):
        told["fault"] = "long"
    if "fault" in told:
        yield told
        return
    for sheet in sheets:
        yield {"name": sheet["name"], "merged": sheet["merged"]}
        yield from sheet["rows"]


def _told(content: bytes) -> dict[str, Any]:
    if content[:4] not in PACKED:
        return _csv(content)
    if ENCRYPTED in content:
        return {"fault": "password"}
    try:
        wrong = wrong_cells(content)
        return {"sheets": [_told_wrong(each, wrong) for each in _sheets(calamine.load_workbook(io.BytesIO(content)))]}
    except calamine.PasswordError:
        return {"fault": "password"}
    except (calamine.CalamineError, ValueError, OSError):
        return {"fault": "unreadable"}


def _told_wrong(sheet: dict[str, Any], wrong: Mapping[str, Mapping[tuple[int, int], str]]) -> dict[str, Any]:
    """Return a sheet with what a formula that came out wrong says, where the library gives nothing."""
    rows = sheet["rows"]
    for (row, column), said in wrong.get(sheet["name"], {}).items():
        if row < len(rows) and column < len(rows[row]) and rows[row][column] == "":
            rows[row][column] = said
    return sheet


def _sheets(book: Any) -> list[dict[str, Any]]:
    seen = [each for each in book.sheets_metadata if each.visible == calamine.SheetVisibleEnum.Visible]
    kept = [each.name for each in seen if each.typ == calamine.SheetTypeEnum.WorkSheet][:SHEETS]
    return [_sheet(name, book.get_sheet_by_name(name)) for name in kept]


def _sheet(name: str, sheet: Any) -> dict[str, Any]:
    if sheet.total_height > ROWS:
        return {"name": name, "rows": [], "merged": [], "height": sheet.total_height}
    rows = sheet.to_python(skip_empty_area=False)
    merged = [[top, left, bottom, right] for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]
    return {"name": name, "rows": _plain(rows), "merged": list(_sane(merged, len(rows))), "height": len(rows)}


def _sane(merged: list[list[int]], height: int) -> Iterator[list[int]]:
    """Yield the merged areas that begin within the sheet, until they have covered more cells than a roster has."""
    covered = 0
    for top, left, bottom, right in merged:
        last = min(bottom, height - 1)
        covered += (last - top + 1) * (min(right, COLUMNS) - left + 1)
        if top < height and left < COLUMNS and covered < MERGED:
            yield [top, left, last, min(right, COLUMNS - 1)]


def _csv(content: bytes) -> dict[str, Any]:
    text = _decoded(content)
    if text is None or "\x00" in text:
        return {"fault": "unreadable"}
    head = "\n".join(text.splitlines()[:30])
    delimiter = max(",\t;，", key=head.count)
    csv.field_size_limit(1_000_000)
    try:
        rows = list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), ROWS + 1))
    except csv.Error:
        return {"fault": "unreadable"}
    return {"sheets": [{"name": "", "rows": _plain(rows) if len(rows) <= ROWS else [], "merged": [], "height": len(rows)}]}


def _decoded(content: bytes) -> str | None:
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _plain(rows: Iterable[Iterable[Any]]) -> list[list[Any]]:
    return [[_cell(cell) for cell in islice(row, COLUMNS)] for row in rows]


def _cell(cell: Any) -> Any:
    """JSON knows no dates: {"d": "2024-03-01"}."""
    if isinstance(cell, datetime | date):
        return {"d": cell.isoformat()[:10]}
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        return LEFT_OUT if ID_CARD.fullmatch(f"{cell:.0f}") else float(cell)
    if isinstance(cell, time | timedelta):
        return str(cell)
    return without_id_cards(clean(FORCED.sub(r"\1", str(cell)[:LONGEST])))


if __name__ == "__main__":
    main()
