"""Our own sheets: the empty one to fill in, and everybody under a reach in the same columns."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO

import xlsxwriter
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from banyan.domain.framework import Role
from banyan.domain.organisation import GRADES, UnitLevel
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.tracker.people import under
from banyan.tracker.roster.fields import TITLES, Field
from banyan.tracker.roster.marked import HEAD, QUIET

LEFT_OUT = (Field.CITY, Field.COUNTY, Field.UNIT, Field.TOWN_CODE, Field.COMMUNITY_CODE)  # the code says all of it
COLUMNS = tuple(each for each in TITLES if each not in LEFT_OUT)
DAYS = (Field.STARTS_ON, Field.ENDS_ON)
WIDTHS = {Field.PHONE: 14, Field.TOWN: 14, Field.COMMUNITY: 16, Field.GRID: 16, Field.CODE: 18, Field.POST: 16, Field.ROLE: 18}
ROLES: Mapping[Role, str] = {Role.GS: "网格员", Role.CW: "社区工作者", Role.VO: "志愿者", Role.ER: "信息报告员"}
NAME_OF_SHEET = "名册"
HINTS: Mapping[Field, str] = {
    Field.STAFF_NUMBER: "县里没有工号可以空着，系统会编一个",
    Field.NAME: "必填；网格暂时没有人就空着",
    Field.PHONE: "11位，登录用；可以空着",
    Field.CODE: "最末一级单位的编码；没有可以空着",
    Field.POST: "照县里的叫法写",
    Field.ROLE: "网格员、社区工作者、志愿者或信息报告员",
    Field.FULL_TIME: "专职或兼职",
    Field.GRADE: "1到18；没有可以空着",
    Field.STARTS_ON: "例如 2024-03-01",
    Field.ENDS_ON: "有任期的写最后一天；没有就空着",
}
SPARE = 1000  # rows of the empty sheet that are text already


def empty_sheet() -> bytes:
    return _written([])


def export_roster(session: Session, reach: tuple[str, ...], today: date) -> bytes:
    """Return every post that stands under a reach, a row each, and every grid without one."""
    return _written(list(_rows(session, reach, today)))


def _rows(session: Session, reach: tuple[str, ...], today: date) -> Iterable[Sequence[str | date]]:
    names = {unit.code: unit for unit in session.scalars(select(Unit))}
    query = (
        select(Appointment)
        .join(Unit, Appointment.unit_id == Unit.id)
        .join(Person, Appointment.person_id == Person.id)
        .where(under(reach), or_(Appointment.ends_on.is_(None), Appointment.ends_on >= today))
        .where(or_(Person.left_on.is_(None), Person.left_on >= today))
        .options(joinedload(Appointment.person), joinedload(Appointment.unit))
        .order_by(Unit.path, Appointment.role, Person.staff_number)
    )
    staffed = set()
    for post in session.scalars(query):
        staffed.add(post.unit_id)
        yield _row(post, names)
    for unit in session.scalars(select(Unit).where(under(reach), Unit.level == UnitLevel.GRID).order_by(Unit.path)):
        if unit.id not in staffed:
            said = {**_place(unit, names), Field.CODE: unit.code}
            yield [said.get(each, "") for each in COLUMNS]


def _row(post: Appointment, names: Mapping[str, Unit]) -> Sequence[str | date]:
    person = post.person
    said: dict[Field, str | date] = {
        Field.STAFF_NUMBER: person.staff_number, Field.NAME: person.name, Field.PHONE: person.phone, **_place(post.unit, names),
        Field.CODE: post.unit.code, Field.POST: post.post, Field.ROLE: ROLES[Role(post.role)],
        Field.FULL_TIME: "专职" if post.full_time else "兼职", Field.GRADE: str(post.grade or ""),
        Field.STARTS_ON: post.starts_on, Field.ENDS_ON: post.ends_on or "",
    }  # fmt: skip
    return [said.get(each, "") for each in COLUMNS]


def _place(unit: Unit, names: Mapping[str, Unit]) -> dict[Field, str]:
    """Return the names of a unit and those above it; who sits above the towns stands under that unit's own name."""
    chain = [names[code] for code in unit.path.strip("/").split("/")]
    by_level = {each.level: each.name for each in chain}
    said = {
        field: by_level[level]
        for level, field in ((UnitLevel.TOWN, Field.TOWN), (UnitLevel.COMMUNITY, Field.COMMUNITY), (UnitLevel.GRID, Field.GRID))
        if level in by_level
    }
    return said or {Field.TOWN: unit.name}


def _written(rows: Sequence[Sequence[str | date]]) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, QUIET) as book:
        page = book.add_worksheet(NAME_OF_SHEET)
        head = book.add_format({"bold": True, "bg_color": HEAD, "num_format": "@", "bottom": 1})
        text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
        for column, field in enumerate(COLUMNS):
            page.set_column(column, column, WIDTHS.get(field, 12), day if field in DAYS else text)
            page.write_string(0, column, TITLES[field], head)
            if field in HINTS:
                page.write_comment(0, column, HINTS[field], {"x_scale": 1.6})
        for row, cells in enumerate(rows, start=1):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    page.write_datetime(row, column, cell, day)
                elif cell:
                    page.write_string(row, column, cell, text)
        _offer(page, Field.ROLE, list(ROLES.values()))
        _offer(page, Field.FULL_TIME, ["专职", "兼职"])
        _offer(page, Field.GRADE, [str(each) for each in GRADES])
        page.freeze_panes(1, 0)
    return stream.getvalue()


def _offer(page: "xlsxwriter.worksheet.Worksheet", field: Field, choices: list[str]) -> None:
    column = COLUMNS.index(field)
    page.data_validation(1, column, SPARE, column, {"validate": "list", "source": choices, "error_type": "warning"})
