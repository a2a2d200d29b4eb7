"""`banyan classes`: whether an archive of a class is as it was made."""

import sys
from datetime import datetime
from pathlib import Path

import click

from banyan.cli.frame import at_home
from banyan.domain.calendar import county_day
from banyan.settings import Home, Settings
from banyan.tracker.classes.manifest import check_archive
from banyan.wiring import open_issuer


@click.group()
def classes() -> None:
    """一期一档。"""


@classes.command("verify")
@at_home
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_an_archive(path: Path, archive: Path) -> None:
    """核对一期的压缩包：清单是不是这里签的，里面的文件有没有改过、少过、多过。"""
    home = Home.open(path)
    checked = check_archive(archive, open_issuer(home, Settings.of(home)))
    told = checked.payload
    made_on = county_day(datetime.fromisoformat(told["made_at"]))
    click.echo(f"“{told['title']}”，第 {told['number']} 期，{made_on.isoformat()} 做的，{told['made_by']} 存下")
    if checked.faults:
        click.echo("和清单对不上：\n" + "\n".join(checked.faults), err=True)
        sys.exit(1)
    click.echo(f"清单的签名有效，{len(told['files'])} 个文件都和清单一样" + ("" if told["complete"] else "；做的时候还没有齐"))
    if told["demo"]:
        click.echo("这是演示数据，不作凭据")
