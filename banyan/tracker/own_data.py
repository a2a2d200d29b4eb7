"""Everything the records hold of one person, for them to read and to take away.

Each table says what of it a person may see of themselves, column by column: a new column is shown to nobody until it is
named here, and a new table fails a test until it stands in PARTS or in NOT_OF_LEARNERS. Left out are secrets, the names of
those who acted, and what would give an exam's keys away: which answer earned what.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, Table, select
from sqlalchemy.orm import Session

from banyan.domain.examination import State
from banyan.domain.retention import Keep
from banyan.records.base import Base
from banyan.words.language import N_

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Part:
    """One kind of data: what it is, what for (messages), by which period it is kept, and which columns are shown as what.

    `through` leads from the table to the person: tables in between, from the person's side. `final` is shown only once the
    submission has its final result: what a first marker gave is nobody's to read before.
    """

    table: str
    name: str
    purpose: str
    keep: Keep
    columns: tuple[tuple[str, str], ...]
    through: tuple[str, ...] = ()
    final: bool = False


@dataclass(frozen=True)
class Held:
    """A part with one person's rows, in the order they were written; values as the records hold them."""

    part: Part
    rows: tuple[Row, ...]


LEARNING = N_("学到哪里了，接着学")
EXAMS = N_("考试、评分和复核的依据")
PROOF = N_("证明您会什么，供单位和持证查验的人核对")
ACCESS = N_("让您，而且只让您，进得来")
COURSE, WHEN = ("course", N_("课程")), N_("时间")

