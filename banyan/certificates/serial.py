"""Serials such as BY26-7K3M-92QX: drawn at random, read aloud without doubt, and a mistyped one is known as mistyped.

The letters are Crockford's 32 (no I, L, O, U; what looks alike is read alike). The last one checks the others: read as
numbers of the field GF(32), they add up to nothing when each is weighed by a power of 2 of its place. The weights
differ, so one wrong character or two swapped ones never add up.
"""

import secrets
import unicodedata

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("OIL", "011")
BRAND = "BY"
DRAWN = 7  # random characters: 34 billion a year
LENGTH = len(BRAND) + 2 + DRAWN + 1


def new_serial(year: int) -> str:
    """Return a fresh serial; nobody can tell it from those before."""
    body = f"{BRAND}{year % 100:02}" + "".join(secrets.choice(LETTERS) for _ in range(DRAWN))
    return _grouped(body + _check(body))


def read_serial(text: str) -> str | None:
    """Return the serial as it was printed, or None if what was typed cannot be one."""
    typed = unicodedata.normalize("NFKC", text).upper().translate(LOOKALIKES)
    signs = "".join(sign for sign in typed if sign.isalnum())
    fits = len(signs) == LENGTH and signs.startswith(BRAND) and all(sign in LETTERS for sign in signs)
    return _grouped(signs) if fits and _check(signs[:-1]) == signs[-1] else None


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + 4] for start in range(0, LENGTH, 4))


def _check(body: str) -> str:
    """Return the character that makes the weighed sum nothing; its own weight is 1."""
    total = 0
    for sign in body:
        total = _doubled(total ^ LETTERS.index(sign))
    return LETTERS[total]


def _doubled(value: int) -> int:
    """Multiply by 2 in GF(32), modulo x⁵ + x² + 1."""
    return value << 1 if value < 16 else (value << 1) ^ 0b100101
