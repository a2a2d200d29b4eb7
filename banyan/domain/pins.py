"""The six digits a learner opens their own phone's way in with: which are too easy to guess.

Five tries and fifteen minutes stand before whoever guesses, so what must go is what one would try first: rows, repeats,
days of birth, and what is known of the person.
"""

import re
from enum import StrEnum


class Weak(StrEnum):
    FORM = "form"  # not six digits
    SAME = "same"  # one digit, or a short piece over and over
    ROW = "row"  # 123456
    DAY = "day"  # a birthday, or like one
    OWN = "own"  # within a number of the person's own


ROWS = ("01234567890", "09876543210", "147258369", "369258147", "159357", "357159")
YEAR = re.compile(r"(19[3-9]|20[0-4])\d(0[1-9]|1[0-2])")  # 196805
DAY = re.compile(r"\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")  # 680523


def weakness(pin: str, *known: str) -> Weak | None:
    """Return why six digits will not do, None if they will; `known` are the person's own numbers."""
    if not re.fullmatch(r"[0-9]{6}", pin):
        return Weak.FORM
    if len(set(pin)) <= 2 or pin[:3] == pin[3:] or pin[:2] * 3 == pin or re.fullmatch(r"(.)\1(.)\2(.)\3", pin):
        return Weak.SAME
    if any(pin in row for row in ROWS):
        return Weak.ROW
    if YEAR.fullmatch(pin) or DAY.fullmatch(pin):
        return Weak.DAY
    return Weak.OWN if any(pin in number for number in known) else None
