"""content/intakes.yaml: what counts in service hours and documents, each with the rule it follows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from banyan.courseware.faults import Faults, told
from banyan.courseware.fit import fit
from banyan.courseware.manifest import Level, Text
from banyan.courseware.yaml_source import Place, Source, read
from banyan.domain.documents import Document
from banyan.domain.framework import Framework
from banyan.domain.service import ServiceKind, ServiceRules
from banyan.errors import CourseError
from grading.questions.item import Fitting, Misfit, Words

FILE = "intakes.yaml"
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Hours = Annotated[int, Field(ge=1, le=10000)]


@dataclass(frozen=True)
class Intakes:
    """What the rules of intake are: service by kind, documents by code."""

    service: ServiceRules = field(default_factory=ServiceRules)
    documents: tuple[Document, ...] = ()


class Stars(Fitting):
    source: Words
    hours: Annotated[tuple[Hours, ...], Field(min_length=1, max_length=10)]

    def misfits(self) -> Iterator[Misfit]:
        if list(self.hours) != sorted(set(self.hours)):
            yield Misfit(("hours",), "每一星的小时数要一个比一个多", "从小到大写，不重复")


class KindEntry(Fitting):
    name: Text
    competency: str
    hours: Hours


class Service(Fitting):
    source: Words
    kinds: dict[Name, KindEntry]


class DocumentEntry(Fitting):
    name: Text
    competency: str
    shows: Annotated[tuple[str, ...], Field(min_length=1)]
    level: Level
    source: Words


class IntakesFile(Fitting):
    stars: Stars
    service: Service
    documents: dict[Name, DocumentEntry]


def open_intakes(root: Path, framework: Framework) -> Intakes:
    """Return the rules of intake, or raise CourseError; a home from before there were any has none."""
    if not (root / FILE).exists():
        return Intakes()
    faults: Faults = []
    source = read(root / FILE, f"{root.name}/{FILE}", faults)
    file = fit(IntakesFile, source, faults) if source else None
    if source and file:
        _check(file, source, framework, faults)
    if faults or file is None:
        raise CourseError(told(faults))
    return _built(file)


def _check(file: IntakesFile, source: Source, framework: Framework, faults: Faults) -> None:
    wanted: list[tuple[Place, str]] = [(("service", "kinds", code), each.competency) for code, each in file.service.kinds.items()]
    wanted += [(("documents", code), each.competency) for code, each in file.documents.items()]
    for place, competency in wanted:
        if competency not in framework:
            faults.append(source.fault((*place, "competency"), f"能力框架里没有 {competency}", "改成已有的能力，例如 C5.4"))
    for code, each in file.documents.items():
        known = framework.competency(each.competency).indicator_codes if each.competency in framework else frozenset(each.shows)
        for foreign in sorted(set(each.shows) - known):
            faults.append(source.fault(("documents", code, "shows"), f"{each.competency} 没有 {foreign}", "改成它的指标"))


def _built(file: IntakesFile) -> Intakes:
    kinds = {
        code: ServiceKind(code, each.name.model_dump(), each.competency, each.hours) for code, each in file.service.kinds.items()
    }
    documents = [
        Document(code, each.name.model_dump(), each.competency, frozenset(each.shows), each.level, each.source)
        for code, each in file.documents.items()
    ]
    return Intakes(ServiceRules(kinds, file.stars.hours, file.stars.source, file.service.source), tuple(documents))
