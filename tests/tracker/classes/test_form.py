"""A province's own form: what it asks for is guessed, put right once, and it comes back filled in with its look kept."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from banyan.errors import BadInputError
from banyan.tracker.classes import form
from banyan.tracker.classes.fields import FIELDS, Field, guess
from banyan.tracker.classes.filling import Values, fill
from banyan.tracker.classes.form import LARGEST, look
from banyan.tracker.classes.grid import Grid, Header
from banyan.tracker.classes.mapping import Mapped, Proposal, propose, read_mapping
from tests.tracker.classes.forms import FIRST, ROWS, opened, province, saved

OF_CLASS = {Field.TITLE: "第三期报告实训", Field.DAYS: "2026年11月23日", Field.INVITED: 5, Field.CAME: 4, Field.RATE: "75%"}
OF_CLASS |= {Field.REPORTED_ON: date(2026, 12, 1)}


def person(number: int, **more: object) -> Values:
    told = {Field.INDEX: number, Field.NAME: f"学员{number}", Field.HOURS: 6.5, Field.SCORE: 88.0, Field.PHONE: "13800000001"}
    return told | {Field[name]: value for name, value in more.items()}


@pytest.fixture(scope="module")
def proposal() -> Proposal:
    return propose(look(province()))


def filled(proposal: Proposal, *people: Values) -> bytes:
    return fill(province(), proposal.guessed, OF_CLASS, people)


def test_a_header_of_two_merged_rows_is_found_and_each_column_guessed(proposal: Proposal) -> None:
    assert (proposal.grid.name, proposal.header.top, proposal.header.bottom) == ("培训情况表", 4, 5)
    assert proposal.header.titles[4] == "基本情况／工作单位"
    assert proposal.guessed.first_row == FIRST
    assert dict(proposal.guessed.columns) == {
        1: Field.INDEX, 2: Field.NAME, 4: Field.PLACE, 5: Field.PHONE, 6: Field.HOURS, 7: Field.SCORE, 8: Field.SERIAL,
    }  # fmt: skip


def test_places_for_the_whole_class_are_found_beside_labels_and_within_a_line(proposal: Proposal) -> None:
    assert dict(proposal.guessed.spots) == {
        "B2": Field.TITLE, "G2": Field.DAYS, "I2": Field.REPORTED_ON,
        "A3#0": Field.INVITED, "A3#1": Field.CAME, "A3#2": Field.RATE,
    }  # fmt: skip


def test_it_comes_back_filled_in(proposal: Proposal) -> None:
    sheet = opened(filled(proposal, person(1), person(2)))
    assert sheet["B2"].value == "第三期报告实训"
    assert sheet["A3"].value == "应到人数：5  实到人数：4  合格率：75%"
    assert [sheet.cell(FIRST, column).value for column in (1, 2, 3, 5, 6, 7)] == [1, "学员1", None, "13800000001", 6.5, 88]
    assert sheet.cell(FIRST + 2, 2).value is None
    assert sheet.cell(FIRST + ROWS, 1).value == "填报人：（签字）", "what stands below stays where it was"
    assert sheet["I2"].value == "2026-12-01"


def test_its_look_is_kept_and_more_people_push_the_signature_down(proposal: Proposal) -> None:
    sheet = opened(filled(proposal, *map(person, range(1, 8))))
    last = FIRST + 6
    assert sheet.cell(last, 2).value == "学员7"
    assert sheet.cell(last, 2).border.left.color.rgb == "00FF0000"
    assert sheet.cell(last, 2).fill.fgColor.rgb == "00FFFF00", "each row looks like the first one"
    assert sheet.row_dimensions[last].height == 30
    assert sheet.cell(last + 1, 1).value == "填报人：（签字）"
    assert sheet.row_dimensions[last + 1].height == 44
    areas = {str(each) for each in sheet.merged_cells.ranges}
    assert {"A1:I1", "D4:E4", f"A{last + 1}:I{last + 1}"} <= areas
    assert f"A{FIRST + ROWS}:I{FIRST + ROWS}" not in areas
    assert (sheet["A1"].font.name, sheet["A1"].font.size, sheet.column_dimensions["D"].width) == ("方正小标宋简体", 20, 33)


@pytest.mark.parametrize("name", ["=1+1", "+8", "-2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.example")'])
def test_what_looks_like_a_formula_stays_a_text(proposal: Proposal, name: str) -> None:
    content = filled(proposal, person(1, NAME=name))
    cell = opened(content).cell(FIRST, 2)
    assert (cell.value, cell.data_type) == (name, "s")
    assert cell.quotePrefix
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert not [each for each in archive.namelist() if "sheet" in each and b"<f>" in archive.read(each)]


def test_a_text_for_the_class_that_looks_like_a_formula_stays_a_text(proposal: Proposal) -> None:
    sheet = opened(fill(province(), proposal.guessed, {Field.TITLE: "=cmd"}, []))
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=cmd", "s")


def test_signs_a_sheet_cannot_hold_are_left_out(proposal: Proposal) -> None:
    assert opened(filled(proposal, person(1, NAME="陈\x00晓\x1f明"))).cell(FIRST, 2).value == "陈晓明"


def test_a_cell_made_for_dates_gets_a_date() -> None:
    book = Workbook()
    book.active.append(["姓名", "发证日期"])
    book.active["B2"].number_format = "yyyy年m月d日"
    mapped = Mapped("Sheet", 2, {1: Field.NAME, 2: Field.ISSUED}, {})
    sheet = opened(fill(saved(book), mapped, {}, [{Field.NAME: "陈", Field.ISSUED: date(2026, 12, 1)}]), "Sheet")
    assert sheet["B2"].value.date() == date(2026, 12, 1)
    assert sheet["B2"].number_format == "yyyy年m月d日"


def test_names_merged_across_columns_are_merged_for_everybody() -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"], sheet["C1"] = "姓名", "成绩"
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("A2:B2")
    mapped = Mapped("Sheet", 2, {1: Field.NAME, 3: Field.SCORE}, {})
    found = opened(fill(saved(book), mapped, {}, [person(1), person(2)]), "Sheet")
    assert {"A2:B2", "A3:B3"} <= {str(each) for each in found.merged_cells.ranges}
    assert (found["A3"].value, found["C3"].value) == ("学员2", 88)


def test_a_mapping_is_read_from_the_form_and_kept_as_json(proposal: Proposal) -> None:
    sent = {"column-2": "p_name", "column-6": "p_all_hours", "spot-B2": "c_course", "first_row": "6"}
    mapped = read_mapping(proposal, sent)
    assert dict(mapped.columns) == {2: Field.NAME, 6: Field.ALL_HOURS}
    assert Mapped.from_json(mapped.to_json()) == mapped


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"first_row": "6"}, "哪一列是姓名"),
        ({"column-2": "p_name", "first_row": "5"}, "表头（到第5行）下面"),
        ({"column-2": "p_name", "first_row": "九"}, "从第几行"),
        ({"column-2": "c_title", "first_row": "6"}, "不认识"),
        ({"column-2": "drop table", "first_row": "6"}, "不认识"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_in_words(proposal: Proposal, sent: dict[str, str], told: str) -> None:
    with pytest.raises(BadInputError, match=told):
        read_mapping(proposal, sent)


def test_a_sheet_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadInputError, match="没有叫"):
        propose([Grid("甲", {(1, 1): "姓名"})], "乙")


@pytest.mark.parametrize(
    ("label", "is_person", "field"),
    [
        ("姓 名*", True, Field.NAME),
        ("考试成绩（百分制）", True, Field.SCORE),
        ("联系电话", True, Field.PHONE),
        ("身份证号", True, None),
        ("培训班名称：", False, Field.TITLE),
        ("注：请如实填写", False, None),
        ("参训学员联系电话", True, Field.PHONE),
        ("本期培训人数", False, Field.INVITED),
        *(
            (each, False, None)
            for each in ("不合格人数", "未到人数", "缺勤人数", "结业人数", "补考合格人数", "不合格率", "报名时间")
        ),
        *((each, True, None) for each in ("实操成绩", "补考成绩", "平时成绩", "实操考核成绩", "体检结果")),
    ],
)
def test_labels_are_guessed_as_provinces_write_them(label: str, is_person: bool, field: Field | None) -> None:
    assert guess(label, is_person) is field


def test_a_column_under_a_group_that_asks_for_something_else_is_guessed_as_nothing() -> None:
    header = Header(1, 2, {1: "实操／成绩", 2: "考试情况／成绩"})
    assert header.guesses == {2: Field.SCORE}


def test_every_field_is_found_by_each_of_its_words() -> None:
    assert [
        (word, field) for field, each in FIELDS.items() for word in each.words if guess(word, field.is_person) is not field
    ] == []


def zipped(**parts: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return made.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    made = BytesIO(province())
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


def merged_without_end(ref: str = "A1:XFD1048576", part: str = "") -> bytes:
    """A form that says one area covers a whole sheet: seventeen thousand million cells; its sheets may lie elsewhere."""
    made, source = BytesIO(), province()
    with zipfile.ZipFile(BytesIO(source)) as old, zipfile.ZipFile(made, "w") as fresh:
        for each in old.namelist():
            content = old.read(each).replace(b'ref="A1:I1"', f'ref="{ref}"'.encode())
            fresh.writestr(
                each.replace("xl/worksheets/", part or "xl/worksheets/"),
                content.replace(b"/xl/worksheets/", f"/{part or 'xl/worksheets/'}".encode()),
            )
    return made.getvalue()


def with_a_hidden_sheet(rows: int, columns: int) -> bytes:
    book = load_workbook(BytesIO(province()))
    hidden = book.create_sheet("旧数据")
    hidden.sheet_state = "hidden"
    hidden.cell(rows, columns).value = "x"
    return saved(book)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"", "没有收到文件", id="nothing"),
        pytest.param(b"name,score\n", "不是 xlsx", id="a csv"),
        pytest.param(b"\xd0\xcf\x11\xe0" + bytes(600), "加了密码", id="an old or encrypted file"),
        pytest.param(zipped(word__document_DOT_xml=b"<w/>"), "不是 xlsx", id="another office file"),
        pytest.param(zipped(xl__workbook_DOT_xml=b"<broken"), "读不出来", id="a broken workbook"),
        pytest.param(with_part("xl/vbaProject.bin", b"x"), "有宏", id="macros"),
        pytest.param(with_part("xl/embeddings/oleObject1.bin", b"x"), "有宏", id="another file inside"),
        pytest.param(with_part("xl/media/big.bin", bytes(31 * 1024 * 1024)), "解开以后太大", id="a bomb"),
        pytest.param(bytes(LARGEST + 1), "超过 2 MB", id="too large"),
        pytest.param(merged_without_end(), "太长、太宽", id="a merged area without end"),
        pytest.param(merged_without_end("$A$1:$XFD$1048576"), "太长、太宽", id="written with dollars"),
        pytest.param(merged_without_end("&#65;1:XFD1048576"), "太长、太宽", id="written with an entity"),
        pytest.param(merged_without_end(part="xl/sheets/"), "太长、太宽", id="in a sheet that lies elsewhere"),
        pytest.param(with_a_hidden_sheet(5000, 1), "太长、太宽", id="a hidden sheet too long"),
        pytest.param(with_a_hidden_sheet(2000, 100), "太长、太宽", id="a hidden sheet of too many cells"),
        pytest.param(saved(Workbook()), "一个字也没有", id="empty"),
    ],
)
def test_a_file_that_is_no_form_is_refused_in_words(content: bytes, told: str) -> None:
    with pytest.raises(BadInputError, match=told):
        look(content)


def test_a_form_too_long_is_refused_in_words() -> None:
    book = Workbook()
    book.active["A5000"] = "x"
    with pytest.raises(BadInputError, match="太长"):
        look(saved(book))


def test_it_is_filled_in_apart_as_it_is_here(proposal: Proposal) -> None:
    people = [person(1, ISSUED=date(2026, 12, 1)), person(2, NAME="=1+1", PHONE=None)]
    apart, here = opened(form.filled(province(), proposal.guessed, OF_CLASS, people)), opened(filled(proposal, *people))
    assert [[cell.value for cell in row] for row in apart] == [[cell.value for cell in row] for row in here]


def test_a_form_that_cannot_be_filled_in_is_told_in_words(proposal: Proposal) -> None:
    with pytest.raises(BadInputError, match="没能填出来"):
        form.filled(b"PK\x03\x04 no form", proposal.guessed, {}, [])


def test_a_form_with_a_title_in_braces_is_filled_in_there() -> None:
    book = Workbook()
    book.active["A1"] = "关于{培训名称}的上报表"
    book.active.append(["姓名", "得分"])
    found = propose(look(saved(book)))
    assert dict(found.guessed.spots) == {"A1#0": Field.TITLE}
    made = fill(saved(book), found.guessed, OF_CLASS, [person(1)])
    assert load_workbook(BytesIO(made)).active["A1"].value == "关于第三期报告实训的上报表"


def test_a_cell_merged_down_from_the_first_row_swallows_nobody() -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"], sheet["B1"], sheet["C1"] = "姓名", "单位", "成绩"
    sheet.merge_cells("B2:B6")
    sheet.merge_cells("C1:C3")
    mapped = Mapped("Sheet", 2, {1: Field.NAME, 2: Field.PLACE, 3: Field.SCORE}, {})
    people = [person(number, PLACE=f"p{number}", SCORE=number) for number in (1, 2, 3)]
    found = opened(fill(saved(book), mapped, {}, people), "Sheet")
    assert [found.cell(row, 2).value for row in (2, 3, 4)] == ["p1", "p2", "p3"]
    assert [found.cell(row, 3).value for row in (1, 2, 3, 4)] == ["成绩", 1, 2, 3]
    assert not found.merged_cells.ranges


def test_heights_of_all_that_stands_below_move_with_it() -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"], sheet["B1"] = "姓名", "成绩"
    for row in range(3, 10):
        sheet.cell(row, 1).value, sheet.row_dimensions[row].height = f"落款{row}", 10 * row
    mapped = Mapped("Sheet", 2, {1: Field.NAME, 2: Field.SCORE}, {})
    found = opened(fill(saved(book), mapped, {}, [person(1), person(2), person(3)]), "Sheet")
    below = [(found.cell(row, 1).value, found.row_dimensions[row].height) for row in range(5, 12)]
    assert below == [(f"落款{row}", 10 * row) for row in range(3, 10)]
