"""The printed sheets of a class's file, told as documents: what they say, in Chinese, as an auditor reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from banyan.certificates.document import Block, Document, Question, facts, heading, paragraphs, signed, table
from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.class_file import FIGURES, HOUR, class_hours
from banyan.domain.examination import State
from banyan.domain.framework import Framework
from banyan.records.examinations import Attempt
from banyan.records.training import AttendanceRow, TrainingPart
from banyan.tracker.classes.file import ClassFile
from banyan.tracker.classes.paper import ClassPaper, makeup
from banyan.tracker.classes.report import day_said, days_said
from banyan.tracker.classes.report import signed as signed_in
from banyan.tracker.classes.sittings import passed, points_of, state_of

STANDS = {State.SUBMITTED: "机器在批", State.UNMARKED: "等老师批", State.FAILED_TO_GRADE: "没能评分"}


@dataclass(frozen=True)
class Printed:
    """What every sheet knows beside the file: what the course is called, who issues, whether it is a demo, which day it is."""

    file: ClassFile
    course: str
    issuer: str
    today: date
    framework: Framework
    demo: bool = False
    programmes: Mapping[str, str] = field(default_factory=dict)

    def sheet(self, title: str, *blocks: Block | None, wide: bool = False, under: str = "") -> Document:
        foot = f"{self.issuer} · {self.file.row.title} · 一期一档 第{self.file.row.id}期"
        told = tuple(each for each in blocks if each)
        return Document(title, told, self.file.days[1], self.issuer, foot, under, wide, self.demo)

    @property
    def under(self) -> str:
        return f"{self.file.row.title}　{days_said(*self.file.days)}　{self.file.row.place}"


def notice(told: Printed) -> Document:
    """Return the notice; what the session itself says is never written by hand."""
    file, said = told.file, told.file.notice
    if said is None:
        return told.sheet(f"关于举办“{file.row.title}”的通知", paragraphs("这一期还没有写通知。"))
    times = "；".join(part_said(each) for each in file.row.parts)
    exam = f"{day_said(said.since)}至{day_said(said.until)}之间参加" if said.examined else "这一期不考试"
    blocks = (
        paragraphs(f"{said.invited}：", indent=False),
        paragraphs(said.words) if said.words else None,
        facts(
            ("培训名称", file.row.title),
            ("课程", told.course),
            ("时间", times),
            ("地点", file.row.place),
            ("给哪里的人", "".join(file.place)),
            ("学时", f"{class_hours(file.whole):g}学时（每学时{HOUR}分钟）"),
            ("位子", f"{file.row.capacity}个"),
            ("考试", exam),
            ("联系人", said.contact),
        ),
        signed(said.ordered_by, day_said(said.dated_on)),
    )
    return told.sheet(said.title, *blocks, under=said.number)


def roster(told: Printed) -> Document:
    """Return who was on the roster and how each signed in, part by part; then what was put right afterwards."""
    file = told.file
    heads = [("序号", 0.5), ("姓名", 1), ("工号", 1), ("单位", 2), ("岗位", 1)]
    heads += [(_short(each), 1.5) for each in file.row.parts]
    rows = [
        [str(number), each.person.name, each.person.staff_number, "".join(each.place), each.post]
        + [_signed(each.rolls.get(part.id)) for part in file.row.parts]
        for number, each in enumerate(file.lines, start=1)
    ]
    figures = file.figures
    said = f"名单上{figures.invited}人，到了{figures.came}人，到够八成时间{figures.enough}人。"
    fixed = [
        [
            each.person.name,
            _short(each.part),
            "没有" if each.before is None else f"{each.before}分钟",
            f"{each.row.minutes}分钟",
            each.row.reason,
            file.names.get(each.row.recorded_by, ""),
            _moment(each.row.recorded_at),
        ]
        for each in file.changed
    ]
    heads_fixed = [("姓名", 1), ("哪一段", 1.2), ("原来", 1), ("改成", 1), ("为什么", 3), ("谁改的", 1), ("什么时候", 1.4)]
    return told.sheet(
        "名册和签到",
        paragraphs(said, indent=False),
        table(heads, rows),
        heading("更正过的签到"),
        table(heads_fixed, fixed) if fixed else paragraphs("没有。", indent=False),
        wide=True,
        under=told.under,
    )


def paper(told: Printed, sat: ClassPaper, with_keys: bool) -> Document:
    """Return how the paper was made up, every question as it read, and who was given which."""
    blocks: list[Block | None] = []
    for exam in sat.exams:
        terms = exam.blueprint
        said = f"共{len(exam.seats)}题{exam.total:g}分，{terms.minutes}分钟，得分到{terms.pass_percent:g}%合格。"
        blocks += [heading(f"卷面（课程第{exam.release}版）"), paragraphs(said, indent=False)]
        blocks.append(table([("题位", 1.4), ("考什么", 2), ("分值", 1)], makeup(exam, told.framework)))
    blocks.append(heading("考过的题"))
    for each in sat.asked:
        key = each.key if with_keys else ()
        blocks.append(Question(f"{each.number}．（{each.points:g}分）", each.lines, each.question, each.version, key).block())
    blocks += [
        heading("谁考的哪些题"),
        paragraphs("“3→12:BAC”是说：卷子上第3题是上面的第12题，选项按B、A、C排。", indent=False),
    ]
    who = [
        [each.line.person.name, f"第{each.attempt.number}次\n{_moment(each.attempt.started_at)}", "　".join(each.slots)]
        for each in sat.sat
    ]
    blocks.append(table([("姓名", 1), ("哪一次", 1.4), ("题目", 7)], who) if who else paragraphs("没有人考。", indent=False))
    return told.sheet("试卷和答案" if with_keys else "试卷", *blocks, under=told.under)


def scores(told: Printed) -> Document:
    """Return every sitting of everybody with its points and outcome."""
    rows = [
        [each.person.name, each.person.staff_number, "".join(each.place), *_sitting(sitting)]
        for each in told.file.lines
        for sitting in each.sittings
    ]
    absent = [each.person.name for each in told.file.lines if not each.sittings]
    figures = told.file.figures
    heads = [("姓名", 1), ("工号", 1.1), ("单位", 2), ("哪一次", 0.8), ("开考", 1.6), ("得分", 0.8), ("满分", 0.8), ("结果", 1)]
    return told.sheet(
        "成绩",
        paragraphs(f"{figures.sat}人参加考试，{figures.passed}人合格。", indent=False),
        table(heads, rows) if rows else None,
        paragraphs(f"没有考的：{'、'.join(absent)}。", indent=False) if absent else None,
        under=told.under,
    )


def hours(told: Printed) -> Document:
    """Return everybody's hours: on site part by part, online, and both together."""
    file = told.file
    heads = [("姓名", 1), ("工号", 1.1), *((_short(each), 1.1) for each in file.row.parts)]
    heads += [("到场", 0.8), ("现场学时", 0.9), ("线上学时", 0.9), ("合计", 0.8), ("到够八成", 0.9)]
    rows = [
        [each.person.name, each.person.staff_number]
        + [f"{each.rolls[part.id].minutes}分钟" if part.id in each.rolls else "—" for part in file.row.parts]
        + [f"{each.attendance.percent}%", f"{each.hours:g}", f"{each.online_hours:g}"]
        + [f"{class_hours(each.attendance.present + each.online):g}", "是" if each.attendance.is_enough else "否"]
        for each in file.lines
    ]
    said = f"每学时{HOUR}分钟，不足的舍去。现场共{file.whole}分钟，{class_hours(file.whole):g}学时；线上学时只算学完的课。"
    return told.sheet("学时", paragraphs(said, indent=False), table(heads, rows), wide=True, under=told.under)


