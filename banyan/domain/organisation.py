"""Places and posts: a tree of units down to the grid, and who is appointed where from when to when.

A unit's path is the codes of its ancestors and itself, each followed by a slash: `/350000000000/…/350999001001/`.
A unit lies in another's subtree exactly when its path begins with the other's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class UnitLevel(IntEnum):
    """Depths of the tree; their names are the interface's to say."""

    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    TOWN = 4
    COMMUNITY = 5
    GRID = 6


def path_of(parent: str, code: str) -> str:
    """Return the path of a unit below a parent path; "/" is the root's parent."""
    return f"{parent}{code}/"


def lies_within(path: str, subtree: str) -> bool:
    return path.startswith(subtree)


def duty_phone(phones: Mapping[str, str], paths: Iterable[str]) -> str:
    """Return the number of the duty desk nearest to somebody at these units, "" if none is set.

    `phones` is by a unit's code. What is nearest stands at the unit or above it; of several units the first one counts
    that has any.
    """
    codes = (code for path in paths for code in reversed(path.split("/")))
    return next((phones[code] for code in codes if code in phones), "")


@dataclass(frozen=True)
class Term:
    """From a day up to and including another; no end means until further notice."""

    starts_on: date
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
