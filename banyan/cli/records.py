"""`banyan records`: the shape of the records, their audit log, what is worked out from them."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from banyan.cli.frame import at_home, engine_of
from banyan.domain.calendar import county_day
from banyan.domain.retention import Keep
from banyan.records import audit, migrate
from banyan.records.engine import reading
from banyan.settings import Home, Settings
from banyan.tracker import retention, standing
from banyan.wiring import open_records, open_rulebook

KEPT = {
    Keep.IDENTITY: "离岗的人",
    Keep.LEARNING: "学习进度",
    Keep.ACCESS: "登录的记录",
    Keep.ANSWERS: "答卷和回答",
    Keep.PHOTOS: "照片和文件",
}


@click.group()
def records() -> None:
    """档案：人员、成绩、证书、审计。"""


@records.command("migrate")
@at_home
@click.option("--down", is_flag=True, help="退回到没有任何表的状态，数据全部丢失")
def migrate_records(path: Path, down: bool) -> None:
    """把档案升级到现在的结构。"""
    engine = engine_of(Home.open(path))
    if down:
        click.confirm("档案里的数据会全部丢失，确定吗？", abort=True)
        migrate.downgrade(engine)
    else:
        migrate.upgrade(engine)


@records.command("audit")
@at_home
def audit_records(path: Path) -> None:
    """核对审计记录有没有被改动。"""
    home = Home.open(path)
    with reading(open_records(home, Settings.of(home))) as session:
        click.echo(f"审计记录 {audit.verify(session)} 条，前后相连，没有改动")


@records.command("rebuild")
@at_home
def rebuild_records(path: Path) -> None:
    """由证据重新算出每个人的能力状态。"""
    home = Home.open(path)
    settings = Settings.of(home)
    framework = open_rulebook(home, settings).framework
    people = standing.rebuild_in_turns(open_records(home, settings), framework, county_day(datetime.now(UTC)))
    click.echo(f"已重算 {people} 人")


@records.command("clear")
@at_home
@click.option("--dry-run", is_flag=True, help="只数一数，什么也不删")
def clear_records(path: Path, dry_run: bool) -> None:
    """删掉过了保存期限的资料；评分服务每天会自己做一次，期限在 content/retention.yaml。"""
    home, now = Home.open(path), datetime.now(UTC)
    settings = Settings.of(home)
    make, rulebook = open_records(home, settings), open_rulebook(home, settings)
    if dry_run:
        with reading(make) as session:
            counts = retention.overdue(session, rulebook, now)
    else:
        counts = retention.clear(make, rulebook, home.gradebooks, now, most=sys.maxsize)
    for keep, words in KEPT.items():
        months = rulebook.retention.of(keep).months
        click.echo(f"{words}（{f'{months} 个月' if months else '不删'}）：{counts[keep]}")
    click.echo("什么也没有删" if dry_run else "已删；照片等文件由评分服务随后删")
