"""Posts with a last day (任职到) as a column of the roster, and the county where a house has several."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from banyan.domain.organisation import UnitLevel
from banyan.domain.outline import STANDARD
from banyan.records.engine import reading, writing
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.tracker.at_server import add_above
from banyan.tracker.roster.sheets import export_roster
from tests.county import LONG_AGO, NOW, TODAY, County
from tests.tracker.roster.registry import HEAD, Registry, xlsx
from tests.tracker.roster.test_difference import CHEN, LIN, NEW, sheet

END = date(2028, 6, 30)


def terms(*rows: tuple[Any, ...]) -> bytes:
    return xlsx([(*HEAD, "任期到"), *rows])


def ends(registry: Registry, name: str) -> list[date | None]:
    query = select(Appointment.ends_on).join(Person, Appointment.person_id == Person.id).where(Person.name == name)
    with reading(registry.make) as session:
        return list(session.scalars(query.order_by(Appointment.starts_on, Appointment.id)))


def test_a_last_day_is_read_said_taken_in_once_and_never_lost(registry: Registry) -> None:
    content = terms((*CHEN, END), (*LIN, ""), (*NEW, "2028年6月30日"))
    (plan,) = registry.look(content).of("changed")
    assert [(str(each.field), each.old, each.new) for each in plan.changes] == [("ends_on", "", END)]
    registry.take(content)
    assert (ends(registry, "陈晓明"), ends(registry, "林秀英"), ends(registry, "黄小燕")) == ([END], [None], [END])
    assert registry.look(content).changes_nothing
    assert registry.look(sheet(CHEN, LIN, NEW)).changes_nothing, "a sheet that tells no last day takes none away"
    with reading(registry.make) as session:
        given = export_roster(session, (registry.at.county.path,), TODAY)
    assert registry.look(given).changes_nothing


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param("2020-01-01", "任职到2020-01-01，已经过了", id="gone by"),
        pytest.param("2099-01-01", "任职到2099-01-01不对", id="too far"),
        pytest.param("长期", "看不出“长期”是哪一天", id="no day"),
    ],
)
def test_what_is_no_last_day_is_told_with_its_place(registry: Registry, said: str, told: str) -> None:
    (found,) = registry.told(registry.look(terms((*NEW, said))))
    assert found.startswith(f"J2 {told}")


def test_whoever_has_a_last_day_and_stands_elsewhere_now_has_moved(registry: Registry) -> None:
    registry.take(terms((*CHEN, END), (*LIN, "")))
    (plan,) = registry.look(sheet((*CHEN[:5], "第二网格", *CHEN[6:]), LIN)).of("moved")
    assert [each.instead and each.instead.ends_on for each in plan.begins] == [END]
    left = registry.look(sheet(LIN))
    assert [each.person.name for each in left.leavers] == ["陈晓明"]


def test_where_a_house_has_several_counties_a_column_says_which(registry: Registry) -> None:
    """Two towns of one name, in two counties of a city."""
    with writing(registry.make) as session:
        city = add_above(session, "399900000000", "宁安市", STANDARD, NOW)
        county = County(session)
        other = county.unit("福坪县", UnitLevel.COUNTY, city, "399981000000")
        county.unit("青石镇", UnitLevel.TOWN, other, "399981101000")
        boss = registry.people["周建国"]
        session.add(ChargeRow(person_id=boss.id, unit_id=city.id, duty="administrator", starts_on=LONG_AGO, course=""))
    head = ("姓名", "市", "县区", "镇街", "岗位")
    rows = [("马小云", "宁安市", "福坪县", "青石镇", "社区工作者"), ("罗小兰", "宁安", "榕溪", "青石镇", "社区工作者")]
    assert registry.told(registry.look(xlsx([head, *rows]))) == []
    registry.take(xlsx([head, *rows]))
    query = select(Person.name, Unit.code).select_from(Appointment).join(Unit, Appointment.unit_id == Unit.id)
    query = query.join(Person, Appointment.person_id == Person.id).where(Person.name.in_(["马小云", "罗小兰"]))
    with reading(registry.make) as session:
        assert dict(map(tuple, session.execute(query))) == {"马小云": "399981101000", "罗小兰": registry.at.qingshi.code}
    (told,) = registry.told(registry.look(xlsx([head, ("贺小梅", "", "", "青石镇", "社区工作者")])))
    assert "好几个" in told
    (told,) = registry.told(registry.look(xlsx([head, ("贺小梅", "", "南坪县", "青石镇", "社区工作者")])))
    assert "南坪县" in told


def test_in_a_house_of_one_county_the_column_is_let_be(registry: Registry) -> None:
    head = ("姓名", "县区", "镇街", "村社区", "网格", "岗位")
    look = registry.look(xlsx([head, ("马小云", "榕溪县（经开区）", "青石镇", "溪口村", "第二网格", "网格员")]))
    assert registry.told(look) == []
    assert [each.name for each in look.of("fresh")] == ["马小云"]
