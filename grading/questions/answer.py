"""What arrives from a browser is hostile until read: wrong types, foreign options, doubles, floods.

Blank (null, empty text, list or mapping) is an answer too and becomes None. Everything else either becomes
a plain value of the question's type or raises InvalidAnswerError with a sentence for the person who gave it.
"""

import unicodedata
from collections.abc import Iterable, Mapping
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


def parts(raw: Any, known: Iterable[str]) -> dict[str, Any]:
    """Return what was answered of each part, blanks left out, in the order the parts are known in."""
    names = list(known)
    if not isinstance(raw, Mapping) or len(raw) > FLOOD or not raw.keys() <= set(names):
        raise InvalidAnswerError("这道题的答案读不出来，请重新答")
    return {each: raw[each] for each in names if not is_blank(raw.get(each))}


def text(raw: Any, longest: int) -> str:
    """Return what was written, without what nobody can see; longer than `longest` characters is refused."""
    if not isinstance(raw, str):
        raise InvalidAnswerError("请用文字作答")
    if len(raw) > 2 * longest or len(written := readable(raw)) > longest:
        raise InvalidAnswerError("写得太长了，最多 {max} 个字", max=longest)
    return written


def readable(raw: str) -> str:
    """Drop what nobody can see and a marker's page could trip over: control, surrogate and unassigned characters."""
    lines = raw.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each in "\n\t" or unicodedata.category(each) not in {"Cc", "Cs", "Cn", "Co"}).strip()
