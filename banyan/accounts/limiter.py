"""How often one may try: per account, so that a password cannot be guessed, and per address, so that accounts cannot.

A village hall shares one address, so its limit is wide and counts failures only. Counted in the hub's memory: there is
one hub, and a restart forgives. Timed by a clock that never jumps: a lock of fifteen minutes lasts as long while the
server's own clock is put right.
"""

import math
import time
from collections.abc import Callable
from datetime import timedelta
from threading import Lock

WINDOW = timedelta(minutes=15)
LOCKED = "输错次数太多，请 {minutes} 分钟后再试"
MANY = 10_000  # keys; beyond, those whose window is over are forgotten


class Window:
    """Counts per key, each for a window that begins with the first; `clock` gives seconds."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float]) -> None:
        self.most, self.seconds, self.clock = most, seconds, clock
        self.counts: dict[str, tuple[int, float]] = {}

    def left(self, key: str) -> float:
        """Return for how many seconds a key is past its limit, 0 if it is not."""
        count, ends = self._of(key)
        return ends - self.clock() if count >= self.most else 0

    def hit(self, key: str) -> None:
        if len(self.counts) > MANY:
            now = self.clock()
            self.counts = {each: held for each, held in self.counts.items() if held[1] > now}
        count, ends = self._of(key)
        self.counts[key] = (count + 1, ends)

    def clear(self, key: str) -> None:
        self.counts.pop(key, None)

    def _of(self, key: str) -> tuple[int, float]:
        now = self.clock()
        count, ends = self.counts.get(key, (0, 0.0))
        return (count, ends) if ends > now else (0, now + self.seconds)


class Limiter:
    def __init__(
        self,
        per_account: int = 5,
        per_address: int = 100,
        window: timedelta = WINDOW,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        seconds = window.total_seconds()
        self.account, self.address = Window(per_account, seconds, clock), Window(per_address, seconds, clock)
        self.lock = Lock()

    def wait(self, account: str, address: str) -> int:
        """Count a try before it is made, so that parallel ones count too; past the limit return the minutes to wait."""
        with self.lock:
            left = self.address.left(address) or self.account.left(account)
            if not left:
                self.account.hit(account)
        return math.ceil(left / 60)

    def count_failure(self, address: str) -> None:
        with self.lock:
            self.address.hit(address)

    def forget(self, account: str) -> None:
        """Start an account's count anew, after a success."""
        with self.lock:
            self.account.clear(account)
