"""A slip on the screen: what is copied or photographed once, since nobody can show it again; and a new one for a lost one."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import select

from banyan.accounts.passwords import normalise_staff_number
from banyan.accounts.slips import PrintedSlip, issue_slips
from banyan.certificates import qr_picture
from banyan.cli.frame import at_home
from banyan.cli.people import people
from banyan.domain.calendar import COUNTY_TIME
from banyan.errors import NotFoundError
from banyan.records.engine import writing
from banyan.records.people import Person
from banyan.settings import Home, Settings
from banyan.wiring import open_records


@people.command()
@at_home
@click.argument("number")
def slip(path: Path, number: str) -> None:
    """给一个人发一张新的登录条，旧的作废：NUMBER 是工号。"""
    home = Home.open(path)
    settings = Settings.of(home)
    with writing(open_records(home, settings)) as session:
        query = select(Person).where(Person.staff_number == normalise_staff_number(number))
        person = session.scalars(query).one_or_none()
        if person is None:
            raise NotFoundError("名册里没有这个工号，请联系您所在镇街的管理员")
        issued = issue_slips(session, [person], home.entry_key, None, datetime.now(UTC))[0]
    show(issued, settings.origin)


def show(issued: PrintedSlip, origin: str) -> None:
    until = issued.expires_at.astimezone(COUNTY_TIME)
    address = issued.address(origin)
    click.echo(f"登录条（只显示这一次，只能用一次）：{issued.person.name}，工号 {issued.person.staff_number}")
    click.echo(f"  打开：{address}")
    click.echo(f"  或者：在登录页点“输登录条上的数字”，输工号和这 8 位数字：{issued.digits[:4]} {issued.digits[4:]}")
    click.echo(f"  有效到：{until:%Y-%m-%d %H:%M}")
    if sys.stdout.isatty():
        click.echo(qr_picture.blocks(qr_picture.modules(address)))
