"""The tree of units: added to, renamed, and rearranged whole; never under its own child, never beyond one's reach."""

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from banyan.domain.organisation import UnitLevel
from banyan.domain.outline import STANDARD
from banyan.errors import BadInputError, NotFoundError
from banyan.records.audit import AuditRow, without_salt
from banyan.records.organisation import Unit
from banyan.records.tasks import HandOut
from banyan.tracker.facilities import Site, add_facility, close_facility
from banyan.tracker.people import Me, find_me, people_under
from banyan.tracker.units import add_unit, move_unit, places_to_move, rename_unit, unit_card
from tests.county import COURSE, NOW, TODAY, County, Places

WHY = "2026年区划调整"


@pytest.fixture
def boss(session: Session, county: County, places: Places) -> Me:
    return administrator(session, county, places.county)


def administrator(session: Session, county: County, at: Unit) -> Me:
    person = county.person("周建国", at)
    county.trust(person, "administrator", at)
    return find_me(session, person.staff_number, TODAY)


def paths(session: Session) -> dict[str, str]:
    return {code: path for code, path in session.execute(select(Unit.code, Unit.path))}  # noqa: C416 - rows


def test_a_unit_goes_with_all_below_it_and_nothing_else_does(session: Session, county: County, places: Places, boss: Me) -> None:
    worker = county.person("陈晓明", places.xikou_1)
    task = HandOut(course=COURSE, task="t", path=places.xikou.path, digest="d", notebooks=[])
    task.handed_by, task.handed_at = boss.person.id, NOW
    session.add(task)
    session.flush()
    before = paths(session)
    move_unit(session, boss, places.xikou.code, places.yunxi.code, WHY, NOW)
    after = paths(session)
    moved = {code for code in before if before[code] != after[code]}
    assert moved == {places.xikou.code, places.xikou_1.code, places.xikou_2.code}
    assert after[places.xikou_1.code] == f"{after[places.yunxi.code]}{places.xikou.code}/{places.xikou_1.code}/"
    assert [each.id for each in session.scalars(people_under([after[places.yunxi.code]], TODAY))] == [worker.id]
    assert list(session.scalars(people_under([after[places.qingshi.code]], TODAY))) == []
    assert session.scalars(select(HandOut.path)).one() == after[places.xikou.code]
    card = unit_card(session, boss, places.xikou.code, NOW)
    assert [(each.old_parent.name, each.new_parent.name, each.moved_on) for each in card.moves] == [  # type: ignore[union-attr]
        ("青石镇", "云溪镇", TODAY)
    ]
    row = session.scalars(select(AuditRow).where(AuditRow.action == "unit.move")).one()
    assert (row.subject, without_salt(row.detail)) == (places.xikou.code, {"old": "青石镇", "new": "云溪镇", "reason": WHY})


@pytest.mark.parametrize(
    ("unit", "to", "says"),
    [
        pytest.param("qingshi", "xikou_1", "不能倒过来放", id="under its own child"),
        pytest.param("qingshi", "qingshi", "不能倒过来放", id="under itself"),
        pytest.param("county", "xikou", "不能倒过来放", id="the top"),
        pytest.param("xikou", "qingshi", "已经在", id="where it is"),
        pytest.param("xikou_1", "yunxi", "不是同一级", id="past a level"),
        pytest.param("xikou_1", "shangping", "已经有", id="where one of its name is"),
    ],
)
def test_what_cannot_be_is_refused_in_words(places: Places, boss: Me, session: Session, unit: str, to: str, says: str) -> None:
    before = paths(session)
    with pytest.raises(BadInputError, match=says):
        move_unit(session, boss, getattr(places, unit).code, getattr(places, to).code, WHY, NOW)
    assert paths(session) == before


def test_a_towns_administrator_moves_nothing_out_of_or_into_another_town(
    session: Session, county: County, places: Places
) -> None:
    me = administrator(session, county, places.qingshi)
    for unit, to in ((places.xikou, places.yunxi), (places.shangping, places.qingshi), (places.qingshi, places.yunxi)):
        with pytest.raises(NotFoundError):
            move_unit(session, me, unit.code, to.code, WHY, NOW)
    assert places_to_move(session, me, places.qingshi) == []
    assert places_to_move(session, me, places.xikou) == []


def test_the_cost_of_a_move_is_that_of_its_subtree(session: Session, county: County, places: Places, boss: Me) -> None:
    """However many units there are, no statement about them walks through all: what is below is found by an index."""
    seen: list[tuple[str, object]] = []
    watch = lambda *given: seen.append((given[2], given[3]))  # noqa: E731
    event.listen(session.get_bind(), "before_cursor_execute", watch)
    move_unit(session, boss, places.xikou.code, places.yunxi.code, WHY, NOW)
    event.remove(session.get_bind(), "before_cursor_execute", watch)
    (change,) = [each for each in seen if "UPDATE unit SET path=" in each[0]]
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {change[0]}", change[1])
    told = [str(row[-1]) for row in plan]
    assert any("parent_id" in each for each in told), told
    assert not [each for each in told if each.startswith("SCAN unit")], told


def test_a_unit_is_added_below_with_a_code_that_fits(session: Session, places: Places, boss: Me) -> None:
    row = add_unit(session, boss, places.xikou.code, "第三网格", "399901101201003", STANDARD, NOW)
    assert (row.level, row.path) == (UnitLevel.GRID, f"{places.xikou.path}399901101201003/")
    assert add_unit(session, boss, places.xikou.code, "第四网格", "", STANDARD, NOW).code == "U000001"
    for name, code, says in (
        ("第五网格", "399901102201003", "前12位"),
        ("第五网格", "399901101201003", "已经用了"),
        ("第三网格", "", "已经有"),
        ("第五网格", "a b", "字母和数字"),
        ("五", "", "2到40"),
    ):
        with pytest.raises(BadInputError, match=says):
            add_unit(session, boss, places.xikou.code, name, code, STANDARD, NOW)
    with pytest.raises(BadInputError, match="最末一级"):
        add_unit(session, boss, places.xikou_1.code, "微网格", "", STANDARD, NOW)


def test_a_unit_gets_another_name_that_no_neighbour_has(session: Session, places: Places, boss: Me) -> None:
    assert rename_unit(session, boss, places.xikou.code, "溪口社区", NOW).name == "溪口社区"
    with pytest.raises(BadInputError, match="已经有"):
        rename_unit(session, boss, places.xikou_1.code, "第二网格", NOW)


def test_a_facility_is_noted_once_and_closed_once(session: Session, county: County, places: Places, boss: Me) -> None:
    site = Site("womens_corner", "溪口妇女微家", "溪口村18号", TODAY)
    row = add_facility(session, boss, places.xikou.code, site, STANDARD, NOW)
    with pytest.raises(BadInputError, match="已经记下"):
        add_facility(session, boss, places.xikou.code, site, STANDARD, NOW)
    with pytest.raises(BadInputError, match="哪一类"):
        add_facility(session, boss, places.xikou.code, Site("castle", "城堡", "", TODAY), STANDARD, NOW)
    stranger = administrator(session, county, places.yunxi)
    with pytest.raises(NotFoundError):
        close_facility(session, stranger, places.xikou.code, row.id, NOW)
    with pytest.raises(NotFoundError):
        close_facility(session, stranger, places.yunxi.code, row.id, NOW)
    close_facility(session, boss, places.xikou.code, row.id, NOW)
    close_facility(session, boss, places.xikou.code, row.id, NOW)
    assert row.ends_on is not None
    assert len(list(session.scalars(select(AuditRow).where(AuditRow.action == "facility.close")))) == 1
