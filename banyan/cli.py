"""The `banyan` command: thin words around what other modules do.

A fault on purpose is one sentence on stderr and exit code 1. `serve` replaces this process by a smaller one, which has
loaded nothing it does not need to look after the others.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from banyan.courseware.content import open_framework
from banyan.domain.calendar import county_day
from banyan.errors import BanyanError
from banyan.records import audit, migrate
from banyan.records.engine import open_engine, reading, sessions, writing
from banyan.settings import CONTENT, Home, Settings
from banyan.tracker import standing


class Sentences(click.Group):
    """Says what went wrong instead of showing where in the code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BanyanError as fault:
            click.echo(str(fault), err=True)
            sys.exit(1)


at_home = click.option("--home", "path", envvar="BANYAN_HOME", required=True, type=click.Path(path_type=Path), help="数据目录")


@click.group(cls=Sentences)
def main() -> None:
    """榕学：基层工作者的学习、考试与证书。"""


@main.command()
@at_home
@click.option("--port", type=click.IntRange(1, 65535), help="大家访问的端口")
def serve(path: Path, port: int | None) -> None:
    """启动全部服务，直到 Ctrl-C。"""
    options = ["--home", str(path), *(("--port", str(port)) if port else ())]
    os.execv(sys.executable, [sys.executable, "-m", "banyan.serve", *options])  # noqa: S606 - no shell is the point


@main.group()
def home() -> None:
    """数据目录。"""


@home.command()
@at_home
@click.option("--demo", is_flag=True, help="演示用：证书只在这里有效，并写明“演示”")
@click.option("--county", default="榕溪县（示例）", show_default=True, help="县（市、区）的名称")
def create(path: Path, demo: bool, county: str) -> None:
    """新建数据目录和密钥。"""
    click.echo(f"已建好 {Home.create(path, demo, county).root}")


@main.group()
def records() -> None:
    """档案：人员、成绩、证书、审计。"""


@records.command("migrate")
@at_home
@click.option("--down", is_flag=True, help="退回到没有任何表的状态，数据全部丢失")
def migrate_records(path: Path, down: bool) -> None:
    """把档案升级到现在的结构。"""
    engine = _engine(Home.open(path))
    if down:
        click.confirm("档案里的数据会全部丢失，确定吗？", abort=True)
        migrate.downgrade(engine)
    else:
        migrate.upgrade(engine)


@records.command("audit")
@at_home
def audit_records(path: Path) -> None:
    """核对审计记录有没有被改动。"""
    with reading(sessions(_engine(Home.open(path)))) as session:
        click.echo(f"审计记录 {audit.verify(session)} 条，前后相连，没有改动")


@records.command("rebuild")
@at_home
def rebuild_records(path: Path) -> None:
    """由证据重新算出每个人的能力状态。"""
    framework = open_framework(CONTENT)
    with writing(sessions(_engine(Home.open(path)))) as session:
        click.echo(f"已重算 {standing.rebuild(session, framework, county_day(datetime.now(UTC)))} 人")


def _engine(home: Home) -> Engine:
    return open_engine(Settings.of(home).records_url or home.records_url)


if __name__ == "__main__":
    main()
