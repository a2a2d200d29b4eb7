"""`banyan home`: the bare folder; `banyan install` makes one that people can walk into."""

from pathlib import Path

import click

from banyan.cli.frame import at_home
from banyan.settings import Home


@click.group()
def home() -> None:
    """数据目录。"""


@home.command()
@at_home
@click.option("--demo", is_flag=True, help="演示用：证书只在这里有效，并写明“演示”")
@click.option("--county", default="榕溪县（示例）", show_default=True, help="县（市、区）的名称")
def create(path: Path, demo: bool, county: str) -> None:
    """新建数据目录和密钥。"""
    click.echo(f"已建好 {Home.create(path, demo, county).root}")
