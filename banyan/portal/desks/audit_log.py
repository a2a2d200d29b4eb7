"""The audit log as the platform administrator reads it: whether the chain holds, and what was done last."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.permission import Action
from banyan.errors import TamperedError
from banyan.portal.desks.words import ACTS, DETAILS, PROCESSES
from banyan.portal.i18n import N_, Language
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.records.audit import AuditRow, verify, without_salt
from banyan.records.people import Person

routes = Routes()
routes.entry(N_("审计"), "/audit", Action.READ_AUDIT)

NUMBERED = {
    "submission": N_("第{n}号答卷"),
    "attempt": N_("第{n}号考试"),
    "task": N_("第{n}号作业"),
}  # subjects that are a kind and a number
SHOWN = 25  # a record is many lines on a phone in large type


@routes.get("/audit", needs=Action.READ_AUDIT, long=True)
def audit_log(page: MyPage, before: int = 0) -> Response:
    """`before` is a position: the page shows the rows that came before it, the latest first."""
    with page.reading() as session:
        count, fault = _verified(page, session)
        query = select(AuditRow).order_by(AuditRow.position.desc()).limit(SHOWN)
        rows = list(session.scalars(query.where(AuditRow.position < before) if before > 0 else query))
        names = _names(session, rows)
    return page.show(
        "desks/audit.html",
        told=without_salt,
        count=count,
        fault=fault,
        rows=rows,
        names=names,
        older=rows[-1].position if rows and rows[-1].position > 1 else 0,
        latest=before <= 0,
        acts=ACTS,
        details=DETAILS,
        processes=PROCESSES,
        evidence_acts=("evidence.taken", "evidence.withdrawn"),
        clock=_clock,
        plain=partial(_plain, page.language),
        about=partial(_about, page.language),
    )


def _verified(page: MyPage, session: Session) -> tuple[int, str]:
    try:
        return verify(session), ""
    except TamperedError as fault:
        return 0, page.say(fault.message, **fault.params)


def _names(session: Session, rows: Iterable[AuditRow]) -> dict[str, str]:
    """Return the names behind the staff numbers among actors and subjects."""
    numbers = {number for row in rows for number in (row.actor, row.subject)}
    people = session.scalars(select(Person).where(Person.staff_number.in_(numbers)))
    return {person.staff_number: person.name for person in people}


def _clock(moment: datetime) -> str:
    """Return a moment as an auditor writes it down, with the year."""
    return f"{moment.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M}"


def _plain(say: Language, value: object) -> str:
    """Return a value of a row's detail as a person writes it: yes and no, whole numbers without their point."""
    if isinstance(value, list | tuple):
        return "、".join(_plain(say, each) for each in value)
    if isinstance(value, bool):
        return say.say("是") if value else say.say("否")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _about(say: Language, subject: str) -> str:
    """Return what a row is about: papers and exams by their number, everything else as it was written down."""
    kind, _, number = subject.partition(":")
    return say.say(NUMBERED[kind], n=number) if kind in NUMBERED else subject
