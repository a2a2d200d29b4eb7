"""How what a home holds is: records, releases, backups."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from banyan.courseware.catalogue import Catalogue, numbers
from banyan.courseware.content import open_framework, open_programmes
from banyan.domain.calendar import COUNTY_TIME
from banyan.errors import BanyanError, TamperedError
from banyan.keeping import ground
from banyan.keeping.finding import Finding, due, good, lost
from banyan.keeping.snapshot import CACHES
from banyan.records import audit, migrate, present
from banyan.records.audit import AuditRow
from banyan.records.engine import open_engine
from banyan.settings import Home, Settings
from banyan.tracker.answer_files import gone
from banyan.words.language import N_

DAYS_DUE, DAYS_LOST = 2, 8
MAKE_ROOM = N_("多半是磁盘满了：先腾出空间，再看一次；档案不一定坏了，先不要恢复备份")
RESTORE = N_("请从最近的备份恢复（banyan restore），不要再往里写")


def shape(home: Home, settings: Settings) -> Finding:
    """Say whether the records open, are sound and of this version."""
    if not settings.records_url and not present.is_there(home.records):
        return lost("records", N_("档案文件 {path} 不见了"), RESTORE, path=home.records)
    engine = open_engine(settings.records_url or home.records_url)
    try:
        revision = migrate.revision_of(engine)
        if not settings.records_url and not _is_sound(home.records):
            return lost("records", N_("档案文件坏了"), RESTORE)
    except (SQLAlchemyError, sqlite3.Error) as fault:
        remedy = MAKE_ROOM if ground.room(home) < ground.FULL else RESTORE
        return lost("records", N_("档案打不开（{fault}）"), remedy, fault=getattr(fault, "orig", fault))
    finally:
        engine.dispose()
    if revision not in migrate.heads():
        return lost("records", N_("档案不是这个版本的"), N_("先停掉服务，运行 banyan upgrade，再启动"))
    return good("records", N_("档案完好，是这个版本的"))


def _is_sound(database: Path) -> bool:
    with closing(sqlite3.connect(database, timeout=15)) as opened:
        return opened.execute("PRAGMA quick_check").fetchall() == [("ok",)]


def caches(home: Home) -> Iterator[Finding]:
    """Who is signed in and what wakes the grader: a damaged one stops a service, and is drawn anew once it is gone."""
    for path in (each for name in CACHES for each in home.root.glob(name) if not _opens(each)):
        yield lost(
            "caches",
            N_("{path} 坏了，有服务起不来"),
            N_("停掉服务，删掉 {path}，再启动；档案和答卷不在里面，大家重新登录一次"),
            path=path,
        )


def gradebooks(home: Home) -> Iterator[Finding]:
    broken = [path for path in sorted(home.gradebooks.glob("*/gradebook.db")) if not _opens(path)]
    if broken:
        yield lost("gradebooks", N_("成绩册坏了：{paths}"), RESTORE, paths="、".join(map(str, broken)))


def _opens(database: Path) -> bool:
    try:
        return _is_sound(database)
    except sqlite3.Error:
        return False


def log_end(session: Session) -> datetime | None:
    return session.scalars(select(AuditRow.at).order_by(AuditRow.position.desc()).limit(1)).first()


def chain(session: Session) -> Finding:
    try:
        count = audit.verify(session)
    except TamperedError as fault:
        return lost("audit", fault.message, N_("先停掉服务，留一份现在的拷贝，再和最近的备份核对"), **fault.params)
    return good("audit", N_("审计记录 {count} 条，前后相连，没有改动"), count=count)


def releases(home: Home) -> Iterator[Finding]:
    catalogue, broken = Catalogue(home.releases), []
    courses = catalogue.courses()
    for course in courses:
        for number in numbers(home.releases, course):
            try:
                catalogue.open(course, number)
            except (BanyanError, OSError, ValueError):
                broken.append(f"{course}/{number}")
    if broken:
        yield lost("releases", N_("发布的课程读不出来：{broken}"), RESTORE, broken="、".join(broken))
    elif not courses:
        yield due("releases", N_("还没有发布课程"), N_("请县管理员填好本县设置，再发布课程"))
    else:
        yield good("releases", N_("发布的课程都完好"))
    try:
        open_framework(home.content)
        open_programmes(home.content)
    except (BanyanError, OSError) as fault:
        yield lost("content", N_("能力框架和培训项目读不出来（{fault}）"), N_("先停掉服务，运行 banyan upgrade"), fault=fault)


def published(home: Home, session: Session) -> Iterator[Finding]:
    """Courses the records say were published and of which nothing is there."""
    query = select(AuditRow.subject).where(AuditRow.action == "course.publish").distinct().order_by(AuditRow.subject)
    if gone := sorted(set(session.scalars(query)) - set(Catalogue(home.releases).courses())):
        yield lost("releases", N_("发布过的课程不见了：{gone}"), RESTORE, gone="、".join(gone))


def photos(home: Home, session: Session) -> Iterator[Finding]:
    """Photos that were handed in and are not on disk."""
    if days := gone(session, home.answer_files):
        yield lost("answers", N_("学员交的照片不见了（{days}交的）"), RESTORE, days="、".join(days))


def backups(session: Session, last: datetime | None, now: datetime) -> Iterator[Finding]:
    """`last` is when the last backup was made; a home that was only just installed is given a day."""
    if last is None:
        begun = session.scalars(select(AuditRow.at).order_by(AuditRow.position).limit(1)).first()
        young = begun is not None and now - begun < timedelta(days=1)
        level = due if young else lost
        yield level("backup", N_("从来没有备份过"), N_("运行 banyan backup，再照说明书设好每天自动备份"))
        return
    age, day = now - last, f"{last.astimezone(COUNTY_TIME):%Y-%m-%d}"
    remedy = N_("看看定时备份为什么没有做（systemctl status banyan-backup），先手工做一次 banyan backup")
    if age > timedelta(days=DAYS_LOST):
        yield lost("backup", N_("上次备份是 {day}，太久了"), remedy, day=day)
    elif age > timedelta(days=DAYS_DUE):
        yield due("backup", N_("上次备份是 {day}"), remedy, day=day)
    else:
        yield good("backup", N_("上次备份是 {day}"), day=day)
