"""A county whose roster comes in: sheets made as people make them, and what became of the records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.records.engine import Sessions, reading, writing
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.records.roster import RosterImport
from banyan.tracker.people import Me, find_me
from banyan.tracker.registers import reach
from banyan.tracker.roster.choices import columns_remembered, posts_remembered
from banyan.tracker.roster.difference import Outlook, Rules, compare
from banyan.tracker.roster.recognised import Recognised, recognise
from banyan.tracker.roster.taking_in import Decisions, Delivery, take_in
from banyan.tracker.roster.workbook import read_workbook
from banyan.tracker.rulebook import Rulebook
from tests.county import NOW, County, Places, places

HEAD = ("工号", "姓名", "手机", "镇街", "村社区", "网格", "岗位", "专兼职", "任职时间")


def xlsx(rows: Sequence[Sequence[Any]], name: str = "名册", merged: Iterable[str] = (), **options: Any) -> bytes:
    """Return a workbook of one sheet; `merged` are areas such as D2:D5 that show what their first cell says."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, **options}) as book:
        page, day = book.add_worksheet(name), book.add_format({"num_format": "yyyy/m/d"})
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    page.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)
                elif cell not in ("", None):
                    page.write(row, column, cell)
        for area in merged:
            page.merge_range(area, "")
            first = area.split(":")[0]
            row, column = int(first[1:]) - 1, ord(first[0]) - 65
            page.write(row, column, rows[row][column])
    return stream.getvalue()


@dataclass
class Registry:
    """周建国 administers 榕溪县, 郑国平 青石镇; 陈晓明 and 林秀英 hold the grids of 溪口村."""

    make: Sessions
    rulebook: Rulebook
    at: Places
    people: dict[str, Person]
    now: datetime = NOW
    faults: list[str] = field(default_factory=list)

    @property
    def today(self) -> date:
        return county_day(self.now)

    @property
    def yesterday(self) -> date:
        return self.today - timedelta(days=1)

    def me(self, name: str) -> Me:
        with reading(self.make) as session:
            return find_me(session, self.people[name].staff_number, self.today)

    def recognised(self, content: bytes, sheet: str = "") -> Recognised:
        with reading(self.make) as session:
            found = recognise(read_workbook(content), columns_remembered(session), sheet)
        assert found is not None
        return found

    def _compare(self, session: Session, content: bytes, by: str, grow: bool) -> Outlook:
        me = self.me(by)
        roster = recognise(read_workbook(content), columns_remembered(session))
        assert roster
        held = reach(me)
        return compare(session, roster, Rules(held, posts_remembered(session, held), self.today, grow, me.person.id))

    def look(self, content: bytes, by: str = "周建国", grow: bool = False) -> Outlook:
        with reading(self.make) as session:
            return self._compare(session, content, by, grow)

    def take(self, content: bytes, by: str = "周建国", grow: bool = False, **ticked: Any) -> RosterImport:
        with writing(self.make) as session:
            outlook = self._compare(session, content, by, grow)
            delivery = Delivery("名册.xlsx", "0" * 64, self.me(by))
            return take_in(session, outlook, Decisions(**ticked), delivery, self.rulebook, self.now)

    def told(self, outlook: Outlook) -> list[str]:
        """Return each fault with its cell, as a person reads it."""
        from banyan.tracker.roster.cells import address

        return [f"{address(each.row, each.column)} {each.error}" for each in outlook.faults]

    def person(self, name: str) -> Person | None:
        with reading(self.make) as session:
            return session.scalars(select(Person).where(Person.name == name)).one_or_none()

    def posts(self, name: str) -> list[tuple[str, str, date, date | None]]:
        """Return the units, roles and days of somebody's posts, the oldest first."""
        query = (
            select(Unit.name, Appointment.role, Appointment.starts_on, Appointment.ends_on)
            .join(Appointment, Appointment.unit_id == Unit.id)
            .join(Person, Appointment.person_id == Person.id)
            .where(Person.name == name)
        )
        with reading(self.make) as session:
            return [tuple(row) for row in session.execute(query.order_by(Appointment.starts_on, Appointment.id))]

    def units(self) -> list[str]:
        with reading(self.make) as session:
            return list(session.scalars(select(Unit.name).order_by(Unit.path)))


def open_registry(make: Sessions, rulebook: Rulebook) -> Registry:
    with writing(make) as session:
        county = County(session)
        at = places(county)
        posts: Mapping[str, Unit] = {"陈晓明": at.xikou_1, "林秀英": at.xikou_2, "张远": at.shangping_1}
        people = {name: county.person(name, unit) for name, unit in posts.items()}
        for name, unit in (("周建国", at.county), ("郑国平", at.qingshi)):
            people[name] = county.person(name, unit, "CW", "干部")
            county.trust(people[name], "administrator", unit)
    return Registry(make, rulebook, at, people)
