"""Files that answers speak of, each under the SHA-256 of what it holds: written whole and synced before anybody is told.

The same content is one file, whoever sent it; who may see it is not asked here.
"""

import hashlib
import os
import re
import time
from collections.abc import Collection
from pathlib import Path

from banyan.errors import NotFoundError

DAY = 24 * 3600  # seconds
NAME = re.compile(r"[0-9a-f]{64}")


def put(folder: Path, content: bytes) -> str:
    """Keep a content and return its digest; it is on disk then, and young again if it was there already."""
    digest = hashlib.sha256(content).hexdigest()
    place = _place(folder, digest)
    if place.exists():
        os.utime(place)  # a sweep that has begun passes it by
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(place, content)
        _sync(folder)
    return digest


def get(folder: Path, digest: str) -> bytes:
    """Return a content, or raise NotFoundError."""
    try:
        return _place(folder, digest).read_bytes()
    except FileNotFoundError:
        raise NotFoundError("这张照片不在了；请联系平台管理员从备份恢复") from None


def has(folder: Path, digest: str) -> bool:
    return _place(folder, digest).is_file()


def sweep(folder: Path, wanted: Collection[str]) -> int:
    """Take away what nothing speaks of and has lain for a day, and return how many; younger ones may just be coming in."""
    old = [each for each in folder.glob("*/*") if each.name not in wanted and time.time() - each.stat().st_mtime > DAY]
    for each in old:
        each.unlink(missing_ok=True)
    return len(old)


def _place(folder: Path, digest: str) -> Path:
    if not NAME.fullmatch(digest):
        raise NotFoundError("没有这张照片")
    return folder / digest[:2] / digest


def _write(place: Path, content: bytes) -> None:
    fresh = place.with_name(f".{place.name}.{os.getpid()}-{time.monotonic_ns()}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(place)
    finally:
        fresh.unlink(missing_ok=True)
    _sync(place.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
