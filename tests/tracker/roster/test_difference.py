"""What a roster would change, and what is wrong with it, each with its place."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from banyan.records.engine import writing
from banyan.records.people import Person
from tests.county import County
from tests.tracker.roster.registry import HEAD, Registry, xlsx

CHEN = ("10010001", "陈晓明", "13800000001", "青石镇", "溪口村", "第一网格", "网格员", "专职", "")
LIN = ("10010002", "林秀英", "13800000002", "青石镇", "溪口村", "第二网格", "网格员", "专职", "")
NEW = ("", "黄小燕", "13900000003", "青石镇", "溪口村", "第二网格", "网格员", "兼职", date(2024, 3, 1))


def but(row: tuple[Any, ...], **changes: Any) -> tuple[Any, ...]:
    names = ("number", "name", "phone", "town", "community", "grid", "post", "full", "since")
    return tuple(changes.get(name, cell) for name, cell in zip(names, row, strict=True))


def sheet(*rows: tuple[Any, ...]) -> bytes:
    return xlsx([HEAD, *rows])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        pytest.param(but(NEW, phone="139000000"), "C3 手机号“139000000”不对：要11位数字，这里是9位", id="a short phone"),
        pytest.param(but(NEW, phone="13900000003/13900000004"), "C3 一格里只能写一个手机号", id="two phones"),
        pytest.param(but(NEW, phone="1.39E+10"), "C3 “1.39e+10”被表格软件改成了数字", id="a phone in powers of ten"),
        pytest.param(but(NEW, number="工号"), "A3 工号“工号”不对", id="a staff number of words"),
        pytest.param(but(NEW, number=10010001), "A3 工号10010001在系统里是陈晓明，表里写的是黄小燕", id="another's staff number"),
        pytest.param(but(NEW, number="A77", name="陈晓明", phone="13800000001"), "A3 系统里陈晓明（", id="two numbers for one"),
        pytest.param(but(NEW, phone="13800000002"), "C3 手机号13800000002在系统里是林秀英（工号", id="another's phone"),
        pytest.param(but(NEW, name="黄3"), "B3 姓名里有数字", id="a name with digits"),
        pytest.param(but(NEW, name="黄小燕、李四"), "B3 这一格像是写了几个人", id="two people in a cell"),
        pytest.param(but(NEW, name="", phone="13900000003"), "B3 有工号或手机，没有姓名", id="a phone without a name"),
        pytest.param(but(NEW, town="青石街"), "D3 没有“青石街”，是不是“青石镇”？", id="a slip of the pen"),
        pytest.param(but(NEW, town="青石镇", community="石坑村"), "E3 系统里还没有“石坑村”", id="an unknown village"),
        pytest.param(
            but(NEW, town="", community="", grid="第一网格"),
            "F3 “第一网格”有好几个：青石镇溪口村第一网格、云溪镇上坪村第一网格",
            id="a grid of two villages",
        ),
        pytest.param(but(NEW, town="", community="", grid=""), "3 没有写单位", id="no unit"),
        pytest.param(but(NEW, full="半职"), "H3 专兼职要写", id="neither full nor part time"),
        pytest.param(but(NEW, since="去年"), "I3 看不出“去年”是哪一天", id="no day"),
        pytest.param(but(NEW, since="1024-01-01"), "I3 任职时间1024-01-01不对", id="a thousand years ago"),
        pytest.param(but(NEW, post="楼栋长"), "G3 还不知道“楼栋长”是哪一类人", id="an unknown post"),
        pytest.param(but(NEW, post="", grid=""), "G3 没有写岗位", id="no post in a village"),
        pytest.param(but(NEW, name="长" * 50), "B3 姓名太长（50个字）", id="an overlong name"),
        pytest.param(but(NEW, post="长" * 500), "G3 这一格太长（500个字）", id="an overlong cell"),
    ],
)  # fmt: skip
def test_a_fault_says_where_and_what_to_do(registry: Registry, row: tuple[Any, ...], told: str) -> None:
    outlook = registry.look(sheet(CHEN, row))
    found = [each for each in registry.told(outlook) if "和这一行有关的" not in each]
    assert len(found) == 1, found
    assert found[0].startswith(told)
    assert outlook.of("fresh") == []


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(but(NEW, phone=13900000003), id="a phone as a number"),
        pytest.param(but(NEW, phone="+86 139-0000-0003"), id="a phone with its country"),
        pytest.param(but(NEW, phone="１３９００００００03"), id="a phone of full width"),
        pytest.param(but(NEW, phone="'13900000003"), id="a phone with the sign that made it a text"),
        pytest.param(but(NEW, phone=""), id="no phone"),
        pytest.param(but(NEW, town="青石", community="溪口村委会", grid="2网格"), id="units as people say them"),
        pytest.param(but(NEW, community="青石镇溪口村", grid="溪口村 第二网格"), id="units said again"),
        pytest.param(but(NEW, town="", community="溪口村"), id="a level left out"),
        pytest.param(but(NEW, since="2024年3月1日"), id="a day in words"),
        pytest.param(but(NEW, since=20240301), id="a day as a number"),
        pytest.param(but(NEW, name="黄 小　燕"), id="a name laid out"),
        pytest.param(but(NEW, post="专职网格员（一级）"), id="a post with more words"),
    ],
)
def test_what_people_mean_is_understood(registry: Registry, row: tuple[Any, ...]) -> None:
    outlook = registry.look(sheet(row))
    assert registry.told(outlook) == []
    assert [(plan.name, plan.begins[0].place.words) for plan in outlook.of("fresh")] == [("黄小燕", "青石镇溪口村第二网格")]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param(
            (NEW, NEW), ["B2 和第3行重复（黄小燕）；请删掉一行", "B3 和第2行重复（黄小燕）；请删掉一行"], id="the same twice"
        ),
        pytest.param(
            (NEW, but(NEW, name="李四")),
            ["C2 手机号和第3行的李四一样；每个人要用自己的手机号", "C3 手机号和第2行的黄小燕一样；每个人要用自己的手机号"],
            id="one phone for two",
        ),
        pytest.param(
            (but(NEW, number="A1"), but(NEW, number="A1", name="李四", phone="13900000004")),
            [
                "B2 工号或手机和第3行一样，姓名却不一样（李四）；请核对",
                "B3 工号或手机和第2行一样，姓名却不一样（黄小燕）；请核对",
            ],
            id="one staff number for two",
        ),
        pytest.param(
            (CHEN, but(CHEN, grid="第二网格", phone="13900000009")),
            ["C2 和第3行是同一个人（陈晓明），手机号却不一样；请核对", "C3 和第2行是同一个人（陈晓明），手机号却不一样；请核对"],
            id="two phones of one",
        ),
    ],
)
def test_rows_that_contradict_each_other_are_both_told(registry: Registry, rows: Any, told: list[str]) -> None:
    outlook = registry.look(sheet(*rows))
    assert registry.told(outlook) == told
    assert outlook.plans == []


def test_a_person_with_one_faulty_row_waits_altogether(registry: Registry) -> None:
    outlook = registry.look(sheet(CHEN, but(CHEN, grid="第九网格")))
    assert registry.told(outlook) == ["2 和这一行有关的第3行要先改好，这一行才能导入", "F3 系统里还没有“第九网格”"]
    assert [each.person.name for each in outlook.leavers] == ["林秀英"]


def test_who_is_who_by_number_then_phone_then_name_and_unit(registry: Registry) -> None:
    rows = (but(CHEN, phone=""), but(LIN, number=""), ("", "张远", "", "云溪镇", "上坪村", "第一网格", "", "", ""))
    assert registry.look(sheet(*rows)).counts["same"] == 3


def test_two_of_one_name_at_one_unit_need_their_numbers(registry: Registry) -> None:
    with writing(registry.make) as session:
        County(session, people=500).person("陈晓明", session.merge(registry.at.xikou_1))
    assert registry.told(registry.look(sheet(but(CHEN, number="", phone="")))) == [
        "B2 青石镇溪口村第一网格有2个陈晓明，分不清是谁；请填工号"
    ]


def test_a_changed_phone_or_post_is_said_old_to_new(registry: Registry) -> None:
    plan = registry.look(sheet(but(CHEN, phone="13911111111", post="网格长", full="兼职"))).of("changed")[0]
    assert [(str(each.field), each.old, each.new) for each in plan.changes] == [
        ("phone", "13800000001", "13911111111"), ("post", "网格员", "网格长"), ("full_time", True, False),
    ]  # fmt: skip


def test_somebody_renamed_is_known_by_number_and_phone_together(registry: Registry) -> None:
    outlook = registry.look(sheet(but(CHEN, name="陈小明")))
    assert [(each.old, each.new) for each in outlook.of("changed")[0].changes] == [("陈晓明", "陈小明")]


def test_who_is_missing_is_shown_where_the_sheet_covers_their_place_and_work(registry: Registry) -> None:
    assert [each.person.name for each in registry.look(sheet(CHEN)).leavers] == ["林秀英"]
    volunteer = but(NEW, grid="", post="志愿者")
    assert registry.look(sheet(volunteer)).leavers == []


def test_somebody_new_of_a_known_name_is_pointed_out(registry: Registry) -> None:
    row = but(LIN, number="", phone="13900000002", grid="第一网格")
    assert registry.look(sheet(CHEN, row)).of("fresh")[0].namesake == "10010002"


def test_a_town_s_administrator_sees_nothing_of_other_towns(registry: Registry) -> None:
    own = ("青石镇", "溪口村", "第一网格", "", "", "")
    foreign = ("", "李四", "13900000004", "云溪镇", "上坪村", "第一网格", "", "", "")
    rows = (CHEN, foreign, ("10010003", "张远", "", *own), ("", "王五", "13800000003", *own))
    outlook = registry.look(sheet(*rows), by="郑国平", grow=True)
    told = registry.told(outlook)
    assert told[0] == "D3 这一行不在您管的范围里（您管青石镇）"
    assert told[1].startswith("A4 工号10010003已经有人用了，这个人不归您管")
    assert told[2] == "C5 手机号13800000003已经有别人在用，请核对"
    assert outlook.tree.new == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"number": "1001 0003"}, "A3 工号10010003已经有人用了", id="a number with a blank"),
        pytest.param({"number": "１００１０００３"}, "A3 工号10010003已经有人用了", id="a number of full width"),
        pytest.param({"phone": "１３８００００００03"}, "C3 手机号13800000003已经有别人在用", id="a phone of full width"),
        pytest.param({"phone": "'138 0000 0003"}, "C3 手机号13800000003已经有别人在用", id="a phone laid out"),
    ],
)
def test_another_town_s_number_or_phone_is_known_however_it_is_written(
    registry: Registry, changes: dict[str, str], told: str
) -> None:
    outlook = registry.look(sheet(CHEN, but(NEW, **changes)), by="郑国平")
    assert [each[: len(told)] for each in registry.told(outlook)] == [told]


def test_phones_that_change_hands_within_one_sheet_are_no_fault(registry: Registry) -> None:
    outlook = registry.look(sheet(but(CHEN, phone="13800000002"), but(LIN, phone="13800000001")))
    assert registry.told(outlook) == []
    assert outlook.counts["changed"] == 2


def test_nobody_is_given_a_phone_whose_holder_is_held_back(registry: Registry) -> None:
    moved = but(LIN, phone="13800000001")
    outlook = registry.look(sheet(but(CHEN, phone="13800000002"), moved, but(moved, grid="第九网格")))
    assert registry.told(outlook) == [
        "C2 手机号13800000002现在是林秀英的，要等他那一行改好",
        "3 和这一行有关的第4行要先改好，这一行才能导入",
        "F4 系统里还没有“第九网格”",
    ]
    assert outlook.plans == []


def test_a_number_exported_as_a_formula_is_its_digits(registry: Registry) -> None:
    content = f'工号,姓名,手机,网格编码\n="10010001",陈晓明,="13800000001",="{registry.at.xikou_1.code}"'
    outlook = registry.look(content.encode("gb18030"))
    assert registry.told(outlook) == []
    assert outlook.counts["same"] == 1


def test_who_holds_another_kind_of_post_now_is_said_to_hold_the_old_one_no_longer(registry: Registry) -> None:
    promoted = but(CHEN, grid="", post="社区工作者")
    assert registry.look(sheet(promoted)).dropped == [], "a sheet of community workers says nothing of the grids"
    outlook = registry.look(sheet(promoted, LIN))
    assert [(plan.name, row.role) for plan, row in outlook.dropped] == [("陈晓明", "GS")]


@pytest.mark.parametrize("cell", [350102001001001001, 3.5e17], ids=["as a whole number", "in powers of ten"])
def test_a_code_whose_last_digits_the_program_lost_is_refused(registry: Registry, cell: float) -> None:
    rows = [(*HEAD, "网格编码"), (*but(NEW, grid="第九网格"), cell)]
    outlook = registry.look(xlsx(rows), grow=True)
    assert [each[:4] for each in registry.told(outlook)] == ["J2 “"]
    assert outlook.tree.new == []


@pytest.mark.parametrize(("column", "place"), [(1, "B2"), (2, "C2"), (3, "D2")], ids=["a name", "a phone", "a town"])
def test_a_formula_that_found_nothing_is_a_fault_and_no_empty_cell(registry: Registry, column: int, place: str) -> None:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        page = book.add_worksheet("名册 & 说明")
        for row, cells in enumerate((HEAD, but(NEW, since=""))):
            page.write_row(row, 0, cells)
        page.write_blank(1, 0, None, book.add_format({"bold": True}))  # an empty cell, which ends in itself
        page.write_formula(1, column, "=VLOOKUP(A2,Z:Z,1,0)", None, "#N/A")
    told = registry.told(registry.look(stream.getvalue()))
    assert told == [f"{place} 这一格的公式没有算出来（#N/A）；请改成文字，再传一次"]


def test_what_only_a_faulty_row_names_is_not_built(registry: Registry) -> None:
    rows = (but(NEW, grid="第八网格", phone="139"), but(NEW, name="李四", phone="", grid="第九网格"))
    outlook = registry.look(sheet(*rows), grow=True)
    assert [each.name for each in outlook.tree.new] == ["第九网格"]


def test_whose_duties_reach_further_keeps_name_and_phone(registry: Registry) -> None:
    with writing(registry.make) as session:
        county = County(session)
        county.appoint(session.merge(registry.people["周建国"]), session.merge(registry.at.xikou_1))
    zhou = (registry.people["周建国"].staff_number, "周建国", "13911111111", "青石镇", "溪口村", "第一网格", "网格员", "", "")
    told = registry.told(registry.look(sheet(CHEN, LIN, zhou), by="郑国平"))
    assert told == ["C4 周建国在您管的范围外还有岗位或职责，姓名和手机号要请县里的管理员改"]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "-2+3", '=HYPERLINK("http://x")'])
def test_what_looks_like_a_formula_is_taken_for_a_text(registry: Registry, text: str) -> None:
    content = ("姓名,镇街,村社区,网格\n" + f'"{text.replace(chr(34), chr(34) * 2)}",青石镇,溪口村,第一网格').encode()
    outlook = registry.look(content)
    assert outlook.faults or outlook.of("fresh")[0].name == text


def test_nothing_is_written_by_looking(registry: Registry) -> None:
    with writing(registry.make) as session:
        before = session.query(Person).count()
    registry.look(sheet(CHEN, NEW), grow=True)
    with writing(registry.make) as session:
        assert session.query(Person).count() == before


def test_a_new_unit_s_division_code_must_fit_the_unit_above(registry: Registry) -> None:
    head = ("姓名", "镇街", "村社区", "村社区编码", "岗位")
    rows = [
        head,
        ("甲一", "青石镇", "溪尾村", "399901102299", "社区工作者"),
        ("甲二", "青石镇", "溪头村", "39990110129", "社区工作者"),
    ]
    found = registry.told(registry.look(xlsx(rows), grow=True))
    assert any(each.startswith("C2 ") and "前9位" in each for each in found), found
    assert any(each.startswith("C3 ") and "应是12位" in each for each in found), found
