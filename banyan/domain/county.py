"""本县设置: what differs by place, as data. Whom to call, what a warning means, which clocks a drill runs by.

Courses say by key what they need; a course that needs what nobody has filled in cannot be published.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a value is; banyan.domain.county_values parses each kind."""

    PHONE = "phone"
    PHONES = "phones"
    CHAIN = "chain"
    WARNINGS = "warnings"
    CLOCKS = "clocks"
    TITLE = "title"
    PICTURE = "picture"


class Scope(StrEnum):
    """For whom a value stands: the county as a whole, each township its own, or a township's own before the county's."""

    COUNTY = "county"
    EACH_TOWN = "each_town"
    TOWN_OR_COUNTY = "town_or_county"


@dataclass(frozen=True)
class Setting:
    """`name` and `hint` are messages; `example` stands in the empty field."""

    key: str
    kind: Kind
    scope: Scope
    name: str
    hint: str
    example: str = ""


SETTINGS = (
    Setting("duty_phone", Kind.PHONE, Scope.EACH_TOWN, "镇值班电话", "白天黑夜都有人接的号码，每个镇街各填一个"),
    Setting("clinic_phone", Kind.PHONE, Scope.TOWN_OR_COUNTY, "卫生院电话", "几个人同时生病时先打给谁；镇街没有填的用全县这一个"),
    Setting("county_emergency", Kind.PHONE, Scope.COUNTY, "县应急值班电话", "镇值班打不通时打这里"),
    Setting("county_cdc", Kind.PHONE, Scope.COUNTY, "县疾控电话", "几个人同时生病、卫生院打不通时打这里"),
    Setting("reporting_chain", Kind.CHAIN, Scope.COUNTY, "报告顺序", "发现险情以后先打给谁、再打给谁"),
    Setting("other_phones", Kind.PHONES, Scope.TOWN_OR_COUNTY, "其他常用电话", "派出所、供电、水利之类；可以不填"),
    Setting("warning_table", Kind.WARNINGS, Scope.COUNTY, "暴雨预警怎么办", "四种颜色各是多大的雨、要做什么，照本县的通知填"),
    Setting("drill_clocks", Kind.CLOCKS, Scope.COUNTY, "演练掐表", "只用于演练打分；法律说的是“立即”"),
    Setting(
        "certificate_title", Kind.TITLE, Scope.COUNTY, "证书名称", "不填就用培训项目自己的名称；不能写成国家的证书或职业资格"
    ),
    Setting("issuer_name", Kind.TITLE, Scope.COUNTY, "发证单位", "不填就写县名"),
    Setting("seal", Kind.PICTURE, Scope.COUNTY, "印章图片", "印在证书“盖章处”的图片；不放国徽"),
)
"""In the order in which the page shows them."""

BY_KEY: Mapping[str, Setting] = {each.key: each for each in SETTINGS}

SPOKEN = {Kind.PHONE, Kind.CLOCKS}
SHOWN = {Kind.CHAIN, Kind.PHONES, Kind.WARNINGS}
"""What a lesson may say within a sentence, and what takes a paragraph of its own."""
TOLD = tuple(each.key for each in SETTINGS if each.kind in SPOKEN | SHOWN)
"""What courses may name; the rest is between the county and its certificates."""
