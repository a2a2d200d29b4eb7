"""Finding the header and what each column is, however a county lays out its sheet."""

import pytest

from banyan.errors import BadInputError
from banyan.records.engine import writing
from banyan.tracker.roster.choices import remember_columns
from banyan.tracker.roster.fields import Field, field_of
from banyan.tracker.roster.header import find_sheet
from banyan.tracker.roster.recognised import Recognised, recognise
from banyan.tracker.roster.workbook import Workbook, read_workbook
from tests.tracker.roster.registry import Registry, xlsx


def found(content: bytes) -> Recognised:
    roster = recognise(read_workbook(content), {})
    assert roster
    return roster


def by_field(roster: Recognised) -> dict[Field, int]:
    return {field: column for column, field in roster.fields.items()}


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("姓 名*", Field.NAME),
        ("手机号码（11位）", Field.PHONE),
        ("联系\n电话", Field.PHONE),
        ("所属乡镇（街道）", Field.TOWN),
        ("村（社区）", Field.COMMUNITY),
        ("所在网格", Field.GRID),
        ("网格编码", Field.CODE),
        ("岗位/职务", Field.POST),
        ("专/兼职", Field.FULL_TIME),
        ("岗位等级", Field.GRADE),
        ("现任职级（1-18级）", Field.GRADE),
        ("任职时间：", Field.STARTS_ON),
        ("Phone Number", Field.PHONE),
        ("身份证号码", Field.ID_CARD),
        ("民族", None),
        ("备注", None),
    ],
)
def test_a_column_is_known_by_what_counties_call_it(title: str, field: Field | None) -> None:
    assert field_of(title, {}) is field


def test_the_header_is_found_below_titles_and_notes() -> None:
    rows = [
        ("青石镇网格员花名册",),
        ("填报单位：青石镇", "", "2026年11月"),
        (),
        ("序号", "姓名", "手机", "村社区"),
        (1, "陈晓明", "1", "溪口村"),
    ]
    roster = found(xlsx(rows, merged=["A1:D1"]))
    assert (roster.header.top, roster.header.bottom) == (3, 3)
    assert by_field(roster) == {Field.NAME: 1, Field.PHONE: 2, Field.COMMUNITY: 3}
    assert roster.left_out == ["序号"]


def test_a_header_of_two_lines_is_one() -> None:
    rows = [
        ("姓名", "所在单位", "", "", "联系方式", ""),
        ("", "镇街", "村社区", "网格", "手机号", "邮箱"),
        ("陈晓明", "青石镇", "溪口村", "第一网格", "1", ""),
    ]
    roster = found(xlsx(rows, merged=["A1:A2", "B1:D1", "E1:F1"]))
    assert (roster.header.top, roster.header.bottom) == (0, 1)
    assert by_field(roster) == {Field.NAME: 0, Field.TOWN: 1, Field.COMMUNITY: 2, Field.GRID: 3, Field.PHONE: 4}


def test_merged_cells_say_in_each_what_they_say_in_the_first() -> None:
    rows = [
        ("镇街", "村社区", "网格", "姓名"),
        ("青石镇", "溪口村", "第一网格", "甲"),
        ("", "", "第二网格", "乙"),
        ("云溪镇", "", "", "丙"),
    ]
    lines = found(xlsx(rows, merged=["A2:A3", "B2:B3", "A4:C4"])).read().lines
    assert [(each.text(Field.TOWN), each.text(Field.COMMUNITY)) for each in lines] == [
        ("青石镇", "溪口村"), ("青石镇", "溪口村"), ("云溪镇", "云溪镇"),
    ]  # fmt: skip


def test_what_is_only_blank_is_not_filled() -> None:
    lines = found(xlsx([("镇街", "村社区", "姓名"), ("青石镇", "溪口村", "甲"), ("", "上坪村", "乙")])).read().lines
    assert lines[1].text(Field.TOWN) == ""


def test_totals_notes_and_the_header_again_are_passed_over() -> None:
    head = ("姓名", "手机", "镇街")
    rows = [head, ("甲", "1", "青石镇"), head, ("乙", "1", "青石镇"), ("合计：2人",), ("填表人：李四", "", "日期")]
    read = found(xlsx(rows)).read()
    assert ([each.text(Field.NAME) for each in read.lines], read.passed_over) == (["甲", "乙"], 3)


def test_a_column_that_only_counts_is_no_staff_number() -> None:
    rows = [("编号", "姓名", "镇街"), (1, "甲", "青石镇"), (2, "乙", "青石镇"), (3, "丙", "青石镇")]
    roster = found(xlsx(rows))
    assert Field.STAFF_NUMBER not in by_field(roster)
    assert roster.counts == "编号"
    assert Field.STAFF_NUMBER in by_field(found(xlsx([rows[0], ("A1", "甲", "青石镇")])))


def test_of_several_sheets_the_one_with_a_header_is_taken_and_of_two_one_is_asked() -> None:
    roster, other = (
        read_workbook(xlsx([("姓名", "镇街"), ("甲", "青石镇")])).sheets[0],
        read_workbook(xlsx([("说明",)], "说明")).sheets[0],
    )
    one = find_sheet(Workbook((other, roster)), {})
    assert one is not None
    assert one[0] is roster
    assert find_sheet(Workbook((roster, roster)), {}) is None
    with pytest.raises(BadInputError, match="没有叫"):
        find_sheet(Workbook((roster,)), {}, "别的")


def test_what_lacks_a_name_says_so() -> None:
    assert found(xlsx([("谁", "镇街"), ("甲", "青石镇")])).lacking == ["姓名"]
    assert found(xlsx([("姓名", "手机"), ("甲", "1")])).lacking == ["镇街、村社区、网格"]


def test_a_match_by_hand_is_remembered_and_comes_first(registry: Registry) -> None:
    sheet = xlsx([("谁", "姓名", "镇街"), ("甲", "乙", "青石镇")])
    with writing(registry.make) as session:
        remember_columns(session, registry.recognised(sheet), {0: "name", 1: "", 2: "town"})
    again = registry.recognised(sheet)
    assert by_field(again) == {Field.NAME: 0, Field.TOWN: 2}


def test_the_column_of_identity_numbers_is_known_and_left_out() -> None:
    roster = found(xlsx([("姓名", "身份证号", "镇街"), ("甲", "x", "青石镇")]))
    assert roster.id_cards == ["身份证号"]
    assert all(Field.ID_CARD not in line.cells for line in roster.read().lines)
