"""Small writes that many want at once: one transaction, one sync to disk, each acknowledged after it.

Syncing takes longer than writing, and one sync does for all that was written before it. One thread writes for all, so that
nobody else's has to wait: while it writes, the next gather.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from banyan.errors import TryLaterError
from banyan.records.engine import BUSY, PATIENCE, Sessions, writing

T = TypeVar("T")
MOST = 16
"""Writes that share a transaction: with more, the records are closed too long to other processes."""


@dataclass(eq=False)
class _Wish(Generic[T]):
    """What somebody wants written, and where they hear of it."""

    work: Callable[[Session], T]
    kept: "Future[T]" = field(default_factory=Future)
    since: float = field(default_factory=time.monotonic)

    def do_alone(self, make: Sessions) -> None:
        try:
            with writing(make) as session:
                said = self.work(session)
        except Exception as fault:  # noqa: BLE001 - it is raised where the work was asked for
            self.kept.set_exception(fault)
        else:
            self.kept.set_result(said)


class Together:
    """Writes for all who ask, in the order they came."""

    def __init__(self, make: Sessions) -> None:
        self._make = make
        self._wishes: SimpleQueue[_Wish[Any]] = SimpleQueue()
        self._writer = ThreadPoolExecutor(1, "together")

    def write(self, work: Callable[[Session], T]) -> "Future[T]":
        """Do a small work in a transaction that others may share; what it returns is told once that is on disk.

        The work may be done twice, the first time undone: where one fails, all who shared are done again, each alone.
        """
        wish = _Wish(work)
        self._wishes.put(wish)
        self._writer.submit(self._write_waiting)
        return wish.kept

    def _write_waiting(self) -> None:
        wishes, begun = self._next(), False
        if not wishes:
            return
        try:
            with writing(self._make) as session:
                session.connection()
                begun = True
                said = [each.work(session) for each in wishes]
        except Exception as fault:  # noqa: BLE001 - no fault is lost, see below
            if begun:  # whose fault it is hears of it
                for each in wishes:
                    each.do_alone(self._make)
            else:  # the records are closed to all alike
                _refuse(wishes, fault)
        else:
            for each, value in zip(wishes, said, strict=True):
                each.kept.set_result(value)

    def _next(self) -> list[_Wish[Any]]:
        """Take those who waited longest; who waited too long is asked to come again."""
        taken: list[_Wish[Any]] = []
        while len(taken) < MOST:
            try:
                wish = self._wishes.get_nowait()
            except Empty:
                break
            if time.monotonic() - wish.since > PATIENCE:
                _refuse([wish], TryLaterError(BUSY))
            else:
                taken.append(wish)
        return taken


def _refuse(wishes: list[_Wish[Any]], fault: Exception) -> None:
    for each in wishes:
        each.kept.set_exception(fault)
