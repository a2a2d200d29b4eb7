"""`banyan install`: asks for what it is not told, and hands over one slip and one recovery code."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from banyan.cli.frame import at_home
from banyan.cli.slip import show
from banyan.errors import BanyanError
from banyan.keeping import plan as answers
from banyan.keeping.install import Welcome, finish, install
from banyan.keeping.plan import Administrator, Plan
from banyan.settings import Home, Settings

NO_CERTIFICATES = (
    "现在还不发证书：证书上的二维码要印一个 https 网址。\n"
    "  大家照样可以学习和考试；有了 https 网址，写进 banyan.toml 的 public_url，重启后该发的会自动发出。"
)


@click.command("install")
@at_home
@click.option("--public-url", help="大家输入的网址，如 https://xuexi.example.gov.cn")
@click.option("--county", help="县（市、区）的名称")
@click.option("--county-code", help="区划代码，6 位或 12 位数字")
@click.option("--admin-name", help="第一位管理员的姓名")
@click.option("--admin-number", help="第一位管理员的工号")
@click.option("--admin-phone", help="第一位管理员的手机号")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="大家访问的端口")
@click.option("--address", default="127.0.0.1", show_default=True, help="听哪个地址；让局域网里的手机打开写 0.0.0.0")
def install_home(path: Path, port: int, address: str, **given: str | None) -> None:
    """装一个真正使用的榕学：没有演示数据，有一位管理员。"""
    told = _ask(given)
    admin = Administrator(told["admin_name"], told["admin_number"], told["admin_phone"])
    plan = Plan(told["county"], told["county_code"], told["public_url"], admin, port, address)
    welcome = install(path, plan, datetime.now(UTC))
    _hand_over(Home(path.absolute()), welcome)
    finish(path)


def _ask(given: dict[str, str | None]) -> dict[str, str]:
    """Return all answers; what was given as an option is checked with the plan, what is typed at once."""
    questions: dict[str, tuple[str, Callable[[str], str]]] = {
        "county": ("县（市、区）的名称，会印在证书上", answers.county_name),
        "county_code": ("区划代码（6 位或 12 位数字）", answers.county_code),
        "public_url": ("大家输入的网址（https://…；还没有就直接回车）", answers.public_url),
        "admin_name": ("第一位管理员的姓名", answers.person_name),
        "admin_number": ("第一位管理员的工号", answers.staff_number),
        "admin_phone": ("第一位管理员的手机号", answers.phone_number),
    }
    return {name: _answer(given[name], *question, optional=name == "public_url") for name, question in questions.items()}


def _answer(value: str | None, question: str, check: Callable[[str], str], optional: bool) -> str:
    def checked(typed: str) -> str:
        try:
            return check(typed)
        except BanyanError as fault:
            raise click.UsageError(str(fault)) from fault

    if value is not None:
        return value
    return str(click.prompt(question, default="" if optional else None, show_default=False, value_proc=checked, err=True))


def _hand_over(home: Home, welcome: Welcome) -> None:
    settings = Settings.of(home)
    click.echo(f"已装好：{home.root}\n")
    show(welcome.slip, settings.origin)
    click.echo(f"\n恢复码（只显示这一次）：{welcome.recovery_code}")
    click.echo("  备份里的签名密钥只有它能打开。写在纸上锁起来，不要存在这台服务器上。\n")
    if not settings.is_public:
        click.echo(NO_CERTIFICATES + "\n")
    click.echo(f"下一步：banyan serve --home {home.root}")
