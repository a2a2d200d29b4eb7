"""`banyan certificates`: what others need to check one, and checking one."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from banyan.certificates import offline
from banyan.cli.frame import at_home
from banyan.domain.calendar import county_day
from banyan.errors import NotFoundError
from banyan.records.engine import writing
from banyan.settings import Home, Settings
from banyan.tracker.credentials import credential
from banyan.tracker.verification import find_certificate
from banyan.wiring import open_issuer, open_records, open_rulebook

KEY = click.option("--key", "key_file", required=True, type=click.Path(path_type=Path), help="存着发证公钥的文件")


@click.group()
def certificates() -> None:
    """证书。"""


@certificates.command()
@at_home
def key(path: Path) -> None:
    """说出发证的公钥；交给别人，不联网也能核验证书。换过密钥的，一行一把。"""
    home = Home.open(path)
    click.echo(open_issuer(home, Settings.of(home)).keyring.text)


@certificates.command("verify")
@click.argument("address")
@KEY
def verify_certificate(address: str, key_file: Path) -> None:
    """不联网核验一张证书：ADDRESS 是二维码里的网址。"""
    click.echo(offline.verify(address, key_file, county_day(datetime.now(UTC))))


@certificates.command("file")
@click.argument("serial")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="写到哪个文件；不写就显示出来")
@at_home
def credential_file(path: Path, serial: str, output: Path | None) -> None:
    """写出一张证书的电子凭证文件（Open Badges 3.0），交给别的系统核验。"""
    home = Home.open(path)
    settings = Settings.of(home)
    rulebook = open_rulebook(home, settings)
    with writing(open_records(home, settings)) as session:
        row = find_certificate(session, serial)
        if row is None:
            raise NotFoundError("没有这个编号的证书")
        made = credential(session, row, rulebook, datetime.now(UTC))
    text = json.dumps(made, ensure_ascii=False, indent=1)
    if output:
        output.write_text(text + "\n", encoding="utf-8")
    else:
        click.echo(text)


@certificates.command("verify-file")
@click.argument("file", type=click.Path(path_type=Path))
@KEY
def verify_file(file: Path, key_file: Path) -> None:
    """不联网核验一个电子凭证文件。"""
    click.echo(offline.verify_file(file, key_file, datetime.now(UTC)))
