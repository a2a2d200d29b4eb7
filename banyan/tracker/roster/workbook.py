"""A workbook as it was read: sheets of cells, held to the limits of what a roster can be."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import banyan
from banyan.errors import BadInputError
from banyan.tracker.roster import reader
from banyan.tracker.roster.cells import Cell

LARGEST = 20 * 1024 * 1024  # bytes of a CSV file, which is not packed
LARGEST_PACKED = 10 * 1024 * 1024
UNPACKED = 190 * 1024 * 1024  # bytes of what is read of it; a sheet of 100,000 rows has 60 to 150 MB
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

    def lines(self) -> Iterator[str]:
        """Yield a line of JSON for each sheet and, after it, for each of its rows."""
        for sheet in self.sheets:
            yield json.dumps({"name": sheet.name, "merged": sheet.merged}, ensure_ascii=False)
            yield from (json.dumps([_packed(cell) for cell in row], ensure_ascii=False) for row in sheet.rows)

    @classmethod
    def of_lines(cls, lines: Iterable[str | bytes]) -> "Workbook":
        """Read what `lines` wrote, a line at a time: the cells of a large sheet are never here twice."""
        found: list[tuple[dict[str, Any], list[tuple[Cell, ...]]]] = []
        for line in lines:
            told = json.loads(line)
            if isinstance(told, dict):
                found.append((told, []))
            else:
                found[-1][1].append(tuple(map(_cell, told)))
        return cls(tuple(Sheet(told["name"], tuple(rows), tuple(map(tuple, told["merged"]))) for told, rows in found))


def read_workbook(content: bytes) -> Workbook:
    """Read an xlsx, xls, ods or CSV file, whatever its name says; BadInputError says what is wrong with it."""
    if not content:
        raise BadInputError("这个文件是空的，请重新选一个")
    packed = content[:4] in reader.PACKED
    if packed and len(content) > LARGEST_PACKED:
        raise BadInputError("这个文件超过 10 MB；请把图片删掉，或分成几个镇街分别导入")
    if len(content) > LARGEST:
        raise BadInputError("这个 CSV 文件超过 20 MB；请用表格软件打开，另存为 xlsx 再导入")
    _look_inside(content)
    book = Workbook.of_lines(_read_apart(content))
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


def _read_apart(content: bytes) -> BytesIO:
    """Return what the other process read, as lines; BadInputError says what it could not."""
    command = [sys.executable, "-m", reader.__name__]
    try:
        done = subprocess.run(command, input=content, capture_output=True, cwd=HERE, timeout=PATIENCE, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as fault:
        raise BadInputError(
            "这个文件太大或者坏了，读到一半读不下去；请只留名册那一张表，删掉右边和下面多余的格子，另存一份再导入"
        ) from fault
    if done.stdout.startswith(b'{"fault"'):
        raise _refused(json.loads(done.stdout)["fault"])
    return BytesIO(done.stdout)


def _refused(fault: str) -> BadInputError:
    if fault == "password":
        return BadInputError("这个文件加了密码，系统打不开；请在表格软件里去掉密码，另存一份再导入")
    if fault == "long":
        return BadInputError("表格超过 12 万行；请删掉最下面多余的行，或分成几个文件导入")
    return BadInputError("这个文件读不出来；请用表格软件打开，另存为 xlsx 再导入")


def _cell(cell: Any) -> Cell:
    """Return a cell; a town is said for each of its grids, and kept once."""
    if isinstance(cell, str):
        return sys.intern(cell)
    return date.fromisoformat(cell["d"]) if isinstance(cell, dict) else cell


def _packed(cell: Cell) -> Any:
    return {"d": cell.isoformat()} if isinstance(cell, date) else cell
