"""The lists of a class's file as spreadsheets, for who would rather sort than read. In Chinese, as an auditor reads them."""

from collections.abc import Iterator

from banyan.portal.desks.spreadsheet import Column, Head, Sheet
from banyan.tracker.classes.documents import Printed, part_said
from banyan.tracker.classes.fields import FIELDS, Field
from banyan.tracker.classes.filling import Value
from banyan.tracker.classes.report import of_person, signed

WHO = (Field.INDEX, Field.NAME, Field.NUMBER, Field.PHONE, Field.PLACE, Field.POST)
SCORES = (Field.SCORE, Field.PASSED, Field.EXAM_DAY)
HOURS = (Field.MINUTES, Field.PERCENT, Field.ENOUGH, Field.HOURS, Field.ONLINE, Field.ALL_HOURS)
HELD = (Field.SERIAL, Field.ISSUED, Field.EXPIRES)
WIDTHS = {Field.INDEX: 6, Field.PLACE: 30, Field.SERIAL: 22, Field.PHONE: 15}


def tables(told: Printed) -> Iterator[Sheet]:
    """Yield the roster, the sign-in part by part, scores, hours and certificates, a sheet each."""
    yield _sheet(told, "名册", WHO)
    yield _signing(told)
    yield _sheet(told, "成绩", (Field.INDEX, Field.NAME, Field.NUMBER, *SCORES))
    yield _sheet(told, "学时", (Field.INDEX, Field.NAME, Field.NUMBER, *HOURS))
    yield _sheet(told, "发证", (Field.INDEX, Field.NAME, Field.NUMBER, *HELD))


def _sheet(told: Printed, name: str, fields: tuple[Field, ...]) -> Sheet:
    columns = [Column(FIELDS[each].name, WIDTHS.get(each, 14)) for each in fields]
    people = (of_person(number, each) for number, each in enumerate(told.file.lines, start=1))
    rows = ([_cell(each[field]) for field in fields] for each in people)
    return Sheet(Head(f"{told.file.row.title} {name}", told.under), columns, rows, name)


def _signing(told: Printed) -> Sheet:
    parts = told.file.row.parts
    columns = [Column("姓名", 14), Column("工号", 14), *(Column(part_said(each), 24) for each in parts)]
    lines = told.file.lines
    rows = ([each.person.name, each.person.staff_number, *(signed(each.rolls.get(part.id)) for part in parts)] for each in lines)
    return Sheet(Head(f"{told.file.row.title} 签到", told.under), columns, rows, "签到")


def _cell(value: Value) -> str | int | float:
    return value if isinstance(value, str | int | float) else "" if value is None else value.isoformat()
