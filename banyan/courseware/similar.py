"""Questions that are one question in slightly other words: then practising the one tells the key of the other."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from grading.questions import Item, case, dump

NEAR = 0.8
"""Of the pairs of neighbouring characters of two texts, the share both have, from which they are one text."""
SHORT = 12
"""Characters below which a stem that is only like another says nothing (下面哪些要说？): then the choices are read with it."""
CHOICES = ("options", "items", "elements", "gaps", "text", "regions")
TOLD = frozenset({"key", "hard_fail", "feedback", "unknown", "box", "outline"})


class Alike:
    """Finds which of a pool's questions another one is."""

    def __init__(self, pool: Mapping[str, Item]) -> None:
        self._known = [(name, *_pairs_of(item)) for name, item in pool.items()]

    def to(self, item: Item) -> str | None:
        """Return the name of the question of the pool that this is, in its stem or as a whole; None if it is another."""
        stem, whole, length = _pairs_of(item)
        for name, other, all_of_it, its_length in self._known:
            long_enough = stem == other or min(length, its_length) >= SHORT
            if (long_enough and _share(stem, other) >= NEAR) or _share(whole, all_of_it) >= NEAR:
                return name
        return None


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _pairs_of(item: Item) -> tuple[frozenset[str], frozenset[str], int]:
    """Return the pairs of neighbouring characters of the stem and of the whole question, and how long the stem is."""
    stem = _bare(item.title if isinstance(item, case.Item) else item.stem)
    data = dump(item)
    choices = "".join(text for each in CHOICES for text in _read(data.get(each)))
    return _pairs(stem), _pairs(stem + _bare(choices)), len(stem)


def _bare(text: str) -> str:
    return "".join(re.findall(r"\w", text))


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 2] for place in range(len(text) - 1)) or frozenset({text})


def _read(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        yield from (text for name, each in data.items() if name not in TOLD for text in _read(each))
    elif isinstance(data, list):
        yield from (text for each in data for text in _read(each))