PARTS = (
    Part("person", N_("您是谁"), N_("认得您，联系得上您"), Keep.IDENTITY, (
        ("staff_number", N_("工号")), ("name", N_("姓名")), ("phone", N_("手机号")), ("created_at", N_("登记时间")),
        ("entered_at", N_("首次进来的时间")), ("left_on", N_("离开")), ("language", N_("文字")), ("text_size", N_("字号")))),
    Part("appointment", N_("岗位"), N_("知道您在哪里、做什么，该学什么"), Keep.FACTS, (
        ("role", N_("工作")), ("post", N_("岗位名称")), ("grade", N_("级别")), ("full_time", N_("专职")),
        ("starts_on", N_("从")), ("ends_on", N_("到")))),
    Part("charge", N_("职责"), N_("知道您能办什么"), Keep.FACTS, (
        ("duty", N_("职责名称")), COURSE, ("starts_on", N_("从")), ("ends_on", N_("到")))),
    Part("assignment", N_("布置给您的培训"), LEARNING, Keep.LEARNING, (
        ("programme", N_("培训")), ("due_on", N_("最晚")), ("assigned_at", WHEN))),
    Part("withdrawal", N_("撤回的培训"), LEARNING, Keep.LEARNING, (
        ("programme", N_("培训")), ("reason", N_("原因")), ("withdrawn_at", WHEN))),
    Part("reminder", N_("催办"), LEARNING, Keep.LEARNING, (("programme", N_("培训")), ("reminded_at", WHEN))),
    Part("step_done", N_("学过的步骤"), LEARNING, Keep.LEARNING, (
        COURSE, ("lesson", N_("课")), ("step", N_("步")), ("done_at", WHEN))),
    Part("practice_answer", N_("练习题的回答"), LEARNING, Keep.LEARNING, (
        COURSE, ("lesson", N_("课")), ("question", N_("题")), ("value", N_("回答")), ("right", N_("对不对")),
        ("answered_at", WHEN))),
    Part("first_answer", N_("每日三题"), LEARNING, Keep.LEARNING, (
        COURSE, ("question", N_("题")), ("day", N_("哪天")), ("right", N_("对不对")))),
    Part("concern", N_("您提的问题"), N_("把题目和课文改好"), Keep.LEARNING, (
        COURSE, ("words", N_("您写的")), ("raised_at", WHEN), ("answer", N_("答复")), ("answered_at", N_("答复时间")))),
    Part("attempt", N_("考试"), EXAMS, Keep.FACTS, (
        COURSE, ("number", N_("第几次")), ("started_at", N_("开始")), ("deadline_at", N_("最晚")), ("submitted_at", N_("交卷")))),
    Part("answer", N_("考试的回答"), EXAMS, Keep.ANSWERS, (
        ("attempt_id", N_("考试")), ("slot", N_("题")), ("value", N_("回答")), ("saved_at", WHEN)), ("attempt",)),
    Part("case_step", N_("考试里演练的每一步"), EXAMS, Keep.ANSWERS, (
        ("attempt_id", N_("考试")), ("number", N_("第几步")), ("choice", N_("选择")), ("taken_at", WHEN)), ("attempt",)),
    Part("answer_file", N_("考试里交的照片和文件"), EXAMS, Keep.PHOTOS, (
        ("attempt_id", N_("考试")), ("slot", N_("题")), ("bytes", N_("大小（字节）")), ("sent_at", WHEN)), ("attempt",)),
    Part("submission", N_("交上的答卷和成绩"), EXAMS, Keep.FACTS, (
        ("attempt_id", N_("考试")), ("submitted_at", N_("交卷")), ("score", N_("得分")), ("total", N_("满分")),
        ("passed", N_("通过")), ("graded_at", N_("评完")), ("receipt", N_("回执"))), ("attempt",)),
    Part("mark", N_("老师给的分和评语"), EXAMS, Keep.FACTS, (
        ("submission_id", N_("答卷")), ("points", N_("得分")), ("comment", N_("评语")), ("marked_at", WHEN)),
        ("attempt", "submission"), final=True),
    Part("appeal", N_("您请求的复核"), EXAMS, Keep.FACTS, (
        ("submission_id", N_("答卷")), ("reason", N_("您写的")), ("asked_at", WHEN), ("answer", N_("答复")),
        ("answered_at", N_("答复时间"))), ("attempt", "submission")),
    Part("corrected_result", N_("更正过的成绩"), EXAMS, Keep.FACTS, (
        ("submission_id", N_("答卷")), ("score_before", N_("原来得分")), ("score_after", N_("更正后得分")),
        ("done_at", WHEN)), ("attempt", "submission")),
    Part("exam_presence", N_("考场签到"), EXAMS, Keep.FACTS, (("ticked_at", WHEN),)),
    Part("extra_time", N_("给您延长的考试时间"), EXAMS, Keep.FACTS, (
        COURSE, ("factor", N_("倍数")), ("reason", N_("原因")), ("given_at", WHEN), ("taken_back_at", N_("收回")))),
    Part("second_chance", N_("给您加的考试机会"), EXAMS, Keep.FACTS, (COURSE, ("reason", N_("原因")), ("given_at", WHEN))),
    Part("task_submission", N_("交上的编程作业"), EXAMS, Keep.FACTS, (
        COURSE, ("task", N_("作业")), ("number", N_("第几次")), ("submitted_at", N_("交上")), ("score", N_("得分")),
        ("total", N_("满分")), ("graded_at", N_("评完")))),
    Part("practical", N_("现场演练"), EXAMS, Keep.FACTS, (
        COURSE, ("ticked", N_("做到的")), ("held_on", N_("哪天")), ("place", N_("地点")), ("recorded_at", WHEN),
        ("reason", N_("为什么改")), ("withdrawn", N_("撤回")))),
    Part("training_seat", N_("报名的集中培训"), EXAMS, Keep.FACTS, (("seated_at", WHEN),)),
    Part("attendance", N_("培训签到"), EXAMS, Keep.FACTS, (
        ("minutes", N_("分钟")), ("way", N_("怎么签的")), ("reason", N_("原因")), ("recorded_at", WHEN))),
    Part("training_seen", N_("培训里看到您做到的"), EXAMS, Keep.FACTS, (
        ("indicators", N_("做到的")), ("reason", N_("原因")), ("recorded_at", WHEN))),
    Part("observation", N_("考评员看到的"), EXAMS, Keep.FACTS, (
        COURSE, ("competency", N_("能力")), ("marks", N_("做到的")), ("note", N_("评语")), ("observed_on", N_("哪天")),
        ("place", N_("地点")))),
    Part("service_pair", N_("报名的志愿服务"), EXAMS, Keep.FACTS, (("paired_at", WHEN),)),
    Part("served", N_("志愿服务的时间"), EXAMS, Keep.FACTS, (
        ("starts_at", N_("从")), ("ends_at", N_("到")), ("reason", N_("原因")), ("confirmed_at", WHEN))),
    Part("piece", N_("交上的作品、日志和证件"), EXAMS, Keep.FACTS, (
        ("kind", N_("怎么看到的")), ("competency", N_("能力")), ("details", N_("您写的")), ("handed_in_at", WHEN))),
    Part("piece_file", N_("作品和证件的照片"), EXAMS, Keep.PHOTOS, (
        ("piece_id", N_("记录")), ("bytes", N_("大小（字节）"))), ("piece",)),
    Part("piece_decision", N_("作品和证件的审核"), EXAMS, Keep.FACTS, (
        ("piece_id", N_("记录")), ("outcome", N_("结果")), ("words", N_("答复")), ("decided_at", WHEN)), ("piece",)),
    Part("evidence_retraction", N_("撤回的记录"), PROOF, Keep.FACTS, (
        ("evidence_id", N_("记录")), ("reason", N_("原因")), ("retracted_at", WHEN)), ("evidence",)),
    Part("credential_place", N_("证书在状态名单里的位置"), PROOF, Keep.FACTS, (
        ("list_number", N_("名单")), ("place", N_("位置"))), ("certificate",)),
    Part("evidence", N_("学会了什么的记录"), PROOF, Keep.FACTS, (
        ("competency", N_("能力")), ("indicators", N_("做到的")), ("kind", N_("怎么看到的")), ("observed_on", N_("哪天")),
        ("expires_on", N_("有效到")), ("source", N_("来自")))),
    Part("evidence_withdrawal", N_("作废的记录"), PROOF, Keep.FACTS, (
        ("evidence_id", N_("记录")), ("withdrawn_at", WHEN)), ("evidence",)),
    Part("standing", N_("现在会什么"), PROOF, Keep.FACTS, (
        ("competency", N_("能力")), ("level", N_("程度")), ("until", N_("有效到")))),
    Part("certificate", N_("证书"), PROOF, Keep.FACTS, (
        ("serial", N_("编号")), ("issued_on", N_("发证")), ("expires_on", N_("有效到")), ("payload", N_("证书上写的")),
        ("signature", N_("签名")), ("revoked_at", N_("撤销")), ("revoked_reason", N_("撤销的原因")))),
    Part("certificate_doubt", N_("证书要不要保留的复查"), PROOF, Keep.FACTS, (
        ("raised_at", WHEN), ("kept_at", N_("决定保留")), ("kept_reason", N_("理由"))), ("certificate",)),
    Part("certificate_proposal", N_("报上去等批准的证书"), PROOF, Keep.FACTS, (
        ("programme", N_("培训")), ("proposed_at", WHEN), ("decided_at", N_("决定")), ("granted", N_("批准")),
        ("reason", N_("原因")))),
    Part("certificate_suspension", N_("证书暂停过"), PROOF, Keep.FACTS, (
        ("certificate_id", N_("证书")), ("suspended_at", N_("暂停")), ("reason", N_("原因")), ("resumed_at", N_("恢复"))),
        ("certificate",)),
    Part("expiry_notice", N_("证书到期的提醒"), PROOF, Keep.FACTS, (
        ("certificate_id", N_("证书")), ("days", N_("提前几天")), ("noticed_at", WHEN), ("seen_at", N_("您看过"))),
        ("certificate",)),
    Part("leave_period", N_("登记的假期"), N_("假期里能力的有效期可以停着不走"), Keep.FACTS, (
        ("starts_on", N_("从")), ("ends_on", N_("到")), ("reason", N_("原因")), ("recorded_at", WHEN),
        ("taken_back_at", N_("收回")))),
    Part("device", N_("记住您的手机"), ACCESS, Keep.ACCESS, (
        ("label", N_("手机")), ("created_at", N_("记住的时间")), ("last_seen_at", N_("上次进来")), ("ended_at", N_("不再记住")))),
    Part("slip", N_("登录条"), ACCESS, Keep.ACCESS, (
        ("issued_at", N_("发的时间")), ("expires_at", N_("有效到")), ("used_at", N_("用掉")), ("voided_at", N_("作废")))),
    Part("wrong_code", N_("输错的考场码"), ACCESS, Keep.ACCESS, (("tried_at", WHEN),)),
    Part("lab_grant", N_("JupyterLab"), LEARNING, Keep.LEARNING, (
        ("purpose", N_("用来做什么")), ("reason", N_("原因")), ("given_at", WHEN), ("taken_back_at", N_("收回")))),
    Part("consent", N_("您同意过的事"), N_("照您说的办；说得清您什么时候同意、什么时候收回"), Keep.IDENTITY, (
        ("kind", N_("哪件事")), ("version", N_("第几版说明")), ("given", N_("同意")), ("at", WHEN))),
    Part("erasure_request", N_("您请求删除资料"), N_("在期限内答复您"), Keep.FACTS, (
        ("words", N_("您写的")), ("asked_at", WHEN), ("due_on", N_("最晚")), ("withdrawn_at", N_("收回")),
        ("decided_at", N_("决定")), ("granted", N_("批准")), ("answer", N_("答复")))),
    Part("remark", N_("您存的评语"), N_("批改时再用"), Keep.FACTS, (COURSE, ("text", N_("评语")), ("saved_at", WHEN))),
)  # fmt: skip

