"""One row of evidence: what a person has shown, how, and until when it counts."""

from dataclasses import dataclass, field
from datetime import date

from banyan.domain.calendar import add_months
from banyan.domain.framework import Competency, Kind


@dataclass(frozen=True)
class Evidence:
    """It counts from `observed_on` up to and including `expires_on`, for rungs up to `level`.

    `ref` leads to where it came from and `edition` is the framework it was taken in under; neither is part of what it says.
    """

    competency: str
    indicators: frozenset[str]
    kind: Kind
    level: int
    observed_on: date
    expires_on: date
    assessor: str = ""
    teaching_log: bool = False
    ref: int = field(default=0, compare=False)
    edition: str = field(default="", compare=False)

    def counts_on(self, day: date) -> bool:
        return self.observed_on <= day <= self.expires_on


def observe(
    competency: Competency, indicators: frozenset[str], kind: Kind, level: int, day: date, at_most: date | None = None
) -> Evidence:
    """Return evidence observed on a day; how long it lasts is the competency's to say, and no longer than `at_most`."""
    foreign = indicators - competency.indicator_codes
    if foreign:
        raise ValueError(f"{competency.code} has no indicators {sorted(foreign)}")
    lasts = add_months(day, competency.valid_months)
    return Evidence(competency.code, indicators, kind, level, day, min(lasts, at_most) if at_most else lasts)