def certificates(told: Printed) -> Document:
    """Return who was issued which certificate within the class's days."""
    held = [(each, each.certificate) for each in told.file.lines if each.certificate]
    rows = [
        [
            line.person.name,
            row.serial,
            told.programmes.get(row.programme, row.programme),
            day_said(row.issued_on),
            day_said(row.expires_on),
        ]
        for line, row in held
    ]
    since, until = told.file.term
    said = f"{day_said(since)}至{day_said(until)}发给名单上{len(rows)}人。证书现在有没有效，扫证书上的码查。"
    heads = [("姓名", 1), ("证书编号", 1.8), ("培训项目", 2.4), ("发证日期", 1.3), ("有效到", 1.3)]
    return told.sheet("发证名单", paragraphs(said, indent=False), table(heads, rows) if rows else None, under=told.under)


def summary(told: Printed) -> Document:
    """Return what the trainer wrote, with the figures as they are now."""
    file = told.file
    figures = [[name, f"{getattr(file.figures, each)}人"] for each, name in FIGURES.items()]
    words = file.summary.words if file.summary else "这一期还没有写总结。"
    blocks = (heading("数字"), table([("哪些人", 2), ("人数", 1)], figures), heading("总结"), paragraphs(words))
    writer = file.names.get(file.summary.written_by or 0, "") if file.summary else ""
    end = signed(file.notice.ordered_by if file.notice else told.issuer, writer)
    return told.sheet("总结", *blocks, end, under=told.under)


def part_said(part: TrainingPart) -> str:
    starts, ends = part.starts_at.astimezone(COUNTY_TIME), part.ends_at.astimezone(COUNTY_TIME)
    return f"{day_said(starts.date())} {starts:%H:%M}至{ends:%H:%M}"


def _short(part: TrainingPart) -> str:
    starts = part.starts_at.astimezone(COUNTY_TIME)
    return f"{starts.month}月{starts.day}日 {starts:%H:%M}"


def _signed(roll: AttendanceRow | None) -> str:
    clock = f" {roll.recorded_at.astimezone(COUNTY_TIME):%H:%M}" if roll and roll.way == "code" else ""
    return signed_in(roll) + clock


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M}"


def _sitting(attempt: Attempt) -> list[str]:
    points = points_of(attempt)
    total = attempt.submission.total if attempt.submission and points is not None else None
    said = [f"{each:g}" if each is not None else "" for each in (points, total)]
    return [f"第{attempt.number}次", _moment(attempt.started_at), *said, _outcome(attempt)]


def _outcome(attempt: Attempt) -> str:
    if (came_to := passed(attempt)) is not None:
        return "合格" if came_to else "不合格"
    return STANDS.get(state_of(attempt), "")
