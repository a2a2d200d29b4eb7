"""Who was there, and whether that was enough: minutes of the parts of a session, and codes that run out while one looks."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise

ENOUGH = 80
"""Percent of a session's minutes one must have been there for, by the framework's gates."""
WINDOW = 30
"""Seconds after which the code on a trainer's screen is another one."""
TICKET = 180
"""Seconds within which somebody who opened a code in time may still say that they are here."""
EARLY, LATE = timedelta(hours=1), timedelta(minutes=30)
"""How long before a part and after it one may sign in by a code."""
LENGTH_OF_MAC = 16  # hexadecimal digits: 64 bits, for a code that lives a minute


@dataclass(frozen=True)
class Span:
    """One part of a session: from one aware moment to another."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    def takes_codes(self, now: datetime) -> bool:
        return self.starts_at - EARLY <= now <= self.ends_at + LATE

    def overlaps(self, other: "Span") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Attendance:
    """Minutes somebody was there, of all there were."""

    present: int
    whole: int

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 79.9 is not enough."""
        return self.present * 100 // self.whole if self.whole else 0

    @property
    def is_enough(self) -> bool:
        return self.whole > 0 and self.present * 100 >= ENOUGH * self.whole


def attendance(parts: Mapping[int, Span], minutes: Mapping[int, int]) -> Attendance:
    """Return what somebody's minutes, part by part, amount to; no part counts for more than it lasted."""
    present = sum(min(max(minutes.get(number, 0), 0), span.minutes) for number, span in parts.items())
    return Attendance(present, sum(span.minutes for span in parts.values()))


def apart(spans: Iterable[Span]) -> bool:
    """Say whether no two spans share a moment."""
    ordered = sorted(spans, key=lambda each: each.starts_at)
    return all(not first.overlaps(second) for first, second in pairwise(ordered))


def code_at(key: bytes, subject: str, now: datetime, seconds: int = WINDOW) -> str:
    """Return the code that speaks for a subject at a moment: which window it is, and a MAC of both."""
    return _code(key, subject, int(now.timestamp()) // seconds)


def is_fresh(key: bytes, subject: str, code: str, now: datetime, seconds: int = WINDOW) -> bool:
    """Say whether a code is of this window or of one beside it.

    The one before, since a phone needs seconds to open what it scanned; the one after, since the clock may have been set back
    in between. What is older is a picture somebody was sent.
    """
    window, _, _ = code.partition(".")
    if not (window.isascii() and window.isdecimal() and len(window) <= 12):
        return False
    near = abs(int(window) - int(now.timestamp()) // seconds) <= 1
    return near and hmac.compare_digest(code.encode(), _code(key, subject, int(window)).encode())


def _code(key: bytes, subject: str, window: int) -> str:
    mac = hmac.new(key, f"{subject}:{window}".encode(), sha256).hexdigest()
    return f"{window}.{mac[:LENGTH_OF_MAC]}"
