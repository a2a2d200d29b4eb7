"""`banyan recovery`: a new code where the old one was lost or seen."""

from datetime import UTC, datetime
from pathlib import Path

import click

from banyan.cli.frame import at_home
from banyan.keeping.recovery import adopt_code, draw_code, note_renewal
from banyan.settings import Home


@click.group()
def recovery() -> None:
    """恢复码。"""


@recovery.command()
@at_home
def renew(path: Path) -> None:
    """换一个恢复码；以前的备份仍要用以前的。"""
    home, code = Home.open(path), draw_code()
    click.echo(f"新的恢复码（只显示这一次）：{code}")
    click.echo("  从现在起的备份用它打开；以前的备份仍要用以前的恢复码。写在纸上锁起来，不要存在这台服务器上。")
    adopt_code(home, code)
    note_renewal(home, datetime.now(UTC))
