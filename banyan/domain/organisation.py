"""Places and posts: a tree of units down to the grid, and who is appointed where from when to when.

A unit's path is the codes of its ancestors and itself, each followed by a slash: `/350000000000/…/350999001001/`.
A unit lies in another's subtree exactly when its path begins with the other's.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

GRADES = range(1, 19)  # 三岗十八级


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


def upwards(path: str) -> tuple[str, ...]:
    """Return a unit's path and those of the units above it, the nearest first."""
    codes = path.strip("/").split("/")
    return tuple("/" + "/".join(codes[:length]) + "/" for length in range(len(codes), 0, -1))


def lies_within(path: str, subtree: str) -> bool:
    return path.startswith(subtree)


@dataclass(frozen=True)
class Term:
    """From a day up to and including another; no end means until further notice."""

    starts_on: date
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
