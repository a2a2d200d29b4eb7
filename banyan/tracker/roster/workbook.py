"""A workbook as it was read: sheets of cells, held to the limits of what a roster can be."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import banyan
from banyan.errors import BadInputError
from banyan.tracker.roster import reader
from banyan.tracker.roster.cells import Cell

LARGEST = 10 * 1024 * 1024  # bytes of a file
UNPACKED = 190 * 1024 * 1024  # bytes of what is read of it; a sheet of 100,000 rows has 60 to 150 MB
ROWS = 120_000
PATIENCE = 90  # seconds
HERE = Path(banyan.__file__).parents[1]  # where the other process finds this package
MEDIA = ("xl/media/", "xl/drawings/", "Pictures/", "xl/embeddings/")

Area = tuple[int, int, int, int]
"""Top, left, bottom, right, all counted from 0 and all within."""


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[Area, ...] = ()

    def cell(self, row: int, column: int) -> Cell:
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else None

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


@dataclass(frozen=True)
class Workbook:
    sheets: tuple[Sheet, ...]

    def as_json(self) -> dict[str, Any]:
        return {"sheets": [{"name": each.name, "rows": [[_packed(cell) for cell in row] for row in each.rows],
                            "merged": each.merged} for each in self.sheets]}  # fmt: skip

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> "Workbook":
        return cls(tuple(_sheet(each) for each in told["sheets"]))


def read_workbook(content: bytes) -> Workbook:
    """Read an xlsx, xls, ods or CSV file, whatever its name says; BadInputError says what is wrong with it."""
    if not content:
        raise BadInputError("这个文件是空的，请重新选一个")
    if len(content) > LARGEST:
        raise BadInputError("这个文件超过 10 MB；请把图片删掉，或分成几个镇街分别导入")
    _look_inside(content)
    told = _read_apart(content)
    if told.get("fault") == "password":
        raise BadInputError("这个文件加了密码，系统打不开；请在表格软件里去掉密码，另存一份再导入")
    if "fault" in told:
        raise BadInputError("这个文件读不出来；请用表格软件打开，另存为 xlsx 再导入")
    if any(each["height"] > ROWS + 100 for each in told["sheets"]):
        raise BadInputError("表格超过 12 万行；请删掉最下面多余的行，或分成几个文件导入")
    book = Workbook.of_json(told)
    if not any(cell not in (None, "") for sheet in book.sheets for row in sheet.rows for cell in row):
        raise BadInputError("表格里没有内容；请检查是不是选错了文件")
    return book


def _look_inside(content: bytes) -> None:
    """Refuse an archive that unpacks to far more than it should, before anybody unpacks it."""
    if content[:2] != b"PK":
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            read = [each for each in archive.infolist() if not each.filename.startswith(MEDIA)]
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as fault:
        raise BadInputError("这个文件读不出来；请用表格软件打开，另存为 xlsx 再导入") from fault
    if sum(each.file_size for each in read) > UNPACKED or len(read) > 2000:
        raise BadInputError("这个文件解开以后太大，不像一份名册；请只留名册那一张表，另存一份再导入")


def _read_apart(content: bytes) -> Mapping[str, Any]:
    command = [sys.executable, "-m", reader.__name__]
    try:
        done = subprocess.run(command, input=content, capture_output=True, cwd=HERE, timeout=PATIENCE, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as fault:
        raise BadInputError(
            "这个文件太大或者坏了，读到一半读不下去；请只留名册那一张表，删掉右边和下面多余的格子，另存一份再导入"
        ) from fault
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def _sheet(told: Mapping[str, Any]) -> Sheet:
    rows = tuple(tuple(map(_cell, row)) for row in told["rows"])
    return Sheet(told["name"], rows, tuple(tuple(area) for area in told["merged"]))


def _cell(cell: Any) -> Cell:
    """Return a cell; a town is said for each of its grids, and kept once."""
    if isinstance(cell, str):
        return sys.intern(cell)
    return date.fromisoformat(cell["d"]) if isinstance(cell, dict) else cell


def _packed(cell: Cell) -> Any:
    return {"d": cell.isoformat()} if isinstance(cell, date) else cell
