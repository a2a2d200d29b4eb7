"""One file with everything a home must not lose, made while people work.

Whoever has the file has the people's data, as has whoever has the home; what signs certificates only the recovery code
opens.
"""

import hashlib
import json
import sqlite3
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from banyan import __version__
from banyan.accounts.slips import SETUP
from banyan.domain.calendar import COUNTY_TIME
from banyan.errors import HomeError
from banyan.keeping.archive import FORMAT, MANIFEST, SEALED, Manifest, Pen, new_archive
from banyan.keeping.recovery import recipient, seal
from banyan.keeping.snapshot import copy_home
from banyan.records import audit, erased_list, present
from banyan.records.audit import AuditRow
from banyan.records.engine import reading, writing
from banyan.settings import Home, Settings
from banyan.wiring import open_records
from grading.bridge.lock import locked

ENDING = ".banyan"
STAMP = "%Y%m%d-%H%M%S"


def backup(home: Home, place: Path, now: datetime, without_records: bool = False) -> Path:
    """Write a backup to a file, or into a folder under a name with the time, and return where it is."""
    settings = Settings.of(home)
    if settings.records_url and not without_records:
        raise HomeError(
            "{path} 的档案在别的数据库里；请先用 pg_dump 备份那个数据库，再加 --without-records 备份其余部分", path=home.root
        )
    if not settings.records_url:
        present.require(home.records)
    target = _target(home, place.absolute(), now)
    mark = hashlib.sha256(str(home.root).encode()).hexdigest()[:12]  # so that the next try clears up after one that was killed
    part, copy = (target.with_name(f".banyan-{mark}.{kind}") for kind in ("part", "copy"))
    with locked(home.run / "backup.lock", wait=False) as ours:
        if not ours:
            raise HomeError("{path} 正在备份；请等它做完", path=home.root)
        try:
            with new_archive(target, part) as pen:
                _fill(pen, home, settings, copy, now)
        except (OSError, sqlite3.Error) as fault:
            raise _failed(fault, home, target.parent) from fault
        finally:
            copy.unlink(missing_ok=True)
        erased_list.add(target.parent / erased_list.BESIDE, erased_list.read(home.root / erased_list.NAME))
        _note(home, settings, target, now)
    return target


def named(folder: Path, what: str, now: datetime) -> Path:
    """Return a file of a folder that is not there yet, named by what it is and the county's time."""
    name = f"{what}-{now.astimezone(COUNTY_TIME).strftime(STAMP)}"
    places = (folder / f"{name}{again}{ENDING}" for again in chain([""], (f"-{number}" for number in count(2))))
    return next(each for each in places if not each.exists())


def prune(made: Path, keep: int) -> list[Path]:
    """Remove all but the newest backups of the folder of one that was just made, and return what was removed.

    The one just made stays, whatever day a clock that went wrong gave it.
    """
    others = (path for path in made.parent.glob(f"banyan-*{ENDING}") if path != made)
    old = sorted(others, reverse=True)[keep - 1 :]
    for path in old:
        path.unlink()
    return old


def last_backup(home: Home, settings: Settings) -> datetime | None:
    query = select(AuditRow.at).where(AuditRow.action == "home.backup").order_by(AuditRow.position.desc()).limit(1)
    with reading(open_records(home, settings)) as session:
        return session.scalars(query).first()


def _target(home: Home, place: Path, now: datetime) -> Path:
    if place.is_dir():
        place = named(place, "banyan", now)
    if place.exists():
        raise HomeError("已经有 {path}；请换一个文件名", path=place)
    if not place.parent.is_dir():
        raise HomeError("没有 {folder} 这个文件夹；请先建好", folder=place.parent)
    if place.is_relative_to(home.root) and place.parent != home.backups:
        raise HomeError("备份不能放在 {path} 里面；请放到别的磁盘上", path=home.root)
    return place


def _fill(pen: Pen, home: Home, settings: Settings, copy: Path, now: datetime) -> None:
    public = recipient(home)
    end = copy_home(home, pen, copy)
    manifest = Manifest(
        format=FORMAT,
        banyan=__version__,
        form=home.form,
        made_at=now.isoformat(),
        county=settings.county,
        recovery=public,
        with_records=not settings.records_url,
        position=end.position,
        seal=end.seal,
        folders=pen.folders,
        files=pen.files,
    )
    text = manifest.model_dump_json(indent=1).encode()
    keys = {path.name: path.read_text(encoding="ascii") for path in sorted(home.keys.iterdir()) if path.suffix != ".new"}
    pen.write(MANIFEST, text)
    pen.write(SEALED, seal(public, json.dumps(keys).encode(), hashlib.sha256(text).digest()))


def _note(home: Home, settings: Settings, target: Path, now: datetime) -> None:
    """Write down that a backup was made; one the home's own full disk keeps from it is never needed more than then."""
    make = open_records(home, settings)
    try:
        with writing(make) as session:
            audit.append(session, now, SETUP, "home.backup", target.name[-120:])
    except SQLAlchemyError as fault:
        message = "备份做好了：{target}。但 {path} 写不进去（{reason}），没有记下这次备份；请马上看看那里还有没有空间"
        raise HomeError(message, target=target, path=home.root, reason=getattr(fault, "orig", fault)) from fault
    finally:
        make.kw["bind"].dispose()


def _failed(fault: Exception, home: Home, folder: Path) -> HomeError:
    reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
    message = "备份没有做成，没有留下半份（{reason}）；请看看 {folder} 和 {path} 还有没有空间、能不能写，再做一次"
    return HomeError(message, reason=reason, folder=folder, path=home.root)
