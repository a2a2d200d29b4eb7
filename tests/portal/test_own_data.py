"""我的资料: read on a page, taken away as a table or for programs; one's own only."""

import json
from io import BytesIO

from python_calamine import CalamineWorkbook

from tests.portal.conftest import World


def test_one_reads_what_is_kept_what_for_and_how_long(world: World) -> None:
    world.hall.sat()
    page = world.as_(world.hall.learner.person).get("/my-data")
    assert page.status_code == 200
    assert "考试的回答" in page.text
    assert "和证书一样长" in page.text
    assert "证书要不要保留的复查" in page.text.split("没有的")[1]


def test_the_table_has_a_sheet_for_each_kind(world: World) -> None:
    world.hall.sat()
    reply = world.as_(world.hall.learner.person).get("/my-data/all.xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(reply.content))
    assert {"您是谁", "考试", "考试的回答", "学过的步骤"} <= set(book.sheet_names)
    rows = book.get_sheet_by_name("您是谁").to_python()
    assert world.hall.learner.person.staff_number in rows[3]
    assert world.hall.neighbour.person.name not in str(rows)


def test_a_program_reads_the_same(world: World) -> None:
    world.hall.sat()
    reply = world.as_(world.hall.learner.person).get("/my-data/all.json")
    told = json.loads(reply.content)
    parts = {each["name"]: each["rows"] for each in told["parts"]}
    assert parts["您是谁"][0]["姓名"] == world.hall.learner.person.name
    assert len(parts["考试"]) == 1
    assert "password_hash" not in reply.text


def test_a_reader_of_english_gets_english_words(world: World) -> None:
    page = world.as_(world.hall.learner.person).get("/my-data?lang=en")
    assert "My data" in page.text
    assert "您" not in page.text.replace(world.hall.learner.person.name, "")
