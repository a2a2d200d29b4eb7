"""Sheets of units and facilities: a difference looked at first, then all of it or nothing, each fault at its cell."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from banyan.domain.outline import STANDARD
from banyan.errors import BadInputError
from banyan.records.audit import AuditRow
from banyan.records.engine import writing
from banyan.records.organisation import Facility, Unit
from banyan.tracker.roster import facility_sheet, unit_sheet
from banyan.tracker.roster.cells import Fault, address
from banyan.tracker.roster.facility_sheet import SiteOutlook, compare_facilities, take_in_facilities
from banyan.tracker.roster.tables import find_table
from banyan.tracker.roster.unit_sheet import UnitOutlook, compare_units, take_in_units
from banyan.tracker.roster.workbook import read_workbook
from tests.county import NOW, TODAY
from tests.tracker.roster.registry import Registry, xlsx

UNITS = ("单位编码", "单位名称", "上级编码")
SITES = ("单位编码", "设施类别", "设施名称", "地址", "启用日期", "停用日期")
QINGSHI, YUNXI, XIKOU = "399901101000", "399901102000", "399901101201"


@pytest.fixture
def session(registry: Registry) -> Iterator[Session]:
    with writing(registry.make) as opened:
        yield opened
        opened.rollback()


def reach(registry: Registry) -> tuple[str, ...]:
    return (registry.at.county.path,)


def units(session: Session, registry: Registry, *rows: Sequence[Any], content: bytes = b"", **options: Any) -> UnitOutlook:
    book = read_workbook(content or xlsx([UNITS, *rows], **options))
    return compare_units(session, find_table(book, unit_sheet.COLUMNS), reach(registry), STANDARD)


def sites(session: Session, registry: Registry, *rows: Sequence[Any]) -> SiteOutlook:
    book = read_workbook(xlsx([SITES, *rows]))
    return compare_facilities(session, find_table(book, facility_sheet.COLUMNS), reach(registry), STANDARD)


def told(faults: Sequence[Fault]) -> list[str]:
    return [f"{address(each.row, each.column)} {each.error}" for each in faults]


def test_new_units_come_each_after_the_one_above_it_whatever_their_order(session: Session, registry: Registry) -> None:
    outlook = units(
        session,
        registry,
        ("399901103201001", "第一网格", "399901103201"),
        ("399901103201", "溪尾村", "399901103000"),
        ("399901103000", "石桥镇", "399901000000"),
        (XIKOU, "溪口社区", QINGSHI),
    )
    assert (outlook.faults, [each.name for each in outlook.new]) == ([], ["石桥镇", "溪尾村", "第一网格"])
    assert [(unit.name, said.name) for unit, said in outlook.renamed] == [("溪口村", "溪口社区")]
    take_in_units(session, outlook, "shell", None, NOW)
    path = session.scalars(select(Unit.path).where(Unit.code == "399901103201001")).one()
    assert path == f"{registry.at.county.path}399901103000/399901103201/399901103201001/"
    again = units(session, registry, ("399901103000", "石桥镇", "399901000000"), (XIKOU, "溪口社区", QINGSHI))
    assert (again.changes_nothing, again.same) == (True, 2)


def test_a_unit_under_another_code_moves_with_all_below_it(session: Session, registry: Registry) -> None:
    outlook = units(session, registry, (XIKOU, "溪口村", YUNXI))
    assert [unit.name for unit, _ in outlook.moved] == ["溪口村"]
    take_in_units(session, outlook, "shell", None, NOW)
    below = session.scalars(select(Unit.path).where(Unit.code == f"{XIKOU}001")).one()
    assert below.startswith(f"{registry.at.yunxi.path}{XIKOU}/")
    assert session.scalars(select(AuditRow.detail).where(AuditRow.action == "unit.move")).one()["new"] == "云溪镇"


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        pytest.param(
            [("399901101202", "溪尾村", QINGSHI), ("399901101202", "溪头村", QINGSHI)], "A3 编码和第2行一样", id="twice"
        ),
        pytest.param([("3999011012", "溪尾村", QINGSHI), ("39990110120", "x村", QINGSHI)], "A3", id="a digit lost"),
        pytest.param([("399901102202", "溪尾村", QINGSHI)], "A2 “399901102202”的前9位", id="another town's"),
        pytest.param([("399901101202", "溪尾村", "399901999000")], "C2 没有编码是", id="above nowhere"),
        pytest.param([("399901101202", "溪尾村", f"{XIKOU}001")], "C2 上级编码", id="below a grid"),
        pytest.param([(XIKOU, "溪口村", "399901000000")], "C2 上级编码", id="past a level"),
        pytest.param([("U1", "甲村", "U2"), ("U2", "乙镇", "U1")], "自己的上级", id="each below the other"),
        pytest.param([("399901101202", "村", QINGSHI)], "B2 请填单位名称", id="no name"),
        pytest.param(
            [(f"{XIKOU}003", "第一网格", XIKOU)], f"B2 同一个上级下面已经有“第一网格”了，编码是{XIKOU}001", id="a name there"
        ),
        pytest.param([(f"{XIKOU}002", "第一网格", "")], "B2 同一个上级下面已经有“第一网格”", id="renamed to a name there"),
        pytest.param(
            [(f"{XIKOU}001", "第一网格", "399901102201")], "B2 同一个上级下面已经有“第一网格”", id="moved to a name there"
        ),
        pytest.param(
            [(f"{XIKOU}003", "第三网格", XIKOU), (f"{XIKOU}004", "第三网格", XIKOU)],
            "B3 和第2行在同一个上级下面",
            id="a name twice",
        ),
        pytest.param([("a-b", "溪尾村", QINGSHI)], "A2 编码只能是", id="a sign no code has"),
        pytest.param([(3999011012010019.0, "溪尾村", QINGSHI)], "A2 “39990110120100", id="a number made up"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell_and_nothing_is_done(
    session: Session, registry: Registry, rows: list[Any], fault: str
) -> None:
    outlook = units(session, registry, *rows)
    assert any(fault in each for each in told(outlook.faults)), told(outlook.faults)
    with pytest.raises(BadInputError, match="什么也没有导入"):
        take_in_units(session, outlook, "shell", None, NOW)


def test_names_may_be_exchanged_and_taken_over_and_be_the_same_elsewhere(session: Session, registry: Registry) -> None:
    outlook = units(
        session,
        registry,
        (f"{XIKOU}001", "第二网格", XIKOU),
        (f"{XIKOU}002", "第三网格", XIKOU),
        (f"{XIKOU}003", "第一网格", XIKOU),
        ("399901101202", "溪尾村", QINGSHI),
        ("399901101202001", "第一网格", "399901101202"),
    )
    assert outlook.faults == []
    take_in_units(session, outlook, "shell", None, NOW)
    names = select(Unit.name).join(Unit.parent.of_type(above := aliased(Unit))).where(above.code == XIKOU).order_by(Unit.code)
    assert list(session.scalars(names)) == ["第二网格", "第三网格", "第一网格"]


def test_two_that_are_called_the_same_already_stay_and_keep_nobody_else_out(session: Session, registry: Registry) -> None:
    session.scalars(select(Unit).where(Unit.code == f"{XIKOU}002")).one().name = "第一网格"
    rows = [(f"{XIKOU}001", "第一网格", XIKOU), (f"{XIKOU}002", "第一网格", XIKOU), (f"{XIKOU}003", "第三网格", XIKOU)]
    outlook = units(session, registry, *rows)
    assert (outlook.faults, outlook.same, len(outlook.new)) == ([], 2, 1)


def test_a_town_takes_no_name_of_its_neighbours_though_it_does_not_see_them(session: Session, registry: Registry) -> None:
    table = find_table(read_workbook(xlsx([UNITS, (QINGSHI, "云溪镇", "")])), unit_sheet.COLUMNS)
    outlook = compare_units(session, table, (registry.at.qingshi.path,), STANDARD)
    assert told(outlook.faults) == [f"B2 同一个上级下面已经有“云溪镇”了，编码是{YUNXI}；请核对编码，或者换一个名称"]


def test_merged_cells_numbers_and_gb18030_are_read_as_people_mean_them(session: Session, registry: Registry) -> None:
    rows = [(399901101202, "溪尾村", int(QINGSHI)), (399901101203, "溪头村", "")]
    assert len(units(session, registry, *rows, merged=["C2:C3"]).new) == 2
    text = "\n".join(",".join(map(str, each)) for each in (UNITS, ("399901101202", "溪尾村", QINGSHI)))
    assert [each.name for each in units(session, registry, content=text.encode("gb18030")).new] == ["溪尾村"]


def test_a_sheet_without_its_columns_is_told_which(session: Session, registry: Registry) -> None:
    with pytest.raises(BadInputError, match="“单位编码”“单位名称”“上级编码”"):
        find_table(read_workbook(xlsx([("姓名", "手机"), ("甲", "1")])), unit_sheet.COLUMNS)


def test_facilities_come_change_and_go(session: Session, registry: Registry) -> None:
    day = date(2026, 3, 1)
    first = sites(
        session,
        registry,
        (XIKOU, "妇女微家", "溪口妇女微家", "溪口村18号", day, ""),
        (XIKOU, "妇女微家", "溪头妇女微家", "", "2026/3/1", ""),
    )
    assert first.faults == []
    take_in_facilities(session, first, False, "shell", NOW)
    second = sites(session, registry, (XIKOU, "妇女微家", "溪口妇女微家", "溪口村20号", day, ""))
    assert ([site.address for _, site in second.changed], [each.name for each in second.gone]) == (
        ["溪口村20号"],
        ["溪头妇女微家"],
    )
    take_in_facilities(session, second, True, "shell", NOW)
    rows = session.execute(select(Facility.name, Facility.address, Facility.starts_on, Facility.ends_on).order_by(Facility.id))
    assert [tuple(each) for each in rows] == [
        ("溪口妇女微家", "溪口村20号", day, None),
        ("溪头妇女微家", "", day, TODAY.replace(day=TODAY.day - 1)),
    ]
    assert sites(session, registry, (XIKOU, "妇女微家", "溪口妇女微家", "溪口村20号", day, "")).changes_nothing


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        pytest.param(("399901999000", "妇女微家", "某处", "", "", ""), "A2 您管的范围里没有", id="a unit that is not"),
        pytest.param((XIKOU, "城堡", "某处", "", "", ""), "B2 没有“城堡”这一类", id="a kind that is not"),
        pytest.param((XIKOU, "妇女微家", "", "", "", ""), "C2 请填设施名称", id="no name"),
        pytest.param((XIKOU, "妇女微家", "某处", "", "去年", ""), "E2 看不出", id="no day"),
        pytest.param((XIKOU, "妇女微家", "某处", "", date(2026, 3, 1), date(2026, 2, 1)), "F2 日期不对", id="over before"),
    ],
)
def test_a_facility_s_fault_is_told_at_its_cell(session: Session, registry: Registry, row: Any, fault: str) -> None:
    assert any(each.startswith(fault) for each in told(sites(session, registry, row).faults))
