"""The county at a glance: every number on the page is counted from the very lines the page lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from banyan.domain.organisation import UnitLevel
from banyan.domain.readiness import Stage
from banyan.tracker.reports import GridLine

SOON = "soon"
"""The reason of a grid that is covered, but not for long."""


def reason(line: GridLine, today: date) -> str:
    """Return why a grid needs somebody's attention, as it stands in addresses; "" if it does not."""
    if line.coverage.covered:
        return SOON if line.coverage.lapses_soon(today) else ""
    return line.coverage.stage.name.lower()


REASONS = (*(stage.name.lower() for stage in Stage if stage is not Stage.QUALIFIED), SOON)


def town_code(line: GridLine) -> str:
    """Return the code of the town a grid lies in, whichever unit the tree begins with."""
    return line.unit.path.strip("/").split("/")[UnitLevel.TOWN - UnitLevel.GRID - 1]


@dataclass(frozen=True)
class Town:
    code: str
    name: str
    lines: tuple[GridLine, ...]
    today: date

    @property
    def covered(self) -> int:
        return sum(line.coverage.covered for line in self.lines)

    @property
    def bare(self) -> int:
        return len(self.lines) - self.covered

    @property
    def soon(self) -> int:
        return sum(line.coverage.lapses_soon(self.today) for line in self.lines)

    @property
    def squares(self) -> tuple[str, ...]:
        """Return one word a grid for the picture: good, due or lost."""
        words = {"": "good", SOON: "due"}
        return tuple(words.get(reason(line, self.today), "lost") for line in self.lines)


@dataclass(frozen=True)
class Survey:
    """All grids of a subtree on a day."""

    lines: Sequence[GridLine]
    today: date

    @cached_property
    def towns(self) -> tuple[Town, ...]:
        """Return the towns in the order of codes."""
        groups: dict[str, list[GridLine]] = {}
        for line in self.lines:
            groups.setdefault(town_code(line), []).append(line)
        return tuple(Town(code, lines[0].place[0], tuple(lines), self.today) for code, lines in groups.items())

    @cached_property
    def bare(self) -> int:
        return sum(not line.coverage.covered for line in self.lines)

    @cached_property
    def soon(self) -> int:
        return sum(line.coverage.lapses_soon(self.today) for line in self.lines)

    def counts(self, town: str = "") -> dict[str, int]:
        """Return how many grids each reason holds for, in the order of REASONS, in one town or in all."""
        found = [reason(line, self.today) for line in self.picked(town, "")]
        return {each: found.count(each) for each in REASONS if each in found}

    def picked(self, town: str, why: str) -> tuple[GridLine, ...]:
        """Return the lines of a town (all if "") for a reason; without one, the grids that have nobody qualified."""
        return tuple(
            line
            for line in self.lines
            if (not town or town_code(line) == town) and (reason(line, self.today) == why if why else not line.coverage.covered)
        )
