"""`banyan people`: who is here: a roster brought in, or written out; and who was named at the server for what."""

import hashlib
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.accounts.passwords import normalise_staff_number
from banyan.cli.frame import at_home
from banyan.domain.calendar import county_day
from banyan.domain.permission import Duty
from banyan.errors import BadInputError
from banyan.records.engine import reading, writing
from banyan.records.organisation import Unit
from banyan.records.people import Person
from banyan.settings import Home, Settings
from banyan.tracker.at_server import NAMED, name, unname
from banyan.tracker.roster.cells import address
from banyan.tracker.roster.choices import columns_remembered, posts_remembered
from banyan.tracker.roster.difference import Outlook, Rules, compare
from banyan.tracker.roster.fields import TITLES
from banyan.tracker.roster.marked import marked_sheet
from banyan.tracker.roster.plans import Plan
from banyan.tracker.roster.recognised import Recognised, recognise
from banyan.tracker.roster.sheets import export_roster
from banyan.tracker.roster.taking_in import Decisions, Delivery, take_in
from banyan.tracker.roster.workbook import LARGEST, Workbook, read_workbook
from banyan.tracker.rulebook import Rulebook
from banyan.wiring import open_records, open_rulebook

KINDS = {"fresh": "新来", "moved": "换地方", "changed": "资料有变", "back": "又回来", "same": "没有变化"}
file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
new_file = click.Path(dir_okay=False, path_type=Path)


@click.group()
def people() -> None:
    """人员。"""


@people.command("import")
@file_argument
@at_home
@click.option("--dry-run", is_flag=True, help="只说会有什么变化，什么也不写")
@click.option("--new-units", is_flag=True, help="名册里的新单位一起建起来")
@click.option("--only-good", is_flag=True, help="有问题的行放着，只导入没问题的")
@click.option("--sheet", default="", help="工作表的名称；有好几张像名册的表时要写")
@click.option("--errors", type=new_file, help="把同一张表写到这里，标出有问题的格子")
def import_roster(
    file: Path, path: Path, dry_run: bool, new_units: bool, only_good: bool, sheet: str, errors: Path | None
) -> None:
    """导入名册 FILE（xlsx、xls、ods 或 csv）；有问题的行会列出来，退出码是 1。"""
    home, now = Home.open(path), datetime.now(UTC)
    settings = Settings.of(home)
    make, rulebook = open_records(home, settings), open_rulebook(home, settings)
    content = _content(file)
    book = read_workbook(content)
    with reading(make) as session:
        roster = _recognised(session, book, sheet)
    session_of = reading if dry_run else writing
    with session_of(make) as session:
        outlook = compare(session, roster, _rules(session, now, new_units, rulebook))
        for line in _told(outlook, roster):
            click.echo(line)
        if errors and outlook.faults:
            errors.write_bytes(marked_sheet(roster.sheet, roster.header, outlook.faults, str, "要改什么"))
            click.echo(f"标好的表在 {errors}")
        if not dry_run and (only_good or not outlook.faults) and not outlook.changes_nothing:
            delivery = Delivery(file.name, hashlib.sha256(content).hexdigest(), None)
            take_in(session, outlook, Decisions(only_good=only_good), delivery, rulebook, now)
            click.echo("已导入")
    if outlook.faults:
        sys.exit(1)


@people.command("export")
@click.argument("file", type=new_file)
@at_home
def export(file: Path, path: Path) -> None:
    """把现在的名册写成表格 FILE；改过以后可以原样导入。"""
    home = Home.open(path)
    with reading(open_records(home, Settings.of(home))) as session:
        file.write_bytes(export_roster(session, tops(session), county_day(datetime.now(UTC))))
    click.echo(f"名册在 {file}")


