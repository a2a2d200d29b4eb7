"""`banyan backup` and `banyan restore`: a home in one file, and a home out of it."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from banyan.cli.frame import at_home
from banyan.domain.calendar import COUNTY_TIME
from banyan.errors import HomeError
from banyan.keeping.archive import Manifest
from banyan.keeping.backup import backup, prune
from banyan.keeping.restore import restore, restore_without_keys
from banyan.records.erased_list import BESIDE
from banyan.settings import FORM, Home

FILE = click.Path(path_type=Path)
LOST = "不用恢复码：重新抽取密钥。以前发的证书、回执和登录条都不再有效，只在恢复码丢了的时候这样做。确定吗？"


@click.command("backup")
@click.argument("place", metavar="FILE", type=FILE)
@at_home
@click.option("--keep", type=click.IntRange(1), help="FILE 是文件夹时：只留最新的几份")
@click.option("--without-records", is_flag=True, help="档案在 PostgreSQL 里、另外备份时用")
def make_backup(place: Path, path: Path, keep: int | None, without_records: bool) -> None:
    """把整个数据目录存成一个文件，不用停服务；FILE 是文件夹就按时间起名。"""
    if keep and not place.is_dir():
        raise HomeError("加了 --keep，{path} 就要是一个已经建好的文件夹", path=place)
    made = backup(Home.open(path), place, datetime.now(UTC), without_records)
    click.echo(f"已备份到 {made}（{max(1, made.stat().st_size // 1000):,} kB）")
    for old in prune(made, keep) if keep else ():
        click.echo(f"已删去旧备份 {old.name}")


@click.command("restore")
@click.argument("file", metavar="FILE", type=FILE)
@at_home
@click.option("--code-file", type=FILE, help="存着恢复码的文件；不写就在屏幕上问")
@click.option("--without-keys", is_flag=True, help="恢复码丢了：恢复数据，重新抽取密钥")
def restore_backup(file: Path, path: Path, code_file: Path | None, without_keys: bool) -> None:
    """把备份恢复到一个新的目录。"""
    now = datetime.now(UTC)
    if without_keys:
        click.confirm(LOST, abort=True)
        manifest, code = restore_without_keys(file, path, now)
        click.echo(f"新的恢复码（只显示这一次）：{code}")
    else:
        manifest = restore(file, path, lambda: _code(code_file), now)
    _tell(manifest, path)
    if not (beside := file.absolute().with_name(BESIDE)).is_file():
        click.echo(
            f"备份旁边没有 {beside.name}：做这份备份以后删除过谁，这里不知道。有这份名单的，放到备份旁边，重新恢复一次", err=True
        )


def _code(file: Path | None) -> str:
    if file is None:
        answer: str = click.prompt("恢复码", err=True)
        return answer
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise HomeError("读不了恢复码文件 {path}（{fault}）", path=file, fault=fault) from fault


def _tell(manifest: Manifest, path: Path) -> None:
    made = datetime.fromisoformat(manifest.made_at).astimezone(COUNTY_TIME)
    click.echo(f"已恢复到 {path}：{manifest.county}，{made:%Y-%m-%d %H:%M} 的备份，审计记录到第 {manifest.position} 条")
    if not manifest.with_records:
        click.echo("档案不在这份备份里，请从 PostgreSQL 的备份恢复")
    if manifest.form < FORM:
        click.echo(f"这份备份是旧版本的，请再运行 banyan upgrade --home {path}")
    if os.environ.get("BANYAN_RECORDS_URL") and manifest.with_records:
        click.echo("注意：BANYAN_RECORDS_URL 还指着别的数据库")
