"""A county of a few people, for tests that need somebody to act on somebody somewhere.

榕溪县 ── 青石镇 ── 溪口村 ── 第一网格、第二网格
      └─ 云溪镇 ── 上坪村 ── 第一网格
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from banyan.domain.organisation import UnitLevel, path_of
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, ChargeRow, Person

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
LONG_AGO = date(2026, 1, 1)
COURSE = "x-1-reporter"


@dataclass
class County:
    """Adds units and people to a session; every person gets the next staff number."""

    session: Session
    people: int = 0

    def unit(self, name: str, level: UnitLevel, parent: Unit | None = None, code: str = "") -> Unit:
        code = code or f"{parent.code if parent else '39'}{level:02d}{len(name)}{sum(map(ord, name)) % 97:02d}"[-20:]
        path = path_of(parent.path if parent else "/", code)
        row = Unit(name=name, level=level, parent_id=parent.id if parent else None, code=code, path=path)
        self.session.add(row)
        self.session.flush()
        return row

    def person(self, name: str, unit: Unit | None = None, role: str = "GS", post: str = "网格员") -> Person:
        self.people += 1
        number = f"{10010000 + self.people}"
        row = Person(staff_number=number, handle=f"h{number}", name=name, phone=f"1380000{self.people:04d}", created_at=NOW)
        row.must_change_password = False
        self.session.add(row)
        self.session.flush()
        if unit:
            self.appoint(row, unit, role, post)
        return row

    def appoint(self, person: Person, unit: Unit, role: str = "GS", post: str = "网格员", until: date | None = None) -> None:
        row = Appointment(person_id=person.id, unit_id=unit.id, role=role, post=post, starts_on=LONG_AGO, ends_on=until)
        self.session.add(row)
        self.session.flush()

    def trust(self, person: Person, duty: str, unit: Unit, course: str = "", until: date | None = None) -> None:
        row = ChargeRow(person_id=person.id, unit_id=unit.id, duty=duty, course=course, starts_on=LONG_AGO, ends_on=until)
        self.session.add(row)
        self.session.flush()


@dataclass(frozen=True)
class Places:
    county: Unit
    qingshi: Unit
    xikou: Unit
    xikou_1: Unit
    xikou_2: Unit
    yunxi: Unit
    shangping: Unit
    shangping_1: Unit


def places(county: County) -> Places:
    """Build the units drawn above."""
    top = county.unit("榕溪县", UnitLevel.COUNTY, code="399901000000")
    qingshi = county.unit("青石镇", UnitLevel.TOWN, top, "399901101000")
    yunxi = county.unit("云溪镇", UnitLevel.TOWN, top, "399901102000")
    xikou = county.unit("溪口村", UnitLevel.COMMUNITY, qingshi, "399901101201")
    shangping = county.unit("上坪村", UnitLevel.COMMUNITY, yunxi, "399901102201")
    return Places(
        top,
        qingshi,
        xikou,
        county.unit("第一网格", UnitLevel.GRID, xikou, "399901101201001"),
        county.unit("第二网格", UnitLevel.GRID, xikou, "399901101201002"),
        yunxi,
        shangping,
        county.unit("第一网格", UnitLevel.GRID, shangping, "399901102201001"),
    )
