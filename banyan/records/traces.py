"""Which kinds of records there are of somebody: found with who they are, so that a page asks no table that knows nothing of them.

Most people are in few of the tables their pages could show something of. What was found holds for as long as the session reads
the same state of the records; whoever writes asks anew.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import exists
from sqlalchemy.orm import Session

from banyan.records.competence import Certificate
from banyan.records.engine import READ
from banyan.records.examinations import Attempt, ExtraTime, SecondChance
from banyan.records.labs import LabGrant
from banyan.records.learning import Concern, FirstAnswer, Withdrawal
from banyan.records.people import ChargeRow, Person
from banyan.records.tasks import TaskSubmission

P = ParamSpec("P")
T = TypeVar("T")
Table = type[Any]
KEPT = "traces"  # where a session keeps them
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


def keep(session: Session, person_id: int, traces: Iterable[bool]) -> None:
    """Let what was found of a person spare later questions, if the session only reads."""
    if READ in session.info:
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
