"""`banyan doctor`: how a home is, in plain words; exit code 1 where something must be mended."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from banyan.cli.frame import at_home
from banyan.keeping.doctor import examine, is_well
from banyan.keeping.finding import Level

SIGNS = {Level.GOOD: "✓ 好　　", Level.DUE: "! 留意　", Level.LOST: "✗ 要处理"}


@click.command("doctor")
@at_home
@click.option("--all", "everything", is_flag=True, help="连没有问题的也列出来")
def look_over(path: Path, everything: bool) -> None:
    """检查数据目录和服务器，说哪里不对、该怎么办。"""
    findings = examine(path, datetime.now(UTC))
    for each in findings:
        if everything or each.level is not Level.GOOD:
            click.echo(f"{SIGNS[each.level]} {each.said}")
            if each.remedy:
                click.echo(f"          → {each.advice}")
    good = sum(each.level is Level.GOOD for each in findings)
    click.echo(f"看了 {len(findings)} 项，{good} 项没有问题")
    sys.exit(0 if is_well(findings) else 1)
