"""`banyan upgrade`: after the program was updated, while nobody is served."""

from datetime import UTC, datetime
from pathlib import Path

import click

from banyan.cli.frame import at_home, tell_ruled
from banyan.keeping.upgrade import upgrade
from banyan.settings import FORM


@click.command("upgrade")
@at_home
@click.option("--without-records", is_flag=True, help="档案在 PostgreSQL 里、已经另外备份好时用")
def upgrade_home(path: Path, without_records: bool) -> None:
    """程序更新以后，把数据目录升级到这个版本：先备份，不成就退回原样。"""
    done = upgrade(path, datetime.now(UTC), tell_code, without_records)
    if done.backup:
        click.echo(f"升级前的备份：{done.backup}")
    tell_ruled(done.ruled)
    if done.before == FORM:
        click.echo("数据目录已经是这个版本的，培训内容已更新")
    else:
        click.echo(f"已从第 {done.before} 版升级到第 {FORM} 版；请启动服务")


def tell_code(code: str) -> None:
    click.echo(f"恢复码（只显示这一次）：{code}")
    click.echo("  备份里的签名密钥只有它能打开。写在纸上锁起来，不要存在这台服务器上。")
