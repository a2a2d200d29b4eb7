"""What the levels of a house are called and how their codes are built: data, with the national ladder as its default.

A division code has twelve digits: two for the province, two for the city, two for the county, three for the town, three
for the village, zeros behind. A grid's is its village's and its own number (GB/T 34300).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from banyan.errors import BadInputError

DIVISION = 12  # digits


@dataclass(frozen=True)
class Level:
    """`digits` are how many of a code's count at this level; what follows, up to twelve, is zeros."""

    number: int
    name: Mapping[str, str]
    digits: int

    @property
    def length(self) -> int:
        return max(self.digits, DIVISION)


@dataclass(frozen=True)
class FacilityKind:
    code: str
    name: Mapping[str, str]


@dataclass(frozen=True)
class Outline:
    """The levels, the highest first, and the kinds of facilities a house keeps."""

    levels: tuple[Level, ...]
    facilities: tuple[FacilityKind, ...]

    def level(self, number: int) -> Level | None:
        return next((each for each in self.levels if each.number == number), None)

    def below(self, number: int) -> Level | None:
        """Return the level right below another, None at the foot."""
        return next((each for each in self.levels if each.number > number), None)

    def above(self, number: int) -> Level | None:
        """Return the level right above another, None at the head."""
        return next((each for each in reversed(self.levels) if each.number < number), None)

    def kind(self, code: str) -> FacilityKind | None:
        return next((each for each in self.facilities if each.code == code), None)


def is_division(code: str) -> bool:
    """Say whether a code is meant as a division code: digits only, as long as one or nearly."""
    return code.isascii() and code.isdigit() and len(code) >= DIVISION - 1


def check_code(code: str, number: int, above: str, outline: Outline) -> None:
    """Raise BadInputError where a division code does not fit its level or the code of the unit above.

    What is no division code is the county's own numbering and is let be.
    """
    level, higher = outline.level(number), [each for each in outline.levels if each.number < number]
    if level is None or not is_division(code):
        return
    name = level.name["zh"]
    if len(code) != level.length:
        raise BadInputError("“{code}”有{n}位；{name}的编码应是{length}位", code=code, n=len(code), name=name, length=level.length)
    if set(code[level.digits :]) - {"0"}:
        raise BadInputError("“{code}”不像{name}的编码：第{n}位以后应该都是0", code=code, name=name, n=level.digits)
    digits = higher[-1].digits if higher else 0
    if set(code[digits : level.digits]) == {"0"}:
        raise BadInputError("“{code}”不像{name}的编码：它自己的那几位都是0", code=code, name=name)
    if higher and is_division(above) and code[:digits] != above[:digits]:
        raise BadInputError("“{code}”的前{n}位和上一级的编码{above}不一样", code=code, n=digits, above=above)


def _named(zh: str, en: str) -> Mapping[str, str]:
    return {"zh": zh, "en": en}


STANDARD = Outline(
    levels=(
        Level(1, _named("省", "Province"), 2),
        Level(2, _named("市", "City"), 4),
        Level(3, _named("县", "County"), 6),
        Level(4, _named("乡镇街道", "Town"), 9),
        Level(5, _named("社区村", "Village"), 12),
        Level(6, _named("网格", "Grid"), 15),
    ),
    facilities=(
        FacilityKind("training_base", _named("培训基地", "Training base")),
        FacilityKind("womens_corner", _named("妇女微家", "Women's corner")),
        FacilityKind("health_site", _named("医疗卫生点", "Health site")),
        FacilityKind("service_station", _named("便民服务站", "Service station")),
        FacilityKind("volunteer_post", _named("志愿服务点", "Volunteers' post")),
    ),
)
