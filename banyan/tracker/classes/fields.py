"""What a report on a class can say: of the class as a whole, and of each person; and by which words a form asks for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


def N_(message: str) -> str:
    """Mark a message that a page translates."""
    return message


class Field(StrEnum):
    """Those of a person begin with `p_`, those of a class with `c_`."""

    INDEX = "p_index"
    NAME = "p_name"
    NUMBER = "p_number"
    PHONE = "p_phone"
    PLACE = "p_place"
    POST = "p_post"
    MINUTES = "p_minutes"
    HOURS = "p_hours"
    ONLINE = "p_online"
    ALL_HOURS = "p_all_hours"
    PERCENT = "p_percent"
    ENOUGH = "p_enough"
    SCORE = "p_score"
    PASSED = "p_passed"
    EXAM_DAY = "p_exam_day"
    SERIAL = "p_serial"
    ISSUED = "p_issued"
    EXPIRES = "p_expires"
    TITLE = "c_title"
    COURSE = "c_course"
    FILED_AS = "c_filed_as"
    SITE = "c_site"
    BEGINS = "c_begins"
    ENDS = "c_ends"
    DAYS = "c_days"
    CLASS_HOURS = "c_hours"
    HOST = "c_host"
    CONTACT = "c_contact"
    TRAINER = "c_trainer"
    INVITED = "c_invited"
    CAME = "c_came"
    ENOUGH_COUNT = "c_enough"
    SAT = "c_sat"
    PASSED_COUNT = "c_passed"
    CERTIFIED = "c_certified"
    RATE = "c_rate"
    REPORTED_ON = "c_reported_on"

    @property
    def is_person(self) -> bool:
        return self.value.startswith("p_")


@dataclass(frozen=True)
class Asked:
    """`name` is a message for the form, `words` how provinces write it, the most usual first."""

    name: str
    words: tuple[str, ...]


FIELDS: Mapping[Field, Asked] = {
    Field.INDEX: Asked(N_("序号"), ("序号", "编号", "序")),
    Field.NAME: Asked(N_("姓名"), ("姓名", "学员姓名", "参训人员", "人员姓名")),
    Field.NUMBER: Asked(N_("工号"), ("工号", "人员编号", "学号")),
    Field.PHONE: Asked(N_("手机号"), ("手机号", "手机号码", "联系电话", "联系方式", "电话", "手机")),
    Field.PLACE: Asked(N_("单位"), ("单位", "工作单位", "所在单位", "所属单位", "所在村社区", "村社区", "所在网格", "镇街")),
    Field.POST: Asked(N_("岗位"), ("岗位", "职务", "职务岗位", "工作岗位", "身份", "人员类别")),
    Field.MINUTES: Asked(N_("到场几分钟"), ("到场分钟", "出勤分钟", "参训时长", "到课时长")),
    Field.HOURS: Asked(N_("现场学时"), ("学时", "现场学时", "面授学时", "完成学时", "获得学时", "集中学时")),
    Field.ONLINE: Asked(N_("线上学时"), ("线上学时", "网络学时", "在线学时", "自学学时")),
    Field.ALL_HOURS: Asked(N_("合计学时"), ("总学时", "合计学时", "学时合计", "累计学时")),
    Field.PERCENT: Asked(N_("到场百分之几"), ("出勤率", "到课率", "到场率")),
    Field.ENOUGH: Asked(N_("到够八成没有"), ("是否到够八成", "出勤是否合格", "考勤结果", "考勤", "出勤情况", "签到")),
    Field.SCORE: Asked(N_("考试得分"), ("成绩", "考试成绩", "得分", "分数", "理论成绩", "考核成绩")),
    Field.PASSED: Asked(N_("考试合格没有"), ("是否合格", "考核结果", "结果", "考试结果", "合格")),
    Field.EXAM_DAY: Asked(N_("考试日期"), ("考试日期", "考核日期", "考试时间", "考核时间")),
    Field.SERIAL: Asked(N_("证书编号"), ("证书编号", "证书号", "证书号码", "合格证编号")),
    Field.ISSUED: Asked(N_("发证日期"), ("发证日期", "发证时间", "颁发日期")),
    Field.EXPIRES: Asked(N_("证书有效到"), ("有效期", "有效期至", "证书有效期", "有效期限", "有效到")),
    Field.TITLE: Asked(N_("这一期叫什么"), ("培训名称", "培训班名称", "班次名称", "班级名称", "培训班", "期次名称", "培训项目")),
    Field.COURSE: Asked(N_("课程"), ("课程", "课程名称", "培训课程", "培训内容")),
    Field.FILED_AS: Asked(N_("通知文号"), ("文号", "通知文号", "期次", "期号", "期数", "培训期次")),
    Field.SITE: Asked(N_("在哪里办"), ("地点", "培训地点", "举办地点", "上课地点")),
    Field.BEGINS: Asked(N_("第一天"), ("开始日期", "开班日期", "开始时间", "开班时间", "培训日期")),
    Field.ENDS: Asked(N_("最后一天"), ("结束日期", "结业日期", "结束时间", "结业时间")),
    Field.DAYS: Asked(N_("从哪天到哪天"), ("时间", "培训时间", "起止时间", "培训起止时间", "举办时间", "日期")),
    Field.CLASS_HOURS: Asked(N_("这一期多少学时"), ("培训学时", "计划学时", "课时", "总课时")),
    Field.HOST: Asked(N_("谁办的"), ("主办单位", "举办单位", "填报单位", "承办单位", "培训单位", "组织单位", "县区")),
    Field.CONTACT: Asked(N_("联系人"), ("联系人", "联系人及电话")),
    Field.TRAINER: Asked(
        N_("定这一期的老师"), ("老师", "授课教师", "授课老师", "培训老师", "负责人", "填表人", "填报人", "讲师")
    ),
    Field.INVITED: Asked(N_("应到人数"), ("应到人数", "应到", "参训人数", "培训人数", "计划人数", "人数")),
    Field.CAME: Asked(N_("实到人数"), ("实到人数", "实到", "到课人数", "出勤人数")),
    Field.ENOUGH_COUNT: Asked(N_("到够八成的人数"), ("到够八成人数", "考勤合格人数", "出勤合格人数")),
    Field.SAT: Asked(N_("参加考试人数"), ("参考人数", "考试人数", "参加考试人数", "参考")),
    Field.PASSED_COUNT: Asked(N_("考试合格人数"), ("合格人数", "考试合格人数", "考核合格人数")),
    Field.CERTIFIED: Asked(N_("发证人数"), ("发证人数", "发证数", "颁证人数", "取证人数")),
    Field.RATE: Asked(N_("合格率"), ("合格率", "考试合格率", "考核合格率")),
    Field.REPORTED_ON: Asked(N_("填表日期"), ("填表日期", "填报日期", "填表时间", "填报时间", "上报日期")),
}


def plain(text: str) -> str:
    """Return a label without what differs between two hands: spaces, colons, stars, what stands in brackets."""
    return re.sub(r"[\s*：:、/／·_\-—（(][^（(]*?[）)]|[\s*：:、/／·_\-—]", "", text)


OTHERWISE = ("不", "未", "没", "缺", "补", "实操")
"""What makes of a label the opposite of what it ends with, or something else altogether."""
BARE = {"人数", "成绩", "得分", "分数", "结果", "合格", "时间", "日期"}
"""Words that say of what only by what stands before them."""


def guess(label: str, person: bool) -> Field | None:
    """Return what a label asks for: said exactly so, or ending with it; None where it is anybody's guess.

    A wrong figure in a form that is reported is worse than an empty cell.
    """
    asked = plain(label)
    mine = [(field, word) for field, each in FIELDS.items() if field.is_person == person for word in each.words]
    exact = next((field for field, word in mine if word == asked), None)
    near = [(len(word), field) for field, word in mine if len(word) > 1 and word not in BARE and asked.endswith(word)]
    if exact or not near:
        return exact
    length, field = max(near, key=lambda each: each[0])
    return None if is_otherwise(asked[:-length]) else field


def is_otherwise(before: str) -> bool:
    """Say whether what stands before or above a word turns it into something we do not have."""
    return any(each in before for each in OTHERWISE)
