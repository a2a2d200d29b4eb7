"""The `banyan` command: thin words around what other modules do.

A fault on purpose is one sentence on stderr and exit code 1. `serve` replaces this process by a smaller one, which has
loaded nothing it does not need to look after the others.
"""

import os
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from banyan.accounts.passwords import hash_password
from banyan.certificates import offline
from banyan.courseware.build import build_course
from banyan.courseware.check import check_courses
from banyan.courseware.course import course_folders
from banyan.domain.calendar import COUNTY_TIME, county_day
from banyan.errors import BanyanError, CourseError, HomeError
from banyan.records import audit, migrate
from banyan.records.engine import open_engine, reading, sessions, writing
from banyan.settings import CONTENT, COURSES, Home, Settings
from banyan.tracker import standing
from banyan.tracker.demo.plan import read_plan
from banyan.tracker.demo.seed import Account, Passwords, is_seeded, seed
from banyan.tracker.receipts import verify_receipt
from banyan.wiring import load_content, open_issuer, open_rulebook

PLAIN = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else when copied by hand


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
def courses() -> None:
    """课程。"""


@courses.command()
def check() -> None:
    """检查课程文件，逐条列出要改的地方。"""
    faults = check_courses(COURSES, CONTENT)
    if faults:
        raise CourseError(faults)
    click.echo("课程文件没有问题")


@courses.command()
@at_home
def build(path: Path) -> None:
    """把课程和能力框架发布到数据目录；没有改动的不重复发布。"""
    _build(Home.open(path))


@main.group()
def demo() -> None:
    """演示数据。"""


@demo.command("seed")
@at_home
def seed_demo(path: Path) -> None:
    """放入演示县的人员和学习记录，只放一次。"""
    _seed(Home.open(path))
    click.echo(f"演示账号写在 {path / 'accounts.txt'}")


@demo.command()
@at_home
def prepare(path: Path) -> None:
    """缺什么补什么：数据目录、档案结构、课程、演示县。"""
    home = Home.open(path) if (path / "banyan.toml").exists() else Home.create(path, demo=True)
    migrate.upgrade(_engine(home))
    _build(home)
    _seed(home)
    click.echo(f"演示账号写在 {home.accounts}")


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
    home = Home.open(path)
    framework = open_rulebook(home, Settings.of(home)).framework
    with writing(sessions(_engine(home))) as session:
        click.echo(f"已重算 {standing.rebuild(session, framework, county_day(datetime.now(UTC)))} 人")


@main.group()
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


@main.group()
def receipts() -> None:
    """交卷回执。"""


@receipts.command("verify")
@at_home
@click.argument("text")
def verify_a_receipt(path: Path, text: str) -> None:
    """核对一张交卷回执：TEXT 是回执全文。"""
    home = Home.open(path)
    receipt = verify_receipt(text, open_issuer(home, Settings.of(home)))
    handed_in = receipt.handed_in.astimezone(COUNTY_TIME)
    click.echo("回执是真的，签名有效")
    click.echo(f"课程：{receipt.course}　第 {receipt.number} 次考试　考生代号：{receipt.student}")
    click.echo(f"交卷时间：{handed_in:%Y-%m-%d %H:%M:%S}")
    click.echo(f"答卷摘要（SHA-256）：{receipt.digest}")


def _build(home: Home) -> None:
    load_content(home, CONTENT)
    for folder in course_folders(COURSES):
        release = build_course(COURSES, folder.name, CONTENT, home.releases, datetime.now(UTC))
        click.echo(f"课程 {release.title['zh']}，第 {release.number} 版")


def _seed(home: Home) -> None:
    settings = Settings.of(home)
    if not settings.demo:
        raise HomeError("{path} 不是演示用的数据目录，不能放入演示数据", path=home.root)
    rulebook, plan = open_rulebook(home, settings), read_plan(CONTENT / "demo" / "county.yaml")
    with writing(sessions(_engine(home))) as session:
        if is_seeded(session):
            return
        accounts = seed(session, plan, Passwords(_draw_password, hash_password), rulebook, datetime.now(UTC))
        _write_down(home, accounts)  # before the records are committed: a password nobody knows would open nothing


def _draw_password() -> str:
    return "".join(secrets.choice(PLAIN) for _ in range(10))


def _write_down(home: Home, accounts: list[Account]) -> None:
    lines = (f"{each.staff_number}\t{each.password}\t{each.name}\t{each.shows}\n" for each in accounts)
    with os.fdopen(os.open(home.accounts, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write("# 工号\t密码\t姓名\t看什么\n")
        file.writelines(lines)


def _engine(home: Home) -> Engine:
    return open_engine(Settings.of(home).records_url or home.records_url)


if __name__ == "__main__":
    main()
