"""An exam room: when its code opens an exam, how a code is read, how often one may guess."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

LENGTH = 6
"""Digits of a code: short enough to be called across a room."""
LONGEST = timedelta(hours=8)
MOST_TRIES, WITHIN = 5, timedelta(minutes=15)
"""Who has mistyped so often within this time waits: six digits would not stand up to somebody who may try all day."""


def read_code(typed: str) -> str | None:
    """Return the six digits somebody typed, in whatever width and with whatever blanks; None if it is no code."""
    digits = "".join(unicodedata.normalize("NFKC", typed[:40]).split())
    return digits if len(digits) == LENGTH and digits.isascii() and digits.isdecimal() else None


def is_open(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Say whether an exam may be begun in a room now; one begun in time runs for its own minutes."""
    return starts_at <= now <= ends_at


def free_to_try(wrong: Sequence[datetime], now: datetime) -> datetime | None:
    """Return from when somebody may try a code again, given when they were wrong; None if they may now.

    What was tried later than now was tried before the clock was set back; it counts no more.
    """
    recent = sorted(each for each in wrong if now - WITHIN < each <= now)
    return recent[-MOST_TRIES] + WITHIN if len(recent) >= MOST_TRIES else None
