"""A sheet somebody is looking at, kept for a day under its SHA-256 and only for them.

Kept is what was read, not the file: no pictures, and where a column held identity numbers, nothing.
"""

import hashlib
import json
import os
import re
import time
from dataclasses import dataclass, replace
from pathlib import Path

from banyan.errors import TooLateError
from banyan.tracker.roster.fields import Field, match
from banyan.tracker.roster.header import find_header
from banyan.tracker.roster.workbook import Sheet, Workbook, read_workbook

DAY = 24 * 3600  # seconds
SHELF_MOST = 200  # uploads; the oldest make room


@dataclass(frozen=True)
class Upload:
    digest: str
    file_name: str
    book: Workbook


def keep(folder: Path, owner: int, file_name: str, content: bytes) -> Upload:
    """Read a file and put what it holds on the shelf; a file that cannot be read is not kept."""
    upload = Upload(hashlib.sha256(content).hexdigest(), _last_part(file_name), without_id_columns(read_workbook(content)))
    sweep(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = _path(folder, owner, upload.digest)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(json.dumps({"file_name": upload.file_name}, ensure_ascii=False))
        file.writelines(f"\n{line}" for line in upload.book.lines())
    fresh.replace(path)
    return upload


def fetch(folder: Path, owner: int, digest: str) -> Upload:
    """Return what somebody uploaded within the day; to others, and afterwards, it is not there."""
    path = _path(folder, owner, digest if re.fullmatch(r"[0-9a-f]{64}", digest) else "none")
    if not path.is_file() or time.time() - path.stat().st_mtime > DAY:
        raise TooLateError("上传的名册只保存一天，这一份已经不在了；请重新上传")
    with path.open(encoding="utf-8") as file:
        file_name = json.loads(file.readline())["file_name"]
        return Upload(digest, file_name, Workbook.of_lines(file))


def has(folder: Path, owner: int, digest: str) -> bool:
    return _path(folder, owner, digest).is_file()


def forget(folder: Path, owner: int, digest: str) -> None:
    _path(folder, owner, digest).unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Take away what has lain for a day, and the oldest of what is too much."""
    files = sorted(folder.glob("*.*"), key=lambda each: each.stat().st_mtime, reverse=True) if folder.is_dir() else []
    for place, path in enumerate(files):
        if place >= SHELF_MOST or time.time() - path.stat().st_mtime > DAY:
            path.unlink(missing_ok=True)


def without_id_columns(book: Workbook) -> Workbook:
    return Workbook(tuple(_without_ids(sheet) for sheet in book.sheets))


def _without_ids(sheet: Sheet) -> Sheet:
    if not any(sheet.rows):
        return sheet
    header = find_header(sheet, {})
    out = {column for column, field in match(header.titles, {}).items() if field is Field.ID_CARD}
    if not out:
        return sheet
    below = [tuple("" if column in out else cell for column, cell in enumerate(row)) for row in sheet.rows[header.bottom + 1 :]]
    return replace(sheet, rows=(*sheet.rows[: header.bottom + 1], *below))


def _path(folder: Path, owner: int, digest: str) -> Path:
    return folder / f"{owner}-{digest}.json"


def _last_part(file_name: str) -> str:
    """Return the name of a file without its folders, as some browsers send them."""
    return re.sub(r"[\x00-\x1f]", "", re.split(r"[\\/]", file_name)[-1])[:120] or "名册"
