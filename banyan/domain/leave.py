"""Leave stops the clock: what was shown lasts as many days longer as its holder was away while it counted."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from banyan.domain.evidence import Evidence

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Absence:
    """Days of leave, the last one among them."""

    starts_on: date
    ends_on: date


def extended(observed_on: date, expires_on: date, absences: Iterable[Absence]) -> date:
    """Return the last day of what was seen on a day, when each day of leave after that day and up to its end adds one.

    Days that two absences share count once; leave that falls into the days added adds its own.
    """
    end, after = expires_on, observed_on + DAY
    for each in sorted(absences, key=lambda absence: (absence.starts_on, absence.ends_on)):
        first = max(each.starts_on, after)
        if first > end or first > each.ends_on:
            continue
        end += each.ends_on - first + DAY
        after = each.ends_on + DAY
    return end


def rested(evidence: Iterable[Evidence], absences: Iterable[Absence]) -> list[Evidence]:
    """Return rows of evidence with the clock stopped during leave."""
    away = tuple(absences)
    if not away:
        return list(evidence)
    return [replace(row, expires_on=extended(row.observed_on, row.expires_on, away)) for row in evidence]
