"""A home from a backup: under a mark that keeps everybody out until all of it is right.

The place is written to itself, so that it may be a disk of its own or lie in a folder that is somebody else's. Whatever
fails takes away what it wrote; killed, the mark stays, and restoring again begins anew.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zipfile import BadZipFile

from sqlalchemy.exc import SQLAlchemyError

from banyan.accounts.slips import SETUP
from banyan.errors import HomeError
from banyan.keeping.archive import Archive, Manifest, to_disk
from banyan.keeping.recovery import adopt_code, draw_code, public_of, unseal
from banyan.keeping.snapshot import within
from banyan.keys import write
from banyan.records import audit, erased_list
from banyan.records.engine import open_engine, sessions, writing
from banyan.settings import FORM, Home

COMMAND = "restore"


def restore(path: Path, place: Path, ask_code: Callable[[], str], now: datetime) -> Manifest:
    """Make a home of a backup and its recovery code, or change nothing and say why.

    The code is asked for once the backup has proved whole.
    """
    with Archive.open(path) as archive:
        home = _ready(archive, place)
        code = ask_code()
        if public_of(code) != archive.manifest.recovery:
            raise HomeError("恢复码和这份备份不配；请用做这份备份时的恢复码")
        keys = json.loads(unseal(code, archive.sealed, archive.bound))
        with _whole_or_not_there(home):
            _fill(archive, home)
            for name, text in keys.items():
                write(_key(home, name), text)
            _remember_erased(home, path)
            _note(home, archive.manifest, now)
        return archive.manifest


def restore_without_keys(path: Path, place: Path, now: datetime) -> tuple[Manifest, str]:
    """Make a home of a backup whose code is lost: new keys, so that old certificates no longer verify; return the new code."""
    code = draw_code()
    with Archive.open(path) as archive:
        home = _ready(archive, place)
        with _whole_or_not_there(home):
            _fill(archive, home)
            home.complete()
            adopt_code(home, code)
            _remember_erased(home, path)
            _note(home, archive.manifest, now)
        return archive.manifest, code


def _ready(archive: Archive, place: Path) -> Home:
    """Return the home to make; HomeError if the backup is of a newer version or its place is taken."""
    if archive.manifest.form > FORM:
        raise HomeError("这份备份是更新版本（{version}）的榕学做的；请先更新程序，再恢复", version=archive.manifest.banyan)
    home = Home(place.absolute())
    home.check_owner()
    begun = home.unfinished.is_file() and home.unfinished.read_text(encoding="utf-8").strip() == COMMAND
    if home.root.exists() and not begun and (not home.root.is_dir() or within(home.root)):
        raise HomeError("{path} 已经有东西了；请恢复到一个新的目录", path=home.root)
    return home


@contextmanager
def _whole_or_not_there(home: Home) -> Iterator[None]:
    """Keep everybody out of a home while the block fills it; take all of it away again if the block fails."""
    was_there, done = home.root.exists(), False
    try:
        home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        _clear(home)
        write(home.unfinished, COMMAND)
        yield
        to_disk(home.root)
        home.unfinished.unlink()
        to_disk(home.root)
        done = True
    except (OSError, BadZipFile, sqlite3.Error, SQLAlchemyError) as fault:
        reason = getattr(fault, "strerror", None) or getattr(fault, "orig", None) or fault
        raise HomeError(
            "没有恢复成，什么也没有改动（{reason}）；请检查 {path} 的空间和权限", reason=reason, path=home.root
        ) from fault
    finally:
        if not done and home.root.is_dir():
            _clear(home)
            if not was_there:
                home.root.rmdir()


def _clear(home: Home) -> None:
    """Empty a home, its mark last."""
    for path in sorted(within(home.root), key=lambda path: path == home.unfinished):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _fill(archive: Archive, home: Home) -> None:
    archive.unpack(home.root)
    home.keys.mkdir(mode=0o700)


def _remember_erased(home: Home, path: Path) -> None:
    """Learn who was erased since the backup was made from the list beside it: the grader erases them again."""
    erased_list.add(home.root / erased_list.NAME, erased_list.read(path.absolute().parent / erased_list.BESIDE))


def _note(home: Home, manifest: Manifest, now: datetime) -> None:
    """Write into the restored records that they were, and from when; records kept elsewhere are not ours to write to."""
    if not manifest.with_records:
        return
    home.run.mkdir(mode=0o700, exist_ok=True)
    engine = open_engine(home.records_url)
    with writing(sessions(engine)) as session:
        audit.append(session, now, SETUP, "home.restore", manifest.made_at, position=manifest.position)
    engine.dispose()


def _key(home: Home, name: str) -> Path:
    if Path(name).name != name:
        raise HomeError("备份里有不该有的密钥名 {name}；请换一份备份", name=name)
    return home.keys / name
