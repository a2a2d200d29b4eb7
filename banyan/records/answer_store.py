"""Files that answers speak of, each under the SHA-256 of what it holds: written whole and synced before anybody is told.

The same content is one file, whoever sent it; who may see it is not asked here.
"""

import hashlib
import os
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from banyan.errors import NotFoundError
from banyan.records import content

DAY = 24 * 3600  # seconds


def put(folder: Path, data: bytes) -> str:
    """Keep a content and return its digest; it is on disk then, and young again if it was there already."""
    with suppress(FileNotFoundError):
        os.utime(_place(folder, hashlib.sha256(data).hexdigest()))  # before a look: a sweep that has begun passes it by
    return content.keep(folder, data).name


def get(folder: Path, digest: str) -> bytes:
    """Return a content, or raise NotFoundError."""
    try:
        return _place(folder, digest).read_bytes()
    except FileNotFoundError:
        raise NotFoundError("这个文件不在了；请联系平台管理员从备份恢复") from None


def has(folder: Path, digest: str) -> bool:
    return _place(folder, digest).is_file()


def sweep(folder: Path, wanted: Collection[str]) -> int:
    """Take away what nothing speaks of and has lain for a day, and return how many; younger ones may just be coming in."""
    old = [each for each in folder.glob("*/*") if each.name not in wanted and time.time() - each.stat().st_mtime > DAY]
    for each in old:
        each.unlink(missing_ok=True)
    return len(old)


def _place(folder: Path, digest: str) -> Path:
    place = content.place(folder, digest)
    if place is None:
        raise NotFoundError("没有这个文件")
    return place