NOT_OF_LEARNERS = {
    "audit": "who decided what: kept whole, its chain would break; read by the platform's administrator",
    "assignment_rule": "an act of office",
    "class_photo": "of a class, tied to nobody",
    "class_sheet": "names nobody",
    "class_text": "an act of office",
    "certificate_reissue": "said with the certificate that was replaced: revoked, and why",
    "column_choice": "names nobody",
    "correction": "an act of office",
    "county_setting": "an act of office",
    "erasure": "who was erased, and has no name any more",
    "facility": "names nobody",
    "print_order": "an act of office",
    "service_activity": "an act of office",
    "training_part": "an act of office",
    "training_session": "an act of office",
    "unit_move": "an act of office",
    "exam_room": "an act of office",
    "hand_out": "an act of office",
    "marking_lease": "gone within minutes",
    "post_choice": "names nobody",
    "practical_session": "an act of office",
    "remark_use": "counts how often a remark was used",
    "roster_import": "an act of office",
    "seal_picture": "names nobody",
    "unit": "names nobody",
}
"""Tables that hold nothing of whoever learns, and why."""


def own_data(session: Session, person_id: int) -> list[Held]:
    """Return all that is held of a person, part by part; parts without a row too, so that it is said that there is none."""
    return [Held(each, tuple(tuple(row) for row in session.execute(_query(each, person_id)))) for each in PARTS]


def _query(part: Part, person_id: int) -> Select[Any]:
    """Select one person's rows of a part in the order they were written."""
    tables = [Base.metadata.tables[name] for name in (*part.through, part.table)]
    last = tables[-1]
    query: Select[Any] = select(*(last.c[name] for name, _ in part.columns)).select_from(tables[0])
    for outer, inner in pairwise(tables):
        query = query.join(inner, inner.c[f"{outer.name}_id"] == outer.c.id)
    whose = tables[0].c.id if tables[0].name == "person" else tables[0].c.person_id
    if part.final:
        query = query.where(Base.metadata.tables["submission"].c.state == State.GRADED.value)
    return query.where(whose == person_id).order_by(*_order(last))


def _order(table: Table) -> Sequence[Any]:
    return list(table.primary_key.columns)
