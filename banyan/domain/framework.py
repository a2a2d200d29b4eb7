"""The competency framework: what can be known and done, in whose words, for how long it lasts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

Text = Mapping[str, str]
"""One sentence in several languages: {"zh": …, "en": …}."""

LEVELS = (1, 2, 3, 4)
"""L1 aware · L2 independent · L3 complex cases · L4 coaches others; 0 means nothing shown yet."""


class Kind(StrEnum):
    """How something was shown; each kind has its own intake."""

    OA = "OA"  # online assessment
    SIM = "SIM"  # simulation
    OS = "OS"  # session at a training base
    SP = "SP"  # supervised practice
    SH = "SH"  # service hours
    AO = "AO"  # assessor observation
    PF = "PF"  # reviewed portfolio
    EC = "EC"  # external certificate


class Role(StrEnum):
    """Which work a person is appointed to."""

    CW = "CW"  # community worker
    GS = "GS"  # grid staff
    VO = "VO"  # volunteer
    ER = "ER"  # emergency information reporter, an overlay on the others


@dataclass(frozen=True)
class Indicator:
    """`name` is the framework's; `said` is the same in a villager's words, None where the name is plain enough."""

    code: str
    name: Text
    said: Text | None = None

    @property
    def plain(self) -> Text:
        return self.said or self.name


@dataclass(frozen=True)
class Competency:
    """`targets` gives a level per tier (T1, T2, T3), None where it asks for none; evidence lasts `valid_months`."""

    code: str
    name: Text
    indicators: tuple[Indicator, ...]
    evidence: frozenset[Kind]
    valid_months: int
    hard_fail: bool = False
    targets: Mapping[Role, tuple[int | None, int | None, int | None]] = field(default_factory=dict)

    @property
    def indicator_codes(self) -> frozenset[str]:
        return frozenset(each.code for each in self.indicators)


@dataclass(frozen=True)
class Domain:
    code: str
    name: Text
    competencies: tuple[Competency, ...]


@dataclass(frozen=True)
class Framework:
    """One version of the framework, in force from a day on until a later version replaces it."""

    version: str
    effective_from: date
    domains: tuple[Domain, ...]

    def __iter__(self) -> Iterator[Competency]:
        return (competency for domain in self.domains for competency in domain.competencies)

    def __contains__(self, code: object) -> bool:
        return any(each.code == code for each in self)

    def competency(self, code: str) -> Competency:
        """Return a competency by its code; KeyError if this version has none."""
        for each in self:
            if each.code == code:
                return each
        raise KeyError(code)

    def has_indicator(self, code: str) -> bool:
        return any(code in each.indicator_codes for each in self)
