"""How what a home holds is: records, releases, backups."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from banyan.courseware.catalogue import Catalogue, numbers
from banyan.courseware.content import open_framework, open_programmes
from banyan.domain.calendar import COUNTY_TIME
from banyan.errors import BanyanError, TamperedError
from banyan.keeping.finding import Finding, due, good, lost
from banyan.keeping.snapshot import RECORDS
from banyan.records import audit, migrate
from banyan.records.audit import AuditRow
from banyan.records.engine import open_engine
from banyan.settings import Home, Settings
from banyan.words.language import N_

DAYS_DUE, DAYS_LOST = 2, 8
RESTORE = N_("请从最近的备份恢复（banyan restore），不要再往里写")


def shape(home: Home, settings: Settings) -> Finding:
    """Say whether the records open, are sound and of this version."""
    engine = open_engine(settings.records_url or home.records_url)
    try:
        revision = migrate.revision_of(engine)
        if not settings.records_url and not _is_sound(home):
            return lost("records", N_("档案文件坏了"), RESTORE)
    except (SQLAlchemyError, sqlite3.Error) as fault:
        return lost("records", N_("档案打不开（{fault}）"), RESTORE, fault=getattr(fault, "orig", fault))
    finally:
        engine.dispose()
    if revision not in migrate.heads():
        return lost("records", N_("档案不是这个版本的"), N_("先停掉服务，运行 banyan upgrade，再启动"))
    return good("records", N_("档案完好，是这个版本的"))


def _is_sound(home: Home) -> bool:
    with closing(sqlite3.connect(home.root / RECORDS)) as records:
        return records.execute("PRAGMA quick_check").fetchall() == [("ok",)]


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


def backups(home: Home, session: Session, last: datetime | None, now: datetime) -> Iterator[Finding]:
    """`last` is when the last backup was made; a home that was only just installed is given a day."""
    if not home.recovery.exists():
        yield lost("recovery", N_("还没有恢复码，做不了备份"), N_("运行 banyan recovery renew，把恢复码写在纸上锁起来"))
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
