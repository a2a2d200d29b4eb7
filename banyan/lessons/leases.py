"""Kernels are lent: to one person, for one open lesson, for as long as its page uses them.

The service alone says when a lease ends: its page left, nothing was said for long, an answer does not come, the kernel
died. Times are seconds of a steady clock.
"""

import asyncio
import logging
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from jupyter_client import AsyncKernelManager

from banyan.errors import TryLaterError
from banyan.lessons import figures
from banyan.lessons.kernels import Maker, end, process_of
from banyan.lessons.waiting import Queue
from banyan.words.language import N_

EACH = 5.0  # seconds between two looks at all leases
TROUBLES, LATELY = 3, 600.0  # so many of a person's kernels ended by force within so many seconds are enough for now
ENOUGH = N_("这里的互动部分刚才几次都停住了，先歇十分钟再试；文字和练习可以照常学")
LEFT, QUIET, UNSEEN, SLOW, LOUD, DIED, GIVEN, REPLACED = "left", "quiet", "unseen", "slow", "loud", "died", "given", "replaced"
FORCED = {SLOW, LOUD, DIED}


@dataclass(frozen=True)
class Terms:
    """How many kernels there may be, and for how long."""

    most: int = 60
    most_each: int = 4  # of one person; one more ends their oldest
    unseen_for: float = 60  # how long a page may take to connect
    left_for: float = 90  # how long after its last line was lost
    quiet_for: float = 1200  # how long an open page may rest
    answers_in: float = 20  # how long a simulation may compute


@dataclass(frozen=True)
class Wish:
    """Who wants a kernel for which lesson; `notebook` is the built one."""

    person: str
    course: str
    lesson: str
    notebook: Path

    @property
    def release(self) -> int:
        """Return which release the notebook belongs to: releases/COURSE/NUMBER/lessons/LESSON.ipynb."""
        return int(self.notebook.parents[1].name)

    @property
    def who(self) -> str:
        return f"{self.person}/{self.course}/{self.lesson}"


class Line(Protocol):
    """A page's websocket, as a lease knows it."""

    def close(self, code: int | None = None, reason: str | None = None) -> None: ...


@dataclass
class Lease:
    """A kernel lent; `asked` is when the page last said something that has not been answered yet."""

    id: str
    wish: Wish
    kernel: AsyncKernelManager
    heard: float
    lines: set[Line] = field(default_factory=set)
    seen: bool = False
    asked: float | None = None
    pidfd: int | None = None

    def spent(self, terms: Terms, now: float) -> str:
        """Say why the lease is over, or nothing."""
        if self.asked is not None and now - self.asked > terms.answers_in:
            return SLOW
        silent = now - self.heard
        if self.lines:
            return QUIET if silent > terms.quiet_for else ""
        if self.seen:
            return LEFT if silent > terms.left_for else ""
        return UNSEEN if silent > terms.unseen_for else ""


@dataclass(frozen=True)
class Place:
    """A place in the queue, from 1."""

    number: int


