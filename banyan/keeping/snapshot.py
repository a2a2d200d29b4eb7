"""Copying a home that is in use.

The records come first and everything else after, so that whatever the records speak of is in the copy: releases are
never changed, and a gradebook that is ahead of the records is caught up with, since grading again comes out the same.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from banyan.errors import HomeError
from banyan.keeping.archive import Pen
from banyan.settings import Home
from grading.bridge.lock import locked

DISKS_OWN = "lost+found"  # where the home is a disk of its own
LEFT_OUT = {"keys", "labs", "prints", "logs", "run", "backups", "accounts.txt", DISKS_OWN}
"""Keys are sealed apart; accounts are a demo's; in labs people put what they like, which no backup must stumble over;
what was printed can be printed again."""
CACHES = ("hub.sqlite", "huey.sqlite")  # who is signed in, and wake-up calls: drawn anew
PASSING = (".new", ".old", ".before")
JOURNALS = ("-wal", "-shm", "-journal")
MAGIC = b"SQLite format 3\0"
RECORDS = "records.sqlite"


class End(NamedTuple):
    """The last row of the audit log."""

    position: int = 0
    seal: str = ""


def copy_home(home: Home, pen: Pen, beside: Path) -> End:
    """Put everything a home must not lose into an archive, but for its keys, and return the end of the copied audit log.

    Databases are copied to the file `beside` first.
    """
    end = End()
    if (home.root / RECORDS).exists():
        copy_database(home.root / RECORDS, beside)
        end = _end_of(beside)
        pen.put(RECORDS, beside, 0o600)
    for path in sorted(home.root.iterdir()):
        if path == home.gradebooks:
            _put_gradebooks(home, pen, beside)
        elif not _is_left_out(path):
            _put_all(home, path, pen, beside)
    return end


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite file as it stands at one moment, whoever writes to it meanwhile, and see that the copy is sound."""
    target.unlink(missing_ok=True)
    live = sqlite3.connect(f"file:{quote(str(source))}?mode=ro", uri=True, timeout=15)
    with closing(live), closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        if copy.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise HomeError("{path} 已经损坏，没有做成备份；请从上一份备份恢复", path=source)
    target.chmod(0o600)


def _end_of(records: Path) -> End:
    with closing(sqlite3.connect(records)) as copy:
        row = copy.execute("SELECT position, seal FROM audit ORDER BY position DESC LIMIT 1").fetchone()
    return End(*row) if row else End()


def within(folder: Path) -> list[Path]:
    """Return what lies in a folder, but for what a disk of its own always has."""
    return [path for path in folder.iterdir() if path.name != DISKS_OWN]


def is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _put_gradebooks(home: Home, pen: Pen, beside: Path) -> None:
    """Copy each course while no grader is at it."""
    pen.folders["gradebooks"] = 0o700
    for course in sorted(path for path in home.gradebooks.iterdir() if path.is_dir() and not path.name.startswith(".")):
        with locked(course / "locks" / "course"):
            _put_all(home, course, pen, beside)


def _put_all(home: Home, root: Path, pen: Pen, beside: Path) -> None:
    for path in _walk(root):
        if path.is_dir():
            pen.folders[str(path.relative_to(home.root))] = path.stat().st_mode & 0o777
        else:
            _put(home, path, pen, beside)


def _put(home: Home, path: Path, pen: Pen, beside: Path) -> None:
    name = str(path.relative_to(home.root))
    try:
        if is_database(path):
            copy_database(path, beside)
            pen.put(name, beside, path.stat().st_mode & 0o777)
        else:
            pen.put(name, path)
    except FileNotFoundError:
        return  # an upload that was decided on meanwhile


def _walk(root: Path) -> Iterator[Path]:
    """Yield a file, or a folder and everything in it; what is being written, locked or linked is no part of a home."""
    if root.is_symlink() or root.name.startswith(".") or root.name.endswith(JOURNALS):
        return
    if root.is_file():
        yield root
    elif root.is_dir() and root.name != "locks":
        yield root
        for path in sorted(root.iterdir()):
            yield from _walk(path)


def _is_left_out(path: Path) -> bool:
    return path.name in {*LEFT_OUT, RECORDS} or path.name.startswith(CACHES) or path.name.endswith(PASSING)
