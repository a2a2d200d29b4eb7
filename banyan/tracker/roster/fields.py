"""What a column may hold, and the names counties give it; what was matched by hand is remembered and comes first."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from banyan.tracker.roster.cells import plain


class Field(StrEnum):
    NAME = "name"
    STAFF_NUMBER = "staff_number"
    PHONE = "phone"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    COMMUNITY = "community"
    GRID = "grid"
    UNIT = "unit"  # all of the place in one cell
    CODE = "code"  # of the unit nearest the grid
    TOWN_CODE = "town_code"
    COMMUNITY_CODE = "community_code"
    POST = "post"
    ROLE = "role"
    FULL_TIME = "full_time"
    GRADE = "grade"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    ID_CARD = "id_card"  # known, and left out


TITLES: Mapping[Field, str] = {
    Field.STAFF_NUMBER: "工号",
    Field.NAME: "姓名",
    Field.PHONE: "手机",
    Field.CITY: "市",
    Field.COUNTY: "县区",
    Field.TOWN: "镇街",
    Field.COMMUNITY: "村社区",
    Field.GRID: "网格",
    Field.UNIT: "单位（写全）",
    Field.CODE: "单位编码",
    Field.TOWN_CODE: "镇街编码",
    Field.COMMUNITY_CODE: "村社区编码",
    Field.POST: "岗位",
    Field.ROLE: "人员类别",
    Field.FULL_TIME: "专兼职",
    Field.GRADE: "岗位等级",
    Field.STARTS_ON: "任职时间",
    Field.ENDS_ON: "任职到",
}
"""What a column is called on the page and in our own sheets, in the order a person is asked."""

PLACES = (Field.TOWN, Field.COMMUNITY, Field.GRID, Field.UNIT, Field.CODE)

NAMES: Mapping[Field, str] = {
    Field.NAME: "姓名 名字 人员 人员姓名 成员姓名 员工姓名 网格员 name fullname",
    Field.STAFF_NUMBER: "工号 编号 人员编号 人员工号 员工编号 员工号 工作证号 工作证编号 staffnumber staffno employeenumber",
    Field.PHONE: "手机 手机号 手机号码 联系手机 移动电话 联系电话 电话 "
    "电话号码 联系方式 联系号码 phone phonenumber mobile mobilenumber",
    Field.CITY: "市 地市 设区市 地级市 市州 城市 city",
    Field.COUNTY: "县 县区 区县 县市区 市县区 县市 所在县 所在区县 county district",
    Field.TOWN: "镇街 镇街道 街镇 乡镇 乡镇街道 镇乡 镇乡街道 镇 街道 镇街名称 乡镇名称 街道名称 town township townorstreet",
    Field.COMMUNITY: "村社区 村居 村居社区 村 社区 行政村 行政村社区 社区村 "
    "村名 村社区名称 社区名称 村委会 居委会 community village",
    Field.GRID: "网格 网格名称 网格名 基础网格 专属网格 grid gridname",
    Field.UNIT: "单位 单位名称 单位写全 工作单位 服务单位 unit workplace",
    Field.CODE: "网格编码 网格编号 网格代码 网格号 单位编码 单位代码 gridcode unitcode",
    Field.TOWN_CODE: "镇街编码 乡镇编码 镇街代码 乡镇代码 街道编码 towncode",
    Field.COMMUNITY_CODE: "村社区编码 村编码 社区编码 村社区代码 communitycode",
    Field.POST: "岗位 职务 岗位职务 职务岗位 岗位名称 职位 工作岗位 post position jobtitle",
    Field.ROLE: "人员类别 人员类型 队伍类别 人员身份 岗位类别 岗位类型 role category",
    Field.FULL_TIME: "专兼职 专职兼职 专职或兼职 是否专职 用工性质 用工形式 fulltime fullorparttime",
    Field.GRADE: "岗位等级 岗位级别 岗位职级 职级 岗级 三岗十八级 grade postgrade",
    Field.STARTS_ON: "任职时间 任职日期 上岗时间 上岗日期 聘用时间 聘用日期 入职时间 "
    "入职日期 到岗时间 开始时间 startdate startedon since",
    Field.ENDS_ON: "任职到 任职至 任期到 任期至 任期届满 聘期到 聘期至 离任时间 离任日期 结束时间 结束日期 enddate endson until",
    Field.ID_CARD: "身份证 身份证号 身份证号码 公民身份号码 公民身份证号 公民身份证号码 "
    "证件号 证件号码 idcard idnumber idcardnumber",
}
KNOWN = {name: field for field, names in NAMES.items() for name in names.split()}
BRACKETS = re.compile(r"[(\[【<{][^)\]】>}]*[)\]】>}]")
PREFIX = re.compile(r"^(所属|所在|责任|现任|现|本人|网格员|人员|服务|负责|任职)")


def key_of(title: str) -> str:
    """Return a header as it is compared and remembered: no blanks, stars, colons; its line breaks do not matter."""
    return re.sub(r"[*:·、/\\\-_.\"'‘’“”]", "", plain(title))[:120]


def field_of(title: str, remembered: Mapping[str, str]) -> Field | None:
    """Return what a header names; of a header of two lines the lower may speak alone."""
    whole = key_of(title)
    if whole in remembered:
        return Field(remembered[whole]) if remembered[whole] else None
    for words in dict.fromkeys((title, title.rsplit("\n", 1)[-1])):
        for variant in _variants(words):
            if variant in KNOWN:
                return KNOWN[variant]
    return None


def match(titles: Sequence[str], remembered: Mapping[str, str]) -> dict[int, Field]:
    """Return the field of each column that has one; of two columns for one field, the one matched by hand, then the left."""
    found: dict[int, Field] = {}
    for column in sorted(range(len(titles)), key=lambda each: key_of(titles[each]) not in remembered):
        field = field_of(titles[column], remembered) if titles[column] else None
        if field and (field is Field.ID_CARD or field not in found.values()):
            found[column] = field
    return dict(sorted(found.items()))


def _variants(title: str) -> list[str]:
    flat, bare = key_of(re.sub(r"[()\[\]【】<>{}]", "", plain(title))), key_of(BRACKETS.sub("", plain(title)))
    return [each for whole in (flat, bare) for each in (whole, PREFIX.sub("", whole))]
