"""Bringing a home to this version's form: a backup first, a trial on a copy, then all of it or nothing.

The order makes it so. What fails before the records are migrated is undone; the migration is one transaction; after it
everybody's standing is ruled by a framework that changed, which may be done again, and a file is renamed. Killed at any
point, the home is marked as unfinished and the next run goes on; the content from before is kept until the end.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from banyan.accounts.slips import SETUP
from banyan.courseware.content import open_content
from banyan.errors import HomeError
from banyan.keeping.backup import backup, named
from banyan.keeping.content import rule_anew
from banyan.keeping.presence import alone_with
from banyan.keeping.recovery import adopt_code, draw_code
from banyan.keeping.snapshot import copy_database
from banyan.keys import write
from banyan.records import audit, migrate, present
from banyan.records.engine import open_engine, sessions, writing
from banyan.settings import CONTENT, FORM, Home, Settings
from banyan.wiring import load_content

COMMAND, KEPT = "upgrade", "content.before"


@dataclass(frozen=True)
class Upgraded:
    """`backup` is None where an upgrade that was broken off was finished: its own was made then.

    `ruled` says of how many people standing was ruled by another framework, None if that is the same.
    """

    before: int
    backup: Path | None
    ruled: int | None


def upgrade(path: Path, now: datetime, hand_over: Callable[[str], None], without_records: bool = False) -> Upgraded:
    """Upgrade a home nobody serves; `hand_over` is given a recovery code where the home had none."""
    home = Home.found(path)
    _check(home)
    with alone_with(home), _told(home):
        before, begun = home.form, home.unfinished.exists()
        _have_code(home, hand_over)
        made = None if begun else _back_up(home, now, without_records)
        _try_on_a_copy(home)
        ruled = _change(home, before, now)
    return Upgraded(before, made, ruled)


def _check(home: Home) -> None:
    if home.unfinished.exists() and home.unfinished.read_text(encoding="utf-8").strip() != COMMAND:
        home.check_form()
    if home.form > FORM:
        home.check_form()
    if not Settings.of(home).records_url:
        present.require(home.records)


@contextmanager
def _told(home: Home) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error, SQLAlchemyError, CommandError) as fault:
        reason = getattr(fault, "strerror", None) or getattr(fault, "orig", None) or fault
        tail = "请再运行一次 banyan upgrade" if home.unfinished.exists() else "一切还是原样"
        raise HomeError(
            "没有升级成（{reason}）；{tail}，备份在 {backups}", reason=reason, tail=tail, backups=home.backups
        ) from fault


def _have_code(home: Home, hand_over: Callable[[str], None]) -> None:
    if not home.recovery.exists():
        code = draw_code()
        hand_over(code)  # before it counts: a code nobody saw would open nothing
        adopt_code(home, code)


def _back_up(home: Home, now: datetime, without_records: bool) -> Path:
    home.backups.mkdir(mode=0o700, exist_ok=True)
    return backup(home, named(home.backups, "before-upgrade", now), now, without_records)


def _try_on_a_copy(home: Home) -> None:
    """See that content is sound and the migration works, before anything is touched."""
    open_content(CONTENT)
    if Settings.of(home).records_url:
        return
    trial = home.run / "trial.sqlite"
    try:
        copy_database(home.records, trial)
        engine = open_engine(f"sqlite:///{trial}")
        migrate.upgrade(engine)
        differs = migrate.drift(engine)
        engine.dispose()
    finally:
        for path in home.run.glob("trial.sqlite*"):
            path.unlink()
    if differs:
        raise HomeError("升级后的档案结构和程序不一致，没有升级；请把这句话告诉提供程序的人")


def _change(home: Home, before: int, now: datetime) -> int | None:
    begun = home.unfinished.exists()
    if not begun:
        shutil.rmtree(home.root / KEPT, ignore_errors=True)  # of an upgrade that was finished
        write(home.unfinished, COMMAND)
    with _undone_unless_migrated(home, before, begun):
        load_content(home, CONTENT)
        with _records(home) as engine:
            migrate.upgrade(engine)
    with _records(home) as engine:
        ruled = rule_anew(sessions(engine), home.root / KEPT, home.content)
    if before != FORM:
        with _records(home) as engine, writing(sessions(engine)) as session:
            audit.append(session, now, SETUP, "home.upgrade", f"form:{FORM}", before=before)
    write(home.version, f"{FORM}\n")
    home.unfinished.unlink()
    shutil.rmtree(home.root / KEPT, ignore_errors=True)
    return ruled


@contextmanager
def _records(home: Home) -> Iterator[Engine]:
    engine = open_engine(Settings.of(home).records_url or home.records_url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _undone_unless_migrated(home: Home, before: int, begun: bool) -> Iterator[None]:
    """Draw new keys, and take them and whatever the block did to content back if it fails before the records are migrated.

    With nothing to migrate, an upgrade that was begun before is not taken back: standing may be ruled by the new content.
    """
    _keep_content(home)
    drawn: list[Path] = []
    done = False
    try:
        drawn = home.complete()
        yield
        done = True
    finally:
        if not done and not (begun if before == FORM else _is_migrated(home)):
            for key in drawn:
                key.unlink(missing_ok=True)
            if (home.root / KEPT).exists():
                shutil.rmtree(home.content, ignore_errors=True)
                (home.root / KEPT).rename(home.content)
            home.unfinished.unlink(missing_ok=True)


def _keep_content(home: Home) -> None:
    kept, fresh = home.root / KEPT, home.root / f"{KEPT}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    if home.content.exists() and not kept.exists():
        shutil.copytree(home.content, fresh)
        fresh.rename(kept)


def _is_migrated(home: Home) -> bool:
    with _records(home) as engine:
        return migrate.revision_of(engine) in migrate.heads()
