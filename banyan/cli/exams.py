"""`banyan exams`: an attempt, years later, drawn again and held against what was signed."""

import sys
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.cli.frame import at_home
from banyan.domain.calendar import COUNTY_TIME
from banyan.errors import HomeError
from banyan.records.engine import reading
from banyan.records.examinations import Attempt
from banyan.records.people import Person
from banyan.settings import Home, Settings
from banyan.tracker.receipts import verify_receipt
from banyan.tracker.replay import CLAIMS, Asked, Replay, replay
from banyan.tracker.rulebook import Rulebook
from banyan.wiring import open_records, open_rulebook

VERDICTS = {True: "对得上", False: "对不上", None: "没有可对的"}


@click.group()
def exams() -> None:
    """考试。"""


@exams.command("replay")
@at_home
@click.argument("attempt")
def replay_attempt(path: Path, attempt: str) -> None:
    """重放一次考试：ATTEMPT 是审计记录里“第几号考试”的号码，或交卷回执全文。有一处对不上，退出码是 1。"""
    home = Home.open(path)
    settings = Settings.of(home)
    rulebook = open_rulebook(home, settings)
    with reading(open_records(home, settings)) as session:
        found = replay(session, _named(session, attempt, rulebook), rulebook)
        told = list(_told(found))
    click.echo("\n".join(told))
    sys.exit(0 if found.holds else 1)


def _named(session: Session, text: str, rulebook: Rulebook) -> int:
    """Return the attempt that a number or a receipt names."""
    if text.isdecimal() and len(text) < 16:
        return int(text)
    if len(text) < 40:
        raise HomeError("请写考试的号码（审计记录里“第几号考试”），或交卷回执全文")
    said = verify_receipt(text, rulebook.issuer)
    query = select(Attempt.id).join(Person, Attempt.person_id == Person.id).where(Person.handle == said.student)
    found = session.scalars(query.where(Attempt.course == said.course, Attempt.number == said.number)).first()
    if found is None:
        raise HomeError("回执是真的，可是记录里没有这次考试")
    return found


def _told(found: Replay) -> list[str]:
    row = found.attempt
    lines = [
        f"第{row.id}号考试：{found.person.name}（{found.person.staff_number}）　{row.course} 第{row.release}版　第{row.number}次",
        f"开考 {row.started_at.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M:%S}"
        + (f"　交卷 {row.submitted_at.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M:%S}" if row.submitted_at else "　还没有交卷"),
    ]
    lines += [f"{VERDICTS[each.holds]}：{CLAIMS[each.key]}" for each in found.findings]
    return lines + [line for each in found.asked for line in _slot(each)]


def _slot(asked: Asked) -> list[str]:
    earned = "还没有分" if asked.earned is None else f"得 {asked.earned:g}"
    head = f"\n{asked.slot}　{asked.question}　版本 {asked.version or '没有记'}　{earned}，满分 {asked.points:g}"
    return [head, *(f"  {line}" for line in asked.lines), f"  答：{'；'.join(asked.answer) or '没有答'}"]
