"""content/framework.yaml: the competency framework, read into the types the rules are written in."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from banyan.courseware.faults import Faults
from banyan.courseware.fit import fit
from banyan.courseware.manifest import Level, Text
from banyan.courseware.yaml_source import read
from banyan.domain import framework as domain
from grading.questions.item import Fitting, Misfit, Words

KindName = Literal["OA", "SIM", "OS", "SP", "SH", "AO", "PF", "EC"]
RoleName = Literal["CW", "GS", "VO", "ER"]
Letter = Annotated[str, Field(pattern=r"^[a-z]$")]


class IndicatorEntry(Text):
    """`plain` says in a villager's words what `zh` says in an official's; where those are plain, there is none."""

    plain: Words | None = None

    def built(self, code: str) -> domain.Indicator:
        name = {"zh": self.zh, "en": self.en}
        return domain.Indicator(code, name, name | {"zh": self.plain} if self.plain else None)


class CompetencyEntry(Fitting):
    code: Annotated[str, Field(pattern=r"^C\d{1,2}\.\d{1,2}$")]
    name: Text
    targets: dict[RoleName, tuple[Level | None, Level | None, Level | None]]
    evidence: Annotated[tuple[KindName, ...], Field(min_length=1)]
    valid_months: Annotated[int, Field(ge=1, le=120)]
    hard_fail: bool
    indicators: Annotated[dict[Letter, IndicatorEntry], Field(min_length=1)]

    def built(self) -> domain.Competency:
        return domain.Competency(
            code=self.code,
            name=self.name.model_dump(),
            indicators=tuple(each.built(f"{self.code}.{key}") for key, each in self.indicators.items()),
            evidence=frozenset(domain.Kind(each) for each in self.evidence),
            valid_months=self.valid_months,
            hard_fail=self.hard_fail,
            targets={domain.Role(role): levels for role, levels in self.targets.items()},
        )


class DomainEntry(Fitting):
    code: Annotated[str, Field(pattern=r"^D\d{1,2}$")]
    name: Text
    competencies: Annotated[tuple[CompetencyEntry, ...], Field(min_length=1)]


class FrameworkFile(Fitting):
    version: Annotated[str, Field(pattern=r"^\d{4}\.\d{1,3}$")]
    effective_from: date
    domains: Annotated[tuple[DomainEntry, ...], Field(min_length=1)]

    def misfits(self) -> Iterator[Misfit]:
        seen: set[str] = set()
        for number, each in enumerate(self.domains):
            for place, competency in enumerate(each.competencies):
                if competency.code in seen:
                    where = ("domains", number, "competencies", place, "code")
                    yield Misfit(where, f"{competency.code} 写了两次", "改成各自的编号")
                seen.add(competency.code)

    def built(self) -> domain.Framework:
        domains = (
            domain.Domain(each.code, each.name.model_dump(), tuple(one.built() for one in each.competencies))
            for each in self.domains
        )
        return domain.Framework(self.version, self.effective_from, tuple(domains))


def load_framework(path: Path, file: str, faults: Faults) -> domain.Framework | None:
    """Return the framework a file states, or None with what is wrong with it."""
    source = read(path, file, faults)
    entry = fit(FrameworkFile, source, faults) if source else None
    return entry.built() if entry else None
