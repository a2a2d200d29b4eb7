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

from banyan.errors import NotAllowedError

WINDOW = timedelta(minutes=15)
LOCKED = "密码输错次数太多，请 {minutes} 分钟后再试；着急请联系您所在镇街的管理员"


class Limiter:
    def __init__(self, per_account: int = 5, per_address: int = 100, window: timedelta = WINDOW) -> None:
        seconds = int(window.total_seconds())
        self.account = RateLimitItemPerSecond(per_account, seconds, namespace="account")
        self.address = RateLimitItemPerSecond(per_address, seconds, namespace="address")
        self.strategy = FixedWindowRateLimiter(MemoryStorage())

    def admit(self, account: str, address: str) -> None:
        """Count a try before it is made, so that parallel ones count too; refuse it past the limit."""
        if not self.strategy.test(self.address, address):
            raise self._refusal(self.address, address)
        if not self.strategy.hit(self.account, account):
            raise self._refusal(self.account, account)

    def count_failure(self, address: str) -> None:
        self.strategy.hit(self.address, address)

    def forget(self, account: str) -> None:
        """Start an account's count anew, after a success."""
        self.strategy.clear(self.account, account)

    def _refusal(self, limit: RateLimitItemPerSecond, key: str) -> NotAllowedError:
        ends = self.strategy.get_window_stats(limit, key).reset_time
        return NotAllowedError(LOCKED, minutes=max(1, math.ceil((ends - time.time()) / 60)))
