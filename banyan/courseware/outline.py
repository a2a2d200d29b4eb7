"""content/organisation.yaml: what the levels are called, how codes are built, which kinds of facilities there are."""

from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import Field

from banyan.courseware.faults import Faults, told
from banyan.courseware.fit import fit
from banyan.courseware.manifest import Text
from banyan.courseware.yaml_source import read
from banyan.domain import outline as domain
from banyan.errors import CourseError
from grading.questions.item import Fitting

FILE = "organisation.yaml"
NEEDED = (3, 4, 5, 6)  # what rosters and readiness speak of


class LevelEntry(Text):
    number: Annotated[int, Field(ge=1, le=9)]
    digits: Annotated[int, Field(ge=1, le=20)]


class FacilityEntry(Text):
    code: Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,19}$")]


class OutlineFile(Fitting):
    levels: Annotated[tuple[LevelEntry, ...], Field(min_length=len(NEEDED))]
    facilities: Annotated[tuple[FacilityEntry, ...], Field(min_length=1)]

    def built(self) -> domain.Outline:
        return domain.Outline(
            tuple(domain.Level(each.number, {"zh": each.zh, "en": each.en}, each.digits) for each in self.levels),
            tuple(domain.FacilityKind(each.code, {"zh": each.zh, "en": each.en}) for each in self.facilities),
        )


def load_outline(path: Path, file: str, faults: Faults) -> domain.Outline:
    """Return the outline a file states, the standard one where there is none, and note what is wrong with it."""
    if not path.exists():
        return domain.STANDARD
    source = read(path, file, faults)
    found = fit(OutlineFile, source, faults) if source else None
    if source is None or found is None:
        return domain.STANDARD
    numbers, digits = [each.number for each in found.levels], [each.digits for each in found.levels]
    if any(a >= b for row in (numbers, digits) for a, b in pairwise(row)) or not set(NEEDED) <= set(numbers):
        remedy = "从高到低写，number 和 digits 一级比一级大，而且 3、4、5、6 都要有"
        faults.append(source.fault(("levels",), "级别的次序不对", remedy))
    codes = [each.code for each in found.facilities]
    if len(codes) > len(set(codes)):
        faults.append(source.fault(("facilities",), "有两类设施的 code 一样", "每一类用一个自己的 code"))
    return found.built()


def open_outline(root: Path) -> domain.Outline:
    """Return the outline that a content folder states, or raise CourseError."""
    faults: Faults = []
    found = load_outline(root / FILE, f"{root.name}/{FILE}", faults)
    if faults:
        raise CourseError(told(faults))
    return found
