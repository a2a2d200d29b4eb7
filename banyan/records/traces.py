"""Which kinds of records there are of somebody: found with who they are, so that a page asks no table that knows nothing of them.

Most people are in few of the tables their pages could show something of. What was found holds for as long as the session reads
the same state of the records; whoever writes asks anew.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from banyan.domain.county import INVIGILATION
from banyan.records.competence import Certificate
from banyan.records.county import CountySetting
from banyan.records.engine import READ, columns
from banyan.records.examinations import Attempt, ExtraTime, SecondChance
from banyan.records.labs import LabGrant
from banyan.records.learning import Concern, FirstAnswer, Withdrawal
from banyan.records.people import ChargeRow, Person
from banyan.records.tasks import TaskSubmission

P = ParamSpec("P")
T = TypeVar("T")
Table = type[Any]
KEPT, WATCHED = "traces", "invigilated"  # where a session keeps them
TABLES: tuple[Table, ...] = (
    Attempt,
    Certificate,
    ChargeRow,
    Concern,
    ExtraTime,
    FirstAnswer,
    LabGrant,
    SecondChance,
    TaskSubmission,
    Withdrawal,
)
TRACES = tuple(exists().where(each.person_id == Person.id) for each in TABLES)
"""Columns of a query for a person: whether each of the tables has anything of them."""
INVIGILATED = select(CountySetting.value).where(CountySetting.key == INVIGILATION).order_by(CountySetting.id.desc()).limit(1)
"""Whether the county lets nobody begin an exam without an invigilator, which nearly every page of a learner depends on."""


def keep(session: Session, person_id: int, invigilated: Any, traces: Iterable[bool]) -> None:
    """Let what was found of a person and their county spare later questions, if the session only reads."""
    if READ in session.info:
        session.info[WATCHED] = invigilated
        known: dict[int, frozenset[Table]] = session.info.setdefault(KEPT, {})
        known[person_id] = frozenset(table for table, there in zip(TABLES, traces, strict=True) if there)


def only_with(
    table: Table, none: Callable[[], Any]
) -> Callable[[Callable[Concatenate[Session, int, P], T]], Callable[Concatenate[Session, int, P], T]]:
    """Let what is read of a person be `none()` without asking where it is known that the table has nothing of them."""
    assert table in TABLES

    def wrap(read: Callable[Concatenate[Session, int, P], T]) -> Callable[Concatenate[Session, int, P], T]:
        @wraps(read)
        def asked(session: Session, person_id: int, *args: P.args, **kwargs: P.kwargs) -> T:
            known = session.info.get(KEPT, {}).get(person_id)
            if known is None or table in known:
                return read(session, person_id, *args, **kwargs)
            nothing: T = none()
            return nothing

        return asked

    return wrap


def all_exams_invigilated(session: Session) -> bool:
    """Say whether the county lets nobody begin an exam that leads to a certificate without an invigilator."""
    if WATCHED not in session.info:
        return bool(columns(session, INVIGILATED).scalars().first())
    return bool(session.info[WATCHED])
