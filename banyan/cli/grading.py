"""`banyan grading`: whether scores are still what nbgrader itself would give."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from banyan.cli.frame import at_home
from banyan.settings import Home, Settings
from banyan.tracker import parity
from banyan.wiring import open_records, open_rulebook


@click.group()
def grading() -> None:
    """评分。"""


@grading.command("parity")
@at_home
@click.option("--sample", type=click.IntRange(1, parity.RECENT), default=parity.SAMPLE, help="抽几份（默认 3 份）")
def check_parity(path: Path, sample: int) -> None:
    """抽几份最近的答卷和作业，用 nbgrader 自己的命令在副本里重评，看分数一样不一样。"""
    home = Home.open(path)
    settings = Settings.of(home)
    rulebook = open_rulebook(home, settings)
    found = parity.check(open_records(home, settings), rulebook, home.gradebooks, datetime.now(UTC), sample)
    click.echo(f"重评了 {len(found.checked)} 份，不一样的 {len(found.differing)} 份")
    for name, cells in found.differing.items():
        click.echo(f"{name}：{cells}")
    sys.exit(1 if found.differing else 0)
