"""What a class's file says, value by value, as a province's form asks for it."""

from collections.abc import Mapping
from datetime import date

from banyan.domain.calendar import county_day
from banyan.domain.class_file import class_hours
from banyan.records.training import AttendanceRow
from banyan.tracker.classes.fields import Field
from banyan.tracker.classes.file import ClassFile
from banyan.tracker.classes.filling import Value, Values
from banyan.tracker.classes.lines import Line
from banyan.tracker.classes.sittings import points_of

WAYS: Mapping[str, str] = {"code": "扫码", "roster": "老师点名", "correction": "老师更正"}
YES, NO, UNKNOWN = "是", "否", ""


def of_class(file: ClassFile, course: str, host: str, today: date) -> Values:
    """Return what a form may ask of a class as a whole; `host` is who holds it where its notice does not say."""
    figures, notice = file.figures, file.notice
    first, last = file.days
    return {
        Field.TITLE: file.row.title,
        Field.COURSE: course,
        Field.FILED_AS: notice.number if notice else "",
        Field.SITE: file.row.place,
        Field.BEGINS: first,
        Field.ENDS: last,
        Field.DAYS: days_said(first, last),
        Field.CLASS_HOURS: class_hours(file.whole),
        Field.HOST: (notice.ordered_by if notice else "") or host,
        Field.CONTACT: notice.contact if notice else "",
        Field.TRAINER: file.names.get(file.row.planned_by, ""),
        Field.INVITED: figures.invited,
        Field.CAME: figures.came,
        Field.ENOUGH_COUNT: figures.enough,
        Field.SAT: figures.sat,
        Field.PASSED_COUNT: figures.passed,
        Field.CERTIFIED: figures.certified,
        Field.RATE: f"{figures.passed * 100 // figures.sat}%" if figures.sat else "",
        Field.REPORTED_ON: today,
    }


def of_person(number: int, line: Line) -> Values:
    """Return what a form may ask of one person, who stands at this place of the list."""
    best, certificate = line.best, line.certificate
    told: dict[Field, Value] = {
        Field.INDEX: number,
        Field.NAME: line.person.name,
        Field.NUMBER: line.person.staff_number,
        Field.PHONE: line.person.phone,
        Field.PLACE: "".join(line.place),
        Field.POST: line.post,
        Field.MINUTES: line.attendance.present,
        Field.HOURS: line.hours,
        Field.ONLINE: line.online_hours,
        Field.ALL_HOURS: class_hours(line.attendance.present + line.online),
        Field.PERCENT: f"{line.attendance.percent}%",
        Field.ENOUGH: YES if line.attendance.is_enough else NO,
        Field.SCORE: points_of(best) if best else None,
        Field.PASSED: UNKNOWN if line.passed is None else YES if line.passed else NO,
        Field.EXAM_DAY: county_day(best.started_at) if best else None,
        Field.SERIAL: certificate.serial if certificate else "",
        Field.ISSUED: certificate.issued_on if certificate else None,
        Field.EXPIRES: certificate.expires_on if certificate else None,
    }
    return told


def signed(roll: AttendanceRow | None) -> str:
    """Return how somebody stands in one part's sign-in: for how many minutes, by which way."""
    if roll is None:
        return "没有签到"
    return f"{roll.minutes}分钟 {WAYS[roll.way]}" if roll.minutes else f"没有到（{WAYS[roll.way]}）"


def days_said(first: date, last: date) -> str:
    return day_said(first) if first == last else f"{day_said(first)}至{day_said(last)}"


def day_said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
