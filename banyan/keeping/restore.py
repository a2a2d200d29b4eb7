"""A home from a backup: beside its place first, moved there when all of it is right."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zipfile import BadZipFile

from banyan.accounts.slips import SETUP
from banyan.errors import HomeError
from banyan.keeping.archive import Archive, Manifest
from banyan.keeping.recovery import adopt_code, draw_code, public_of, unseal
from banyan.keys import write
from banyan.records import audit
from banyan.records.engine import open_engine, sessions, writing
from banyan.settings import FORM, Home


def restore(path: Path, place: Path, ask_code: Callable[[], str], now: datetime) -> Manifest:
    """Make a home of a backup and its recovery code, or change nothing and say why.

    The code is asked for once the backup has proved whole.
    """
    with Archive.open(path) as archive, _vacant(place.absolute()) as folder:
        _check_form(archive)
        code = ask_code()
        if public_of(code) != archive.manifest.recovery:
            raise HomeError("恢复码和这份备份不配；请用做这份备份时的恢复码")
        keys = json.loads(unseal(code, archive.sealed, archive.bound))
        _fill(archive, folder)
        for name, text in keys.items():
            write(_key(folder, name), text)
        _note(folder, archive.manifest, now)
        return archive.manifest


def restore_without_keys(path: Path, place: Path, now: datetime) -> tuple[Manifest, str]:
    """Make a home of a backup whose code is lost: new keys, so that old certificates no longer verify; return the new code."""
    code = draw_code()
    with Archive.open(path) as archive, _vacant(place.absolute()) as folder:
        _check_form(archive)
        _fill(archive, folder)
        Home(folder).complete()
        adopt_code(Home(folder), code)
        _note(folder, archive.manifest, now)
        return archive.manifest, code


@contextmanager
def _vacant(place: Path) -> Iterator[Path]:
    """Give a folder to write into that becomes the place in one step; a place that is taken is refused."""
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise HomeError("{path} 已经有东西了；请恢复到一个新的目录", path=place)
    folder = place.with_name(f".{place.name}.restoring")
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        yield folder
        _to_disk(folder)
        folder.rename(place)
        _to_disk(place.parent)
    except (OSError, BadZipFile) as fault:
        reason = getattr(fault, "strerror", None) or fault
        raise HomeError(
            "没有恢复成，什么也没有改动（{reason}）；请检查 {path} 的空间和权限", reason=reason, path=place
        ) from fault
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_form(archive: Archive) -> None:
    if archive.manifest.form > FORM:
        raise HomeError("这份备份是更新版本（{version}）的榕学做的；请先更新程序，再恢复", version=archive.manifest.banyan)


def _fill(archive: Archive, folder: Path) -> None:
    archive.unpack(folder)
    (folder / "keys").mkdir(mode=0o700)


def _note(folder: Path, manifest: Manifest, now: datetime) -> None:
    """Write into the restored records that they were, and from when; records kept elsewhere are not ours to write to."""
    if not manifest.with_records:
        return
    home = Home(folder)
    home.run.mkdir(mode=0o700, exist_ok=True)
    engine = open_engine(home.records_url)
    with writing(sessions(engine)) as session:
        audit.append(session, now, SETUP, "home.restore", manifest.made_at, position=manifest.position)
    engine.dispose()  # closes the journal: the folder is about to move


def _key(folder: Path, name: str) -> Path:
    if Path(name).name != name:
        raise HomeError("备份里有不该有的密钥名 {name}；请换一份备份", name=name)
    return folder / "keys" / name


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
