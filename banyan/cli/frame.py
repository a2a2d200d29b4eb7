"""What every command shares: a fault on purpose is one sentence on stderr and exit code 1."""

import sys
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from banyan.errors import BanyanError
from banyan.records.engine import open_engine
from banyan.records.storing import TAKEN, status_of
from banyan.settings import Home, Settings


class Sentences(click.Group):
    """Says what went wrong instead of showing where in the code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BanyanError as fault:
            told = str(fault)
        except (OSError, DBAPIError) as fault:
            told = _of_the_machine(fault)
        click.echo(told, err=True)
        sys.exit(1)


def _of_the_machine(fault: OSError | DBAPIError) -> str:
    """What a disk or a database refuses: said in one line, since whoever reads it can do something about it."""
    if status_of(fault) == TAKEN:
        return "没有做成：刚才有人先做了；请再运行一次"
    cause = fault.orig if isinstance(fault, DBAPIError) else fault
    where = f" {cause.filename}" if isinstance(cause, OSError) and cause.filename else ""
    reason = f"{getattr(cause, 'strerror', None) or cause}{where}"
    return f"没有做成（{reason}）；请看看磁盘还有没有空间、能不能写，再运行 banyan doctor"


at_home = click.option("--home", "path", envvar="BANYAN_HOME", required=True, type=click.Path(path_type=Path), help="数据目录")


def tell_ruled(people: int | None) -> None:
    """Say of how many people standing was ruled by another framework; nothing if it is the same."""
    if people is not None:
        click.echo(f"能力框架改了，已重算 {people} 人")


def engine_of(home: Home) -> Engine:
    return open_engine(Settings.of(home).records_url or home.records_url)
