"""What an assessor says of each indicator, and where two of them differ."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Mark(StrEnum):
    YES = "yes"
    NOT_YET = "not_yet"  # looked at, and not done as it should be
    UNSEEN = "unseen"  # there was no occasion


Marks = Mapping[str, Mark]
"""Indicator → what was said of it."""

ASSESSORS_FOR = {4: 2}
"""How many assessors a level asks for where it is more than one."""


def shown(marks: Marks) -> frozenset[str]:
    return frozenset(code for code, mark in marks.items() if mark is Mark.YES)


def differing(one: Marks, other: Marks) -> frozenset[str]:
    """Return the indicators that one assessor saw done and the other saw not done; unseen contradicts nobody."""
    return frozenset(code for code in one if {one[code], other.get(code)} == {Mark.YES, Mark.NOT_YET})


def disputed(all_marks: Iterable[Marks]) -> frozenset[str]:
    """Return the indicators about which any two assessors differ."""
    every = list(all_marks)
    return frozenset(code for index, one in enumerate(every) for other in every[index + 1 :] for code in differing(one, other))
