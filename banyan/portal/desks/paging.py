"""One page of a long list, and how to get to its neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

SIZE = 50
Line = TypeVar("Line")


@dataclass(frozen=True)
class Sheet(Generic[Line]):
    """`number` counts from 1; `pages` is at least 1."""

    lines: Sequence[Line]
    number: int
    pages: int
    total: int


def sheet(lines: Sequence[Line], number: int, size: int = SIZE) -> Sheet[Line]:
    """Return a page of a list; a number beyond its ends is the nearest page there is."""
    pages = max(1, -(-len(lines) // size))
    chosen = min(max(number, 1), pages)
    return Sheet(lines[(chosen - 1) * size : chosen * size], chosen, pages, len(lines))
