"""Service hours: what they add up to, which stars they earn, and on which days they have shown something."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from banyan.domain.calendar import add_months
from banyan.domain.framework import Text

LONGEST = timedelta(hours=12)
"""Nobody serves longer at a time."""


@dataclass(frozen=True)
class ServiceKind:
    """A kind of activity, the competency it shows and after how many hours."""

    code: str
    name: Text
    competency: str
    hours: int


@dataclass(frozen=True)
class ServiceRules:
    """`stars` are the hours of each star in rising order, `stars_by` and `kinds_by` whose rules they are."""

    kinds: Mapping[str, ServiceKind] = field(default_factory=dict)
    stars: tuple[int, ...] = ()
    stars_by: str = ""
    kinds_by: str = ""


@dataclass(frozen=True)
class Shift:
    """Time somebody served, from one aware moment to another: there and at work, without the way there."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    def overlaps(self, other: "Shift") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def lies_in(self, whole: "Shift") -> bool:
        return whole.starts_at <= self.starts_at < self.ends_at <= whole.ends_at


def star(minutes: int, stars: Sequence[int]) -> int:
    """Return how many stars so many minutes earn."""
    return sum(minutes >= hours * 60 for hours in stars)


def to_next_star(minutes: int, stars: Sequence[int]) -> int | None:
    """Return how many minutes are missing to the next star; None for who has all."""
    return next((hours * 60 - minutes for hours in stars if minutes < hours * 60), None)


Served = tuple[date, int]
"""A day and how many minutes somebody served on it."""


def shown_on(served: Iterable[Served], hours: int, valid_months: int) -> list[date]:
    """Return the days on which so many hours had come together since the last such day, none of them older than the validity."""
    found: list[date] = []
    open_minutes: list[Served] = []
    for day, minutes in sorted(served):
        open_minutes = [each for each in open_minutes if add_months(each[0], valid_months) >= day]
        open_minutes.append((day, minutes))
        if sum(each for _, each in open_minutes) >= hours * 60:
            found.append(day)
            open_minutes = []
    return found
