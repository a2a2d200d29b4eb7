"""What every command shares: a fault on purpose is one sentence on stderr and exit code 1."""

import sys
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from banyan.errors import BanyanError
from banyan.records.engine import open_engine
from banyan.settings import Home, Settings


class Sentences(click.Group):
    """Says what went wrong instead of showing where in the code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BanyanError as fault:
            click.echo(str(fault), err=True)
            sys.exit(1)


at_home = click.option("--home", "path", envvar="BANYAN_HOME", required=True, type=click.Path(path_type=Path), help="数据目录")


def engine_of(home: Home) -> Engine:
    return open_engine(Settings.of(home).records_url or home.records_url)
