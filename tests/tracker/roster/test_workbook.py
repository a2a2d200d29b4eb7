"""Files as counties have them, and files nobody should send: read within limits, or told in words."""

import os
import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from banyan.errors import BadInputError
from banyan.tracker.roster.cells import LEFT_OUT
from banyan.tracker.roster.workbook import Workbook, read_workbook
from tests.tracker.roster.old_formats import compound, ods, xls
from tests.tracker.roster.registry import xlsx

ROWS = (("姓名", "手机", "镇街"), ("陈晓明", "13800000001", "青石镇"))
ID = "350102199003070011"  # invented; its last digit is not the right one
RIGHT_ID = ID[:17] + "2"


def texts(book: Workbook) -> list[list[Any]]:
    return [list(row) for row in book.sheets[0].rows]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(xlsx(ROWS), id="xlsx"),
        pytest.param(xls(ROWS), id="xls"),
        pytest.param(ods(ROWS), id="ods"),
        pytest.param("\n".join(map(",".join, ROWS)).encode("gb18030"), id="CSV in GB18030"),
        pytest.param("\n".join(map(",".join, ROWS)).encode("utf-8-sig"), id="CSV in UTF-8 with a mark"),
        pytest.param("\n".join(map("\t".join, ROWS)).encode("utf-16"), id="text as Excel saves it"),
        pytest.param("\r\n".join(map(";".join, ROWS)).encode(), id="CSV with semicolons"),
    ],
)
def test_a_roster_is_read_whatever_it_was_saved_as(content: bytes) -> None:
    assert texts(read_workbook(content)) == [list(row) for row in ROWS]


@pytest.mark.parametrize("early", [False, True], ids=["1900", "1904"])
def test_days_are_the_same_in_both_ways_of_counting(early: bool) -> None:
    book = read_workbook(
        xlsx([("姓名", "任职时间"), ("陈晓明", date(2024, 3, 1))], default_date_format="yyyy-mm-dd", date_1904=early)
    )
    assert texts(book)[1] == ["陈晓明", date(2024, 3, 1)]


def test_what_is_kept_is_what_was_read() -> None:
    book = read_workbook(xlsx([("姓名", "天"), ("陈晓明", date(2024, 3, 1)), ("", 13800000001)], merged=["A2:A3"]))
    assert Workbook.of_lines(book.lines()) == book


def test_a_formula_is_its_value_and_control_characters_are_gone() -> None:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        page = made.add_worksheet()
        page.write_formula("A1", '=HYPERLINK("http://x","姓名")', None, "姓名")
        page.write_string("B1", "青\u200b石\u202e镇\n街")
    assert texts(read_workbook(stream.getvalue())) == [["姓名", "青石镇 街"]]


@pytest.mark.parametrize(
    "cell", [RIGHT_ID, f"证号{RIGHT_ID}。", int(RIGHT_ID[:15] + "000")], ids=["alone", "in a text", "as a number"]
)
def test_an_identity_number_is_blanked_wherever_it_stands(cell: Any) -> None:
    book = read_workbook(xlsx([("姓名", "备注"), ("陈晓明", cell)]))
    assert RIGHT_ID[:15] not in str(book)
    assert LEFT_OUT in str(texts(book)[1][1])


def test_a_grid_s_code_that_only_looks_like_an_identity_number_stays() -> None:
    assert texts(read_workbook(xlsx([("网格编码",), (ID,)])))[1] == [ID]


def test_five_megabytes_of_pictures_do_not_matter() -> None:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        page = made.add_worksheet("名册")
        for row, cells in enumerate(ROWS):
            page.write_row(row, 0, cells)
        for number in range(5):
            page.insert_image(number * 3, 5, f"{number}.png", {"image_data": BytesIO(picture(1024 * 1024))})
    content = stream.getvalue()
    assert len(content) > 5 * 1024 * 1024
    assert texts(read_workbook(content)) == [list(row) for row in ROWS]


def picture(size: int) -> bytes:
    """Return a picture that no packing makes smaller, each another one."""
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x02\x00\x00\x00" + b"\x90\x91h6"
    return head + os.urandom(size)


def sparse() -> bytes:
    """One value far down and right: a reader that believes it asks for 500 GB."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        page = made.add_worksheet()
        page.write(0, 0, "姓名")
        page.write(1_048_575, 16_383, "x")
    return stream.getvalue()


def bomb() -> bytes:
    stream = BytesIO(xlsx(ROWS))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * 200 * 1024 * 1024)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "是空的", id="nothing"),
        pytest.param(xlsx([]), "没有内容", id="an empty sheet"),
        pytest.param(compound("EncryptedPackage", b"x" * 5000), "加了密码", id="with a password"),
        pytest.param(sparse(), "读到一半读不下去", id="a value in the last cell"),
        pytest.param(bomb(), "解开以后太大", id="a zip bomb"),
        pytest.param(b"PK\x03\x04" + b"x" * 100, "读不出来", id="a broken archive"),
        pytest.param(xlsx(ROWS)[:2000], "读不出来", id="cut off"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00" * 50, "读不出来", id="a picture"),
        pytest.param(b"PK\x03\x04" + bytes(10 * 1024 * 1024), "超过 10 MB", id="too large"),
        pytest.param(b"x" * (20 * 1024 * 1024 + 1), "CSV 文件超过 20 MB", id="too large a text"),
        pytest.param(b"a,b\n" * 120_200, "超过 12 万行", id="too long"),
    ],
)
def test_what_cannot_be_read_is_told_in_words(content: bytes, words: str) -> None:
    with pytest.raises(BadInputError) as told:
        read_workbook(content)
    assert words in str(told.value)
