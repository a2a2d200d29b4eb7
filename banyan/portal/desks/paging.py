"""One page of a long list, and how to get to its neighbours."""

from collections.abc import Callable, Sequence
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
    return sheet_by(len(lines), lambda skip, most: lines[skip : skip + most], number, size)


def sheet_by(total: int, fetch: Callable[[int, int], Sequence[Line]], number: int, size: int = SIZE) -> Sheet[Line]:
    """Return a page of a list that is too long to be read whole; `fetch` is told how many to skip and how many to take."""
    pages = max(1, -(-total // size))
    chosen = min(max(number, 1), pages)
    return Sheet(fetch((chosen - 1) * size, size), chosen, pages, total)
