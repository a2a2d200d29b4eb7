"""A home for real people: nothing invented in it, one administrator, who comes in by a slip.

Until all of it is done the home is marked as unfinished and nothing opens it; whoever installs again begins anew with
the keys that were drawn.
"""

import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from banyan.accounts.slips import SETUP, PrintedSlip, issue_slips
from banyan.domain.calendar import county_day
from banyan.domain.framework import Role
from banyan.domain.organisation import UnitLevel, path_of
from banyan.domain.permission import Duty
from banyan.errors import HomeError
from banyan.keeping.ground import BUILT
from banyan.keeping.plan import Plan, checked
from banyan.keeping.recovery import adopt_code, draw_code
from banyan.keeping.snapshot import within
from banyan.records import audit, migrate
from banyan.records.engine import open_engine, sessions, writing
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.settings import CONTENT, Home, Settings, write
from banyan.wiring import load_content

COMMAND = "install"
ROOM = 300_000_000  # bytes; a county's first year
POST = "平台管理员"


@dataclass(frozen=True)
class Welcome:
    """What is handed over on paper, and exists nowhere else."""

    slip: PrintedSlip
    recovery_code: str


def install(path: Path, plan: Plan, now: datetime) -> Welcome:
    """Make a home, or complete one whose installation was broken off; `finish` it once the welcome is handed over."""
    plan = checked(plan)
    if now < BUILT:
        raise HomeError("服务器的时钟是 {day}，明显不对；请先校准时间（timedatectl set-ntp true），再安装", day=f"{now:%Y-%m-%d}")
    home = Home(path.absolute())
    _check_place(home)
    with _told(home):
        home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        write(home.unfinished, COMMAND)
        home.toml.unlink(missing_ok=True)
        others = {"address": plan.address, "public_url": plan.public_url}
        Home.create(home.root, False, plan.county, plan.port, **others)
        load_content(home, CONTENT)
        slip = _fill_records(home, plan, now)
        code = draw_code()
        adopt_code(home, code)
    return Welcome(slip, code)


def finish(path: Path) -> None:
    Home(path.absolute()).unfinished.unlink()


def _check_place(home: Home) -> None:
    """Raise HomeError unless there is an empty place, or one where an installation was broken off."""
    if home.root.exists() and not home.root.is_dir():
        raise HomeError("{path} 不是文件夹；请换一个目录", path=home.root)
    home.check_owner()
    begun = home.unfinished.is_file() and home.unfinished.read_text(encoding="utf-8").strip() == COMMAND
    if home.toml.exists() and not begun:
        raise HomeError("{path} 已经建好，不会重建", path=home.root)
    if home.root.is_dir() and within(home.root) and not begun:
        raise HomeError("{path} 里已经有别的东西；请换一个空的目录", path=home.root)
    ground = next(each for each in (home.root, *home.root.parents) if each.exists())
    if shutil.disk_usage(ground).free < ROOM:
        raise HomeError("{path} 所在的磁盘不到 {room} MB 空间了；请腾出空间或换一个目录", path=home.root, room=ROOM // 10**6)
    if not begun:
        _check_records(home)


def _check_records(home: Home) -> None:
    """Refuse a database of elsewhere that holds something: beginning anew would wipe it out."""
    url = Settings.records_elsewhere()
    if not url:
        return
    engine = open_engine(url)
    try:
        taken = inspect(engine).get_table_names()
    except SQLAlchemyError as fault:
        raise HomeError("连不上档案数据库（{fault}）；请检查 BANYAN_RECORDS_URL", fault=getattr(fault, "orig", fault)) from fault
    finally:
        engine.dispose()
    if taken:
        raise HomeError("BANYAN_RECORDS_URL 里的数据库已经有东西了；请换一个空的数据库", path=home.root)


@contextmanager
def _told(home: Home) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error, SQLAlchemyError) as fault:
        reason = getattr(fault, "strerror", None) or getattr(fault, "orig", None) or fault
        message = "{path} 没有建成（{reason}）；请检查权限和磁盘空间，再运行一次 banyan install"
        raise HomeError(message, path=home.root, reason=reason) from fault


def _fill_records(home: Home, plan: Plan, now: datetime) -> PrintedSlip:
    engine = open_engine(Settings.of(home).records_url or home.records_url)
    try:
        _begin_anew(engine)
        with writing(sessions(engine)) as session:
            person = _people(session, plan, now)
            return issue_slips(session, [person], home.entry_key, None, now)[0]
    finally:
        engine.dispose()


def _begin_anew(engine: Engine) -> None:
    if migrate.revision_of(engine):
        migrate.downgrade(engine)
    migrate.upgrade(engine)


def _people(session: Session, plan: Plan, now: datetime) -> Person:
    """Add the county and its first administrator, who has a post there so that others can look after them in turn."""
    unit = Unit(name=plan.county, code=plan.county_code, level=UnitLevel.COUNTY, path=path_of("/", plan.county_code))
    admin = plan.administrator
    person = Person(
        staff_number=admin.number, handle=f"p{secrets.token_hex(8)}", name=admin.name, phone=admin.phone, created_at=now
    )
    session.add_all([unit, person])
    session.flush()
    today = county_day(now)
    duties = (Duty.ADMINISTRATOR, Duty.PLATFORM)
    charges = [ChargeRow(person_id=person.id, unit_id=unit.id, duty=each.value, starts_on=today) for each in duties]
    post = Appointment(person_id=person.id, unit_id=unit.id, role=Role.CW.value, post=POST, starts_on=today)
    session.add_all([*charges, post])
    session.flush()
    audit.append(session, now, SETUP, "home.install", person.staff_number, unit=unit.code)
    return person
