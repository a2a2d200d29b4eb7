"""What arrives from a browser is hostile until read: wrong types, foreign options, doubles, floods.

Blank (null, empty text, list or mapping) is an answer too and becomes None. Everything else either becomes
a plain value of the question's type or raises InvalidAnswerError with a sentence for the person who gave it.
"""

from collections.abc import Iterable
from typing import Any

from banyan.errors import InvalidAnswerError

FLOOD = 64
"""No list or mapping of choices is longer; what is longer was not made by our page."""


def is_blank(raw: Any) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip()) or (isinstance(raw, list | tuple | dict) and not raw)


def one_of(raw: Any, options: Iterable[str]) -> str:
    """Return the option chosen."""
    if not isinstance(raw, str) or raw not in set(options):
        raise InvalidAnswerError("这道题没有这个选项，请重新选一个")
    return raw


def distinct(raw: Any, options: Iterable[str]) -> list[str]:
    """Return the options chosen, each at most once."""
    if not isinstance(raw, list | tuple) or len(raw) > FLOOD:
        raise InvalidAnswerError("这道题的答案读不出来，请重新选")
    known = set(options)
    chosen = [one_of(each, known) for each in raw]
    if len(set(chosen)) != len(chosen):
        raise InvalidAnswerError("同一个选项选了两次，请重新选")
    return chosen
