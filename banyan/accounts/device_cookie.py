"""The cookie by which a phone is known again: one token for each person who came in on it, the latest first."""

from typing import Any

COOKIE = "banyan-device"
LASTS = 400 * 24 * 3600  # seconds; browsers keep none longer, and each sign-in begins anew
MOST = 6  # people on one phone
BETWEEN = "."  # in no token
LONGEST = 64


def tokens_of(cookie: str | None) -> tuple[str, ...]:
    given = (cookie or "").split(BETWEEN)
    return tuple(each for each in given if 0 < len(each) <= LONGEST)[:MOST]


def with_first(cookie: str | None, token: str) -> str:
    """Return the cookie in which a token stands first; of too many people the one longest away is forgotten."""
    others = [each for each in tokens_of(cookie) if each != token]
    return BETWEEN.join([token, *others][:MOST])


def terms(https: bool) -> dict[str, Any]:
    """Return how it is set: no script reads it, no other site sends it."""
    return {"path": "/", "max_age": LASTS, "httponly": True, "samesite": "Lax", "secure": https}
