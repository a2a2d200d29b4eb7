"""`banyan certificates`: what others need to check one, and checking one."""

from datetime import UTC, datetime
from pathlib import Path

import click

from banyan.certificates import offline
from banyan.cli.frame import at_home
from banyan.domain.calendar import county_day
from banyan.settings import Home, Settings
from banyan.wiring import open_issuer


@click.group()
def certificates() -> None:
    """证书。"""


@certificates.command()
@at_home
def key(path: Path) -> None:
    """说出发证的公钥；交给别人，不联网也能核验证书。"""
    home = Home.open(path)
    click.echo(open_issuer(home, Settings.of(home)).public_key.text)


@certificates.command("verify")
@click.argument("address")
@click.option("--key", "key_file", required=True, type=click.Path(path_type=Path), help="存着发证公钥的文件")
def verify_certificate(address: str, key_file: Path) -> None:
    """不联网核验一张证书：ADDRESS 是二维码里的网址。"""
    click.echo(offline.verify(address, key_file, county_day(datetime.now(UTC))))
