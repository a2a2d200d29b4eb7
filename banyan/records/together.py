"""Small writes that many threads want at once: one transaction, one sync to disk, each acknowledged after it.

Syncing takes longer than writing, and one sync does for all that was written before it. PostgreSQL does this by itself.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from banyan.records.engine import Sessions, Turn, writing

T = TypeVar("T")
MOST = 16
"""Writes that share a transaction: with more, the records are closed too long to other processes."""


@dataclass(eq=False)
class _Wish(Generic[T]):
    """What one thread wants written; `said` holds one value, what its work returned, once that is on disk."""

    work: Callable[[Session], T]
    tried: bool = False
    said: tuple[T, ...] = ()


def write_together(make: Sessions, work: Callable[[Session], T]) -> T:
    """Do a small work in a transaction that others may share; return what it returns once that is on disk.

    The work may be done twice, the first time undone: where one fails, all who shared are done again, each alone.
    """
    mine = _Wish(work)
    if make.turn:
        _take_turn(make, make.turn, mine)
    if mine.said:
        return mine.said[0]
    with writing(make) as session:
        return work(session)


def _take_turn(make: Sessions, turn: Turn, mine: _Wish[Any]) -> None:
    """Have a wish written by whoever's turn comes first, ours or that of somebody who waits too."""
    turn.waiting.append(mine)
    while not mine.tried:
        with turn:
            if not mine.tried:
                _write(make, [turn.waiting.popleft() for _ in range(min(len(turn.waiting), MOST))])


def _write(make: Sessions, wishes: list[_Wish[Any]]) -> None:
    for each in wishes:
        each.tried = True
    with suppress(Exception):  # no fault is lost: whose it is hears of it when all are done again
        with make.begin() as session:
            said = [each.work(session) for each in wishes]
        for each, value in zip(wishes, said, strict=True):
            each.said = (value,)