@people.command()
@click.argument("number")
@click.argument("kind", metavar="DUTY", type=click.Choice([each.value for each in NAMED]))
@at_home
@click.option("--unit", default="", help="单位编码；不写就是最上面的单位")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="最后一天，例如 2027-06-30；不写就一直到收回")
@click.option("--end", is_flag=True, help="收回这项职责")
def duty(number: str, kind: str, path: Path, unit: str, until: datetime | None, end: bool) -> None:
    """指定平台管理员（platform）或管理员（administrator），NUMBER 是工号；别的职责由管理员在网页上给。"""
    home, now, trusted = Home.open(path), datetime.now(UTC), Duty(kind)
    number = normalise_staff_number(number)
    with writing(open_records(home, Settings.of(home))) as session:
        if end:
            person = unname(session, number, trusted, unit, now)
            click.echo(f"已收回：{person.staff_number} {person.name}")
            return
        row = name(session, number, trusted, unit, until.date() if until else None, now)
        person = session.get_one(Person, row.person_id)
        click.echo(f"已指定：{person.staff_number} {person.name}")
        if person.password_hash is None:
            click.echo("他还没有密码；请用 banyan people slip 给他发一张登录条，进来先设密码")


def _content(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(LARGEST + 1)


def _recognised(session: Session, book: Workbook, sheet: str) -> Recognised:
    roster = recognise(book, columns_remembered(session), sheet)
    if roster is None:
        names = "、".join(each.name for each in book.sheets)
        raise BadInputError("有好几张表都像名册；请加 --sheet 写明是哪一张：{names}", names=names)
    if roster.lacking:
        raise BadInputError("没有认出“{what}”是哪一列；请先在网页上对一次列，系统会记住", what="”“".join(roster.lacking))
    return roster


def _rules(session: Session, now: datetime, grow: bool, rulebook: Rulebook) -> Rules:
    held = tops(session)
    return Rules(held, posts_remembered(session, held), county_day(now), grow, outline=rulebook.outline, key=rulebook.attempt_key)


def tops(session: Session) -> tuple[str, ...]:
    return tuple(session.scalars(select(Unit.path).where(Unit.parent_id.is_(None))))


def _told(outlook: Outlook, roster: Recognised) -> Iterator[str]:
    """Say the difference, a line each; faults come last, where they are seen."""
    if roster.id_cards:
        yield "身份证号没有读入：系统不收"
    if roster.left_out:
        yield f"没有用到的列：{'、'.join(roster.left_out)}"
    yield from (f"新单位  {place.code}  {place.words}" for place in outlook.tree.new)
    for plan in outlook.plans:
        yield from _plan_told(plan, outlook)
    for leaver in outlook.leavers:
        where = "、".join(outlook.words_of(row.unit_id) for row in leaver.posts)
        yield f"名册里没有  {leaver.person.staff_number} {leaver.person.name}  {where}（照旧；离岗请在网页上记）"
    for fault in outlook.faults:
        yield f"有问题  {roster.sheet.name}!{address(fault.row, fault.column)}  {fault.error}"
    counts = outlook.counts
    said = "，".join(f"{word}{counts[kind]}人" for kind, word in KINDS.items() if counts[kind])
    yield f"{said or '没有人'}；有问题的{outlook.faulty_rows}行" if outlook.faults else said or "没有人"


def _plan_told(plan: Plan, outlook: Outlook) -> Iterator[str]:
    number = plan.person.staff_number if plan.person else plan.number or plan.group.staff_number
    who = f"{number} {plan.name}"
    if plan.person is None:
        yield f"新来  {who}  {'、'.join(f'{each.place.words} {each.entry.post}' for each in plan.begins)}"
        return
    for change in plan.changes:
        yield f"改  {who}  {TITLES[change.field]}：{change.old} → {change.new}"
    for begin in plan.begins:
        before = f"{outlook.words_of(begin.instead.unit_id)} → " if begin.instead else ""
        yield f"{'换地方' if before else '增加'}  {who}  {before}{begin.place.words}，从{begin.starts_on}起"
    for row in plan.dropped:
        yield f"不再写着  {who}  {outlook.words_of(row.unit_id)} {row.post}（照旧）"
