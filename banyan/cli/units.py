"""`banyan units`: units and facilities brought in from a sheet; a unit above the topmost one."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import select

from banyan.cli.frame import at_home
from banyan.cli.people import tops
from banyan.records.engine import reading, writing
from banyan.records.organisation import Unit
from banyan.settings import Home, Settings
from banyan.tracker.at_server import SHELL, add_above
from banyan.tracker.roster.place_sheets import Look, look_at, take_in_places
from banyan.tracker.roster.unit_sheet import UnitOutlook
from banyan.tracker.roster.workbook import LARGEST, read_workbook
from banyan.wiring import open_records, open_rulebook


@click.group()
def units() -> None:
    """单位和设施。"""


@units.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@at_home
@click.option("--dry-run", is_flag=True, help="只说会有什么变化，什么也不写")
@click.option("--end-missing", is_flag=True, help="表里没有的设施记为不用了")
def import_places(file: Path, path: Path, dry_run: bool, end_missing: bool) -> None:
    """导入单位表或设施表 FILE；有问题的格子会列出来，退出码是 1，什么也不写。"""
    home, now = Home.open(path), datetime.now(UTC)
    settings = Settings.of(home)
    make, outline = open_records(home, settings), open_rulebook(home, settings).outline
    with file.open("rb") as opened:
        book = read_workbook(opened.read(LARGEST + 1))
    session_of = reading if dry_run else writing
    with session_of(make) as session:
        look = look_at(session, book, tops(session), outline)
        for line in _told(look):
            click.echo(line)
        if not dry_run and not look.faults:
            take_in_places(session, look, end_missing, SHELL, None, now)
            click.echo("已导入")
    if look.faults:
        sys.exit(1)


@units.command()
@click.argument("code")
@click.argument("name")
@at_home
@click.option("--dry-run", is_flag=True, help="只说会放成什么样，什么也不写")
def above(code: str, name: str, path: Path, dry_run: bool) -> None:
    """在最上面的单位上面再加一级：CODE 是编码，NAME 是名称，例如 350900000000 榕东市。"""
    home, now = Home.open(path), datetime.now(UTC)
    settings = Settings.of(home)
    make, outline = open_records(home, settings), open_rulebook(home, settings).outline
    with (reading if dry_run else writing)(make) as session:
        unit = add_above(session, code, name, outline, now)
        below = session.scalars(select(Unit.name).where(Unit.parent_id == unit.id)).one()
        click.echo(f"{unit.code} {unit.name}：下面是{below}")
    if not dry_run:
        click.echo("已加上；谁管得到什么都没有变。要有人管它，请用 banyan people duty 指定管理员")


def _told(look: Look) -> Iterator[str]:
    out = look.outlook
    if isinstance(out, UnitOutlook):
        yield from (f"新单位  {each.code}  {each.name}" for each in out.new)
        yield from (f"改名称  {unit.code}  {unit.name} → {said.name}" for unit, said in out.renamed)
        yield from (f"放到别处  {unit.code} {unit.name}  → {said.above}" for unit, said in out.moved)
        yield from (f"表里没有  {unit.code} {unit.name}（照旧）" for unit in out.left_out)
    else:
        yield from (f"新设施  {each.name}  {each.unit.name}" for each in out.new)
        yield from (f"有变化  {said.name}  {said.unit.name}" for _, said in out.changed)
        yield from (f"表里没有  {row.name}  {row.unit.name}" for row in out.gone)
    yield from (f"有问题  {place}  {error}" for place, error in look.faults)
    yield f"没有变化{out.same}行；有问题{len(look.faults)}处"
