"""content/retention.yaml: how long each kind of data is kept, and by which rule."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field

from banyan.courseware.faults import Faults, told
from banyan.courseware.fit import fit
from banyan.courseware.manifest import Text
from banyan.courseware.yaml_source import read
from banyan.domain.retention import STANDARD, Keep, Period, Retention
from banyan.errors import CourseError
from grading.questions.item import Fitting, Misfit

FILE = "retention.yaml"
LEAST_ACCESS = 6
"""Months, by the Cybersecurity Law, art. 21."""


class PeriodEntry(Fitting):
    ground: Text
    months: Annotated[int, Field(ge=1, le=1200)] | None = None
    never: bool = False

    def misfits(self) -> Iterator[Misfit]:
        if self.never == (self.months is not None):
            yield Misfit(("months",), "要写 months，或者 never: true，只写一样", "不删的写 never: true，其余写几个月")


class RetentionFile(Fitting):
    identity: PeriodEntry
    learning: PeriodEntry
    access: PeriodEntry
    answers: PeriodEntry
    photos: PeriodEntry
    facts: PeriodEntry

    def misfits(self) -> Iterator[Misfit]:
        if self.access.months is not None and self.access.months < LEAST_ACCESS:
            yield Misfit(("access", "months"), "登录的记录不能少于 6 个月（网络安全法第二十一条）", "写 6 或更大")
        if not self.facts.never:
            yield Misfit(("facts",), "证书和它的依据不能按期删", "写 never: true")


def open_retention(root: Path) -> Retention:
    """Return the periods, or raise CourseError; a home from before there were any has the standard ones."""
    if not (root / FILE).exists():
        return STANDARD
    faults: Faults = []
    source = read(root / FILE, f"{root.name}/{FILE}", faults)
    file = fit(RetentionFile, source, faults) if source else None
    if faults or file is None:
        raise CourseError(told(faults))
    entries = {keep: getattr(file, keep) for keep in Keep}
    return Retention({keep: Period(keep, each.months, each.ground.model_dump()) for keep, each in entries.items()})
