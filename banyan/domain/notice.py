"""When to say that a certificate runs out: 90, 60 and 30 days before, each once."""

from datetime import date

DAYS = (90, 60, 30)


def due_notice(expires_on: date, today: date) -> int | None:
    """Return which notice a certificate calls for today, None for none yet or once it has run out.

    Of several that were missed only the latest is given: who is 50 days before the end is told once, not twice.
    """
    left = (expires_on - today).days
    if left < 0:
        return None
    return min((days for days in DAYS if left <= days), default=None)
