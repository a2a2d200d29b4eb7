"""Small writes that many want at once: one transaction, one sync to disk, each acknowledged after it.

Syncing takes longer than writing, and one sync does for all that was written before it. One thread writes for all, so that
nobody else's has to wait: while it writes, the next gather.
"""

import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock, Thread
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


_Queue = SimpleQueue[_Wish[Any] | None]
"""What waits to be written, in the order it came; None for the writer to end."""


class Together:
    """Writes for all who ask, in the order they came. Its thread begins with the first of them, and ends with it."""

    def __init__(self, make: Sessions) -> None:
        self._wishes: _Queue = SimpleQueue()
        self._writer = Thread(target=_write_on, args=(make, self._wishes), name="together", daemon=True)
        self._beginning = Lock()
        weakref.finalize(self, self._wishes.put, None)

    def write(self, work: Callable[[Session], T]) -> "Future[T]":
        """Do a small work in a transaction that others may share; what it returns is told once that is on disk.

        The work may be done twice, the first time undone: where one fails, all who shared are done again, each alone.
        """
        wish = _Wish(work)
        self._wishes.put(wish)
        if not self._writer.ident:
            with self._beginning:
                if not self._writer.ident:
                    self._writer.start()
        return wish.kept


def _write_on(make: Sessions, queue: _Queue) -> None:
    while first := queue.get():
        _write(make, _with_others(first, queue))


def _write(make: Sessions, wishes: list[_Wish[Any]]) -> None:
    begun = False
    if not wishes:
        return
    try:
        with writing(make) as session:
            session.connection()
            begun = True
            said = [each.work(session) for each in wishes]
    except Exception as fault:  # noqa: BLE001 - no fault is lost, see below
        if begun:  # whose fault it is hears of it
            for each in wishes:
                each.do_alone(make)
        else:  # the records are closed to all alike
            _refuse(wishes, fault)
    else:
        for each, value in zip(wishes, said, strict=True):
            each.kept.set_result(value)


def _with_others(first: _Wish[Any], queue: _Queue) -> list[_Wish[Any]]:
    """Return a wish and those that waited with it; who waited too long is asked to come again."""
    taken = [first]
    while len(taken) < MOST:
        try:
            wish = queue.get_nowait()
        except Empty:
            break
        if wish is None:
            queue.put(None)
            break
        taken.append(wish)
    oldest = time.monotonic() - PATIENCE
    _refuse([each for each in taken if each.since < oldest], TryLaterError(BUSY))
    return [each for each in taken if each.since >= oldest]


def _refuse(wishes: list[_Wish[Any]], fault: Exception) -> None:
    for each in wishes:
        each.kept.set_exception(fault)
