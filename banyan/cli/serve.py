"""`banyan serve` replaces this process by a smaller one, which has loaded nothing it does not need to look after the others."""

import os
import sys
from pathlib import Path

import click

from banyan.cli.frame import at_home


@click.command()
@at_home
@click.option("--port", type=click.IntRange(1, 65535), help="大家访问的端口")
def serve(path: Path, port: int | None) -> None:
    """启动全部服务，直到 Ctrl-C。"""
    options = ["--home", str(path), *(("--port", str(port)) if port else ())]
    os.execv(sys.executable, [sys.executable, "-m", "banyan.serve", *options])  # noqa: S606 - no shell is the point