class Leases:
    """All kernels of a service; `clock` is steady."""

    def __init__(self, maker: Maker, terms: Terms, log: logging.Logger, clock: Callable[[], float] = time.monotonic) -> None:
        self.maker, self.terms, self.log, self.clock = maker, terms, log, clock
        self.queue = Queue()
        self._lent: dict[str, Lease] = {}
        self._starting = 0
        self._troubles: dict[str, list[float]] = {}
        figures.MOST.set(terms.most)
        figures.LIVE.set_function(lambda: len(self._lent))
        figures.WAITING.set_function(lambda: len(self.queue.asked))
        figures.LINES.set_function(lambda: sum(len(each.lines) for each in self._lent.values()))

    def __len__(self) -> int:
        return len(self._lent)

    def __iter__(self) -> Iterator[Lease]:
        return iter(list(self._lent.values()))

    def of(self, kernel_id: str, person: str) -> Lease | None:
        """Return the lease of a kernel that lives and is lent to this person."""
        lease = self._lent.get(kernel_id)
        return lease if lease and lease.wish.person == person else None

    async def lend(self, wish: Wish) -> Lease | Place:
        """Start a kernel, or say whose turn it is not; TryLaterError when this lesson is not for this person now."""
        if len(self._lately(wish.person)) >= TROUBLES:
            figures.REFUSED.labels("trouble").inc()
            raise TryLaterError(ENOUGH)
        mine = [each for each in self if each.wish.person == wish.person]
        for each in mine[: max(len(mine) + 1 - self.terms.most_each, 0)]:
            await self.take_back(each, REPLACED)
        place = self.queue.place(wish.who, self.terms.most - len(self._lent) - self._starting, self.clock())
        if place:
            figures.REFUSED.labels("queue").inc()
            return Place(place)
        self._starting += 1
        try:
            with figures.TOOK.time():
                return await self._start(wish)
        finally:
            self._starting -= 1

    async def _start(self, wish: Wish) -> Lease:
        kernel_id = str(uuid.uuid4())
        kernel = await self.maker.start(kernel_id, wish.notebook)
        lease = Lease(kernel_id, wish, kernel, self.clock())
        self._lent[kernel_id] = lease
        figures.LENT.inc()
        self._watch(lease)
        return lease

    def _watch(self, lease: Lease) -> None:
        """Hear at once when a kernel dies."""
        with suppress(OSError, AttributeError):  # gone already, or a system without: then `tidy` finds out
            lease.pidfd = os.pidfd_open(process_of(lease.kernel))
            asyncio.get_running_loop().add_reader(lease.pidfd, self._died, lease)

    def _died(self, lease: Lease) -> None:
        self._unwatch(lease)
        if lease.id in self._lent:
            self.log.warning("a kernel of %s/%s died", lease.wish.course, lease.wish.lesson)
            asyncio.get_running_loop().create_task(self.take_back(lease, DIED))

    def _unwatch(self, lease: Lease) -> None:
        if lease.pidfd is not None:
            asyncio.get_running_loop().remove_reader(lease.pidfd)
            os.close(lease.pidfd)
            lease.pidfd = None

    async def take_back(self, lease: Lease, why: str = GIVEN) -> None:
        """End a lease; its pages hear that the line is gone."""
        if self._lent.pop(lease.id, None) is None:
            return
        figures.ENDED.labels(why).inc()
        if why in FORCED:
            self._troubles.setdefault(lease.wish.person, []).append(self.clock())
        self._unwatch(lease)
        for line in list(lease.lines):
            line.close(1001, why)
        await end(lease.kernel)

    def _lately(self, person: str) -> list[float]:
        since = self.clock() - LATELY
        kept = [each for each in self._troubles.get(person, []) if each > since]
        if kept:
            self._troubles[person] = kept
        else:
            self._troubles.pop(person, None)
        return kept

    async def tidy(self) -> None:
        """Take back what is over."""
        now = self.clock()
        self.queue.tidy(now)
        for person in list(self._troubles):
            self._lately(person)
        for lease in self:
            why = lease.spent(self.terms, now)
            if not why and lease.pidfd is None and await lease.kernel.is_alive() is False:
                why = DIED
            if why:
                self.log.info("taking back a kernel of %s/%s: %s", lease.wish.course, lease.wish.lesson, why)
                await self._let_go(lease, why)

    async def _let_go(self, lease: Lease, why: str) -> None:
        """Take one back; that one resists must not keep the others."""
        try:
            await self.take_back(lease, why)
        except (OSError, RuntimeError):
            self.log.exception("a kernel of %s/%s was not taken back cleanly", lease.wish.course, lease.wish.lesson)

    async def watch(self) -> None:
        """Tidy for ever."""
        while True:
            await asyncio.sleep(EACH)
            await self.tidy()

    async def close(self) -> None:
        await asyncio.gather(*(self.take_back(each, "stop") for each in self))
