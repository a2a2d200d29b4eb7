"""How often one may try: per account, so that a password cannot be guessed, and per address, so that accounts cannot.

A village hall shares one address, so its limit is wide and counts failures only. Counted in the hub's memory: there is
one hub, and a restart forgives.
"""

import math
import time
from datetime import timedelta

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

WINDOW = timedelta(minutes=15)
LOCKED = "输错次数太多，请 {minutes} 分钟后再试"


class Limiter:
    def __init__(self, per_account: int = 5, per_address: int = 100, window: timedelta = WINDOW) -> None:
        seconds = int(window.total_seconds())
        self.account = RateLimitItemPerSecond(per_account, seconds, namespace="account")
        self.address = RateLimitItemPerSecond(per_address, seconds, namespace="address")
        self.strategy = FixedWindowRateLimiter(MemoryStorage())

    def wait(self, account: str, address: str) -> int:
        """Count a try before it is made, so that parallel ones count too; past the limit return the minutes to wait."""
        if not self.strategy.test(self.address, address):
            return self._minutes(self.address, address)
        return 0 if self.strategy.hit(self.account, account) else self._minutes(self.account, account)

    def count_failure(self, address: str) -> None:
        self.strategy.hit(self.address, address)

    def forget(self, account: str) -> None:
        """Start an account's count anew, after a success."""
        self.strategy.clear(self.account, account)

    def _minutes(self, limit: RateLimitItemPerSecond, key: str) -> int:
        ends = self.strategy.get_window_stats(limit, key).reset_time
        return max(1, math.ceil((ends - time.time()) / 60))
