"""`python -m banyan.serve`: check everything that can be checked before anything starts, then serve."""

import os
import sqlite3
import sys
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from banyan.errors import BanyanError, HomeError
from banyan.keeping.presence import hold
from banyan.records import present
from banyan.serve.keeper import keep
from banyan.serve.ports import free_ports, is_taken
from banyan.serve.services import services
from banyan.serve.strangers import forget_strangers
from banyan.serve.supervisor import Supervisor
from banyan.settings import Home, Settings
from banyan.wiring import open_records

PORTS = ("BANYAN_HUB_PORT", "BANYAN_PROXY_API_PORT", "BANYAN_PORTAL_PORT", "BANYAN_LESSONS_PORT")


def serve(home: Home, port: int | None) -> int:
    """Serve a home until told to stop; return the exit code."""
    lock = hold(home)  # keeper and supervisor share this open file
    if port is not None:
        os.environ["BANYAN_PORT"] = str(port)
    chosen = Settings.of(home)
    if is_taken(chosen.address, chosen.port):
        raise HomeError("端口 {port} 已被别的程序占用；请关掉它，或加 --port 换一个端口", port=chosen.port)
    if not chosen.records_url:
        present.require(home.records)
    os.environ["BANYAN_HOME"] = str(home.root)
    os.environ.update(zip(PORTS, map(str, free_ports(len(PORTS))), strict=True))
    settings = Settings.of(home)
    _forget_strangers(home, settings)
    notes = {"serve.pid": os.getpid(), "serve.port": settings.port}
    for name, number in notes.items():
        (home.run / name).write_text(str(number))
    try:
        return keep(Supervisor(services(home, settings), home.logs, settings))
    finally:
        for name in notes:
            (home.run / name).unlink(missing_ok=True)
        os.close(lock)


def _forget_strangers(home: Home, settings: Settings) -> None:
    """Nothing of it keeps a house from being served: another start does it."""
    make = open_records(home, settings)
    try:
        forget_strangers(home.root / "hub.sqlite", make)
    except (sqlite3.Error, SQLAlchemyError) as fault:
        click.echo(f"登录服务里有的人没有清掉（{fault}），下次启动再清", err=True)
    finally:
        make.kw["bind"].dispose()


@click.command()
@click.option("--home", "home", envvar="BANYAN_HOME", required=True, type=click.Path(path_type=Path), help="数据目录")
@click.option("--port", type=click.IntRange(1, 65535), help="大家访问的端口，不写就用 banyan.toml 里的")
def main(home: Path, port: int | None) -> None:
    try:
        sys.exit(serve(Home.open(home), port))
    except BanyanError as fault:
        click.echo(str(fault), err=True)
        sys.exit(1)
    except OSError as fault:
        click.echo(f"启动不了（{fault.strerror} {fault.filename or ''}）；请看看 {home} 还有没有空间、能不能写", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
