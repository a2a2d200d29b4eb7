"""本县设置: what differs by place, as data. Whom to call, what a warning means, which clocks a drill runs by.

Courses say by key what they need; a course that needs what nobody has filled in cannot be published.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from banyan.domain.calendar import add_months


def N_(message: str) -> str:
    """Mark a message that a page translates."""
    return message


class Kind(StrEnum):
    """What a value is; banyan.domain.county_values parses each kind."""

    PHONE = "phone"
    PHONES = "phones"
    CHAIN = "chain"
    WARNINGS = "warnings"
    CLOCKS = "clocks"
    TITLE = "title"
    PICTURE = "picture"
    RULE = "rule"


class Scope(StrEnum):
    """For whom a value stands: the county as a whole, each township its own, or a township's own before the county's."""

    COUNTY = "county"
    EACH_TOWN = "each_town"
    TOWN_OR_COUNTY = "town_or_county"


@dataclass(frozen=True)
class Setting:
    """`name` and `hint` are messages."""

    key: str
    kind: Kind
    scope: Scope
    name: str
    hint: str


INVIGILATION = "invigilation"
SETTINGS = (
    Setting("duty_phone", Kind.PHONE, Scope.EACH_TOWN, N_("镇值班电话"), N_("白天黑夜都有人接的号码，每个镇街各填一个")),
    Setting(
        "clinic_phone",
        Kind.PHONE,
        Scope.TOWN_OR_COUNTY,
        N_("卫生院电话"),
        N_("几个人同时生病时先打给谁；镇街没有填的用全县这一个"),
    ),
    Setting("county_emergency", Kind.PHONE, Scope.COUNTY, N_("县应急值班电话"), N_("镇值班打不通时打这里")),
    Setting("county_cdc", Kind.PHONE, Scope.COUNTY, N_("县疾控电话"), N_("几个人同时生病、卫生院打不通时打这里")),
    Setting("reporting_chain", Kind.CHAIN, Scope.COUNTY, N_("报告顺序"), N_("发现险情以后先打给谁、再打给谁")),
    Setting("other_phones", Kind.PHONES, Scope.TOWN_OR_COUNTY, N_("其他常用电话"), N_("派出所、供电、水利之类；可以不填")),
    Setting(
        "warning_table", Kind.WARNINGS, Scope.COUNTY, N_("暴雨预警怎么办"), N_("四种颜色各是多大的雨、要做什么，照本县的通知填")
    ),
    Setting("drill_clocks", Kind.CLOCKS, Scope.COUNTY, N_("演练掐表"), N_("只用于演练打分；法律说的是“立即”")),
    Setting(
        "certificate_title",
        Kind.TITLE,
        Scope.COUNTY,
        N_("证书名称"),
        N_("不填就用培训项目自己的名称；不能写成国家的证书或职业资格"),
    ),
    Setting("issuer_name", Kind.TITLE, Scope.COUNTY, N_("发证单位"), N_("不填就写县名")),
    Setting("seal", Kind.PICTURE, Scope.COUNTY, N_("印章图片"), N_("印在证书“盖章处”的图片；不放国徽")),
    Setting(
        INVIGILATION,
        Kind.RULE,
        Scope.COUNTY,
        N_("考试要监考"),
        N_("填了，能拿证书的考试都要到监考现场才能开考，课程里没写的也一样；不填就照课程自己的规定"),
    ),
)
"""In the order in which the page shows them."""

BY_KEY: Mapping[str, Setting] = {each.key: each for each in SETTINGS}

SPOKEN = {Kind.PHONE, Kind.CLOCKS}
SHOWN = {Kind.CHAIN, Kind.PHONES, Kind.WARNINGS}
"""What a lesson may say within a sentence, and what takes a paragraph of its own."""
TOLD = tuple(each.key for each in SETTINGS if each.kind in SPOKEN | SHOWN)
"""What courses may name; the rest is between the county and its certificates."""

STALE_AFTER = 12  # months


@dataclass(frozen=True)
class Entry:
    """What stands in a setting: since when, by whose word (`owner` answers for it), `set_on` the day it was last confirmed."""

    value: Any
    source: str
    dated_on: date
    owner: str
    set_on: date

    def is_due(self, today: date) -> bool:
        """Say whether it is time to ask whether it still holds."""
        return add_months(self.set_on, STALE_AFTER) <= today


@dataclass(frozen=True)
class Gap:
    """A setting that is needed and empty: for the township at `path`, "" if one value for the county would do."""

    key: str
    path: str


@dataclass(frozen=True)
class Step:
    """Somebody to call; without a number, somebody to tell in person."""

    who: str
    phone: str


@dataclass(frozen=True)
class CountySettings:
    """All that is filled in, by key and the path of the unit it stands for."""

    entries: Mapping[tuple[str, str], Entry]

    def at(self, key: str, path: str) -> Entry | None:
        """Return what a unit itself says."""
        return self.entries.get((key, path))

    def nearest(self, key: str, path: str) -> Entry | None:
        """Return what holds at a unit: its own word, or that of the nearest one above it."""
        codes = path.strip("/").split("/")
        above = ("/" + "/".join(codes[:depth]) + "/" for depth in range(len(codes), 0, -1))
        return next((found for each in above if (found := self.at(key, each))), None)

    def whole(self, key: str) -> str:
        """Return a text that stands for the county as a whole, "" where nobody has filled it in."""
        return next((str(entry.value) for (each, _), entry in self.entries.items() if each == key), "")

    def for_unit(self, path: str) -> "Place":
        return Place({key: found for key in BY_KEY if (found := self.nearest(key, path))})

    def for_units(self, paths: Iterable[str]) -> "Place":
        """Return what holds for somebody at several units: of each setting the first unit's that has any."""
        held: dict[str, Entry] = {}
        for path in paths:
            held = {**self.for_unit(path).entries, **held}
        return Place(held)

    def missing(self, keys: Iterable[str], towns: Iterable[str]) -> tuple[Gap, ...]:
        """Return what these keys still lack, given the paths of all townships; without any township nobody is called."""
        listed = tuple(towns)
        return tuple(gap for key in keys for gap in self._gaps(key, listed))

    def _gaps(self, key: str, towns: tuple[str, ...]) -> tuple[Gap, ...]:
        lacking = [path for path in towns if self.nearest(key, path) is None]
        if not towns:
            return () if any(each == key for each, _ in self.entries) else (Gap(key, ""),)
        if lacking and (
            BY_KEY[key].scope is Scope.COUNTY or (lacking == list(towns) and BY_KEY[key].scope is not Scope.EACH_TOWN)
        ):
            return (Gap(key, ""),)
        return tuple(Gap(key, path) for path in lacking)


@dataclass(frozen=True)
class Place:
    """What holds at one place."""

    entries: Mapping[str, Entry]

    def value(self, key: str) -> Any:
        """Return a value, None where nobody has filled it in."""
        found = self.entries.get(key)
        return found.value if found else None

    def phone(self, key: str) -> str:
        return str(self.value(key) or "")

    def steps(self, key: str) -> tuple[Step, ...]:
        """Return a chain or a list of numbers, each pointer followed to the number that holds here."""
        lines = self.value(key) or ()
        return tuple(Step(each["who"], self.phone(each["of"]) if "of" in each else each.get("phone", "")) for each in lines)

    @property
    def desk(self) -> tuple[str, str]:
        """Return which desk to ring beside 110, 119 and 120, and its number: the township's, else the county's, else none."""
        return next(((key, found) for key in ("duty_phone", "county_emergency") if (found := self.phone(key))), ("", ""))


NOWHERE = Place({})
