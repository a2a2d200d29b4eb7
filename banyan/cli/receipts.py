"""`banyan receipts`: whether a paper that says it is an exam's receipt is one."""

from pathlib import Path

import click

from banyan.cli.frame import at_home
from banyan.domain.calendar import COUNTY_TIME
from banyan.settings import Home, Settings
from banyan.tracker.receipts import verify_receipt
from banyan.wiring import open_issuer


@click.group()
def receipts() -> None:
    """交卷回执。"""


@receipts.command("verify")
@at_home
@click.argument("text")
def verify_a_receipt(path: Path, text: str) -> None:
    """核对一张交卷回执：TEXT 是回执全文。"""
    home = Home.open(path)
    receipt = verify_receipt(text, open_issuer(home, Settings.of(home)))
    handed_in = receipt.handed_in.astimezone(COUNTY_TIME)
    click.echo("回执是真的，签名有效")
    click.echo(f"课程：{receipt.course}　第 {receipt.number} 次考试　考生代号：{receipt.student}")
    click.echo(f"交卷时间：{handed_in:%Y-%m-%d %H:%M:%S}")
    click.echo(f"答卷摘要（SHA-256）：{receipt.digest}")
