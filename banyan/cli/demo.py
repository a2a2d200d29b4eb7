"""`banyan demo`: an invented county to look around in."""

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

import click

from banyan.accounts.passwords import hash_password
from banyan.cli.courses import build_all
from banyan.cli.frame import at_home, engine_of
from banyan.cli.upgrade import tell_code
from banyan.errors import HomeError
from banyan.keeping.upgrade import upgrade
from banyan.records import migrate
from banyan.records.engine import sessions, writing
from banyan.settings import CONTENT, FORM, Home, Settings
from banyan.tracker.demo.classes import complete_class
from banyan.tracker.demo.plan import read_plan
from banyan.tracker.demo.seed import Account, Passwords, is_seeded, seed
from banyan.wiring import open_rulebook

PLAIN = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else when copied by hand


@click.group()
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
    home = _of_this_form(path) if (path / "banyan.toml").exists() else Home.create(path, demo=True)
    migrate.upgrade(engine_of(home))
    build_all(home)
    _seed(home)
    click.echo(f"演示账号写在 {home.accounts}")


def _of_this_form(path: Path) -> Home:
    """Open a demo home, upgraded if it is of an older form: a clone that was updated goes on with the demo it had."""
    home = Home.found(path)
    _refuse_in_earnest(home)
    if home.form < FORM:
        upgrade(path, datetime.now(UTC), tell_code)
    return Home.open(path)


def _refuse_in_earnest(home: Home) -> None:
    if not Settings.of(home).demo:
        raise HomeError("{path} 不是演示用的数据目录，不能放入演示数据", path=home.root)


def _seed(home: Home) -> None:
    _refuse_in_earnest(home)
    settings = Settings.of(home)
    rulebook, plan = open_rulebook(home, settings), read_plan(CONTENT / "demo" / "county.yaml")
    with writing(sessions(engine_of(home))) as session:
        if is_seeded(session):
            return
        now = datetime.now(UTC)
        accounts = seed(session, plan, Passwords(_draw_password, hash_password), rulebook, now)
        complete_class(session, home.answer_files, rulebook, now)
        _write_down(home, accounts)  # before the records are committed: a password nobody knows would open nothing


def _draw_password() -> str:
    return "".join(secrets.choice(PLAIN) for _ in range(10))


def _write_down(home: Home, accounts: list[Account]) -> None:
    lines = (f"{each.staff_number}\t{each.password}\t{each.name}\t{each.shows}\n" for each in accounts)
    with os.fdopen(os.open(home.accounts, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write("# 工号\t密码\t姓名\t看什么\n")
        file.writelines(lines)
