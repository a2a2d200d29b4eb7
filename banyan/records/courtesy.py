"""Between processes that write to one SQLite file: whoever has just written lets those in who wait elsewhere.

SQLite has no queue. A waiting process sleeps and looks again, up to a tenth of a second apart, and never sees the gap of
a moment that a busy one leaves between two writes: a hundred people handing in kept the graders out for seconds. Here
whoever waits holds a shared lock on a file beside the records, which ends with its holder, and looks again at once.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LOOK = 0.001  # seconds between two tries of whoever waits
YIELD = 0.02  # seconds for which the others are let in; whoever needs longer meets the next gap


class Courtesy:
    """`path` is a file of its own, which holds nothing; anybody who may write the records may make it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def wait(self, tried: Callable[[], bool], patience: float) -> bool:
        """Try until it works, seen by the others as somebody who waits; return False when patience (seconds) is at an end."""
        end = time.monotonic() + patience
        with self._opened() as door:
            fcntl.flock(door, fcntl.LOCK_SH)
            while not tried():
                if time.monotonic() > end:
                    return False
                time.sleep(LOOK)
        return True

    def let_in(self) -> None:
        """Give those who wait the time to begin."""
        end = time.monotonic() + YIELD
        with self._opened() as door:
            while _somebody_waits(door) and time.monotonic() < end:
                time.sleep(LOOK)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        door = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield door
        finally:
            os.close(door)


def _somebody_waits(door: int) -> bool:
    try:
        fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(door, fcntl.LOCK_UN)
    return False
