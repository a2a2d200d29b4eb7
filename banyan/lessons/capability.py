"""What a page shows to reach its kernel: good for one person, one lesson, one kernel, and for a short while.

It stands in an address, so it says nothing of anybody: when it ends, and a code over the rest under a key of the service.
"""

import hashlib
import hmac
from dataclasses import astuple, dataclass

LASTS = 120  # seconds; a page that comes later is given another


@dataclass(frozen=True)
class About:
    """What a capability is for."""

    kernel: str
    person: str
    course: str
    lesson: str


def grant(key: bytes, about: About, now: float) -> str:
    """Return a capability; `now` is in seconds since the epoch."""
    return _signed(key, about, int(now) + LASTS)


def holds(key: bytes, said: str, about: About, now: float) -> bool:
    """Say whether a text from outside is a capability for this, and still good."""
    ends = said.partition(".")[0]
    if not (ends.isascii() and ends.isdigit() and len(ends) < 20) or int(ends) < now:
        return False
    return hmac.compare_digest(said.encode(errors="replace"), _signed(key, about, int(ends)).encode())


def _signed(key: bytes, about: About, ends: int) -> str:
    told = "\0".join((*astuple(about), str(ends)))
    return f"{ends}.{hmac.digest(key, told.encode(), hashlib.sha256).hex()}"
