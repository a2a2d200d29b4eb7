"""`banyan certificates`: what others need to check one, and checking one."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from banyan.certificates import offline
from banyan.cli.frame import at_home
from banyan.domain.calendar import county_day
from banyan.errors import HomeError, NotFoundError
from banyan.keeping.rotation import give_up
from banyan.keeping.rotation import rotate as rotate_key
from banyan.records.engine import reading, writing
from banyan.settings import Home, Settings
from banyan.tracker.credentials import credential
from banyan.tracker.printing import FORMS, PDF, PrintShop, ending, press_all, valid_serials
from banyan.tracker.resigning import Resigned
from banyan.tracker.verification import find_certificate
from banyan.wiring import open_issuer, open_press, open_records, open_rulebook

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


@certificates.command()
@at_home
@click.option("--stolen-on", type=click.DateTime(["%Y-%m-%d"]), help="密钥被盗了：从这一天起它签的不再算数")
@click.option("--key", "key_id", help="被盗的是以前的哪一把（8 个字符）；不写就是现在这一把")
@click.option("--without-records", is_flag=True, help="档案在 PostgreSQL 里、已经另外备份好时用")
def rotate(path: Path, stolen_on: datetime | None, key_id: str | None, without_records: bool) -> None:
    """换一把发证密钥。先停掉服务；以前发的证书照样能核验。换之前和换之后各备份一次。"""
    home, now = Home.open(path), datetime.now(UTC)
    if key_id and not stolen_on:
        raise HomeError("--key 要和 --stolen-on 一起用")
    if stolen_on:
        signing = open_issuer(home, Settings.of(home)).public_key.id
        done = give_up(home, key_id or signing, stolen_on.date(), now, without_records)
    else:
        done = rotate_key(home, now, without_records)
    click.echo(f"从现在起用 {done.signs} 这把密钥发证；请启动服务。含新密钥的备份：{done.backup}")
    click.echo("离线核验的人要拿新的公钥：banyan certificates key")
    if stolen_on:
        _tell_of_theft(done.resigned)


def _tell_of_theft(resigned: Resigned) -> None:
    click.echo(
        f"这一天起由被盗密钥签的：本单位发的 {len(resigned.certificates)} 张证书、{resigned.receipts} 张回执已经重新签名。"
    )
    if resigned.certificates:
        click.echo("  纸上的二维码对不上了，请通知这些人重新下载：" + "、".join(resigned.certificates))
    if resigned.doubtful:
        click.echo("  审计记录里没有发过、不再算数的：" + "、".join(resigned.doubtful))


@certificates.command("print")
@click.argument("output", type=click.Path(path_type=Path))
@at_home
@click.option("--programme", default="", help="只要这个培训项目的")
@click.option("--form", type=click.Choice(FORMS), default=PDF, help="zip：每人一个文件；pdf：合在一起")
def print_certificates(path: Path, output: Path, programme: str, form: str) -> None:
    """把现在有效的证书做成一个文件：OUTPUT 以 .zip 或 .pdf 结尾；超过一百张合在一起的，也是 .zip。"""
    home = Home.open(path)
    settings, today = Settings.of(home), county_day(datetime.now(UTC))
    make, shop = open_records(home, settings), PrintShop(home.prints, open_press, open_rulebook(home, settings))
    with reading(make) as session:
        serials = valid_serials(session, programme, today)
    if not serials:
        raise NotFoundError("没有现在有效的证书")
    wanted = "." + ending(form, len(serials))
    if output.suffix != wanted:
        raise HomeError("这样做出来的是 {wanted} 文件，请把 {output} 的结尾改一改", wanted=wanted, output=output)
    with click.progressbar(length=len(serials), label=f"{len(serials)} 张") as bar:
        failed: list[str] = []
        for made in press_all(make, serials, form, shop, output):
            failed += made.failed
            bar.update(made.count)
    for each in failed:
        click.echo(f"没有印：{each}", err=True)
    click.echo(f"做好了：{output}")


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


@certificates.command("verify-transcript")
@click.argument("file", type=click.Path(path_type=Path))
@KEY
def verify_transcript(file: Path, key_file: Path) -> None:
    """不联网核验一份学习档案：FILE 是它的 JSON 文件。"""
    click.echo(offline.verify_transcript(file, key_file))
