"""When the disk is full nothing is taken for saved, and people are told so in words; a clock that jumps back loses nothing."""

from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from banyan.records.examinations import Attempt
from tests.portal.conftest import Visit, World
from tests.portal.test_exam import begun, kept, slot_of

LONG = "𠮷" * 390  # written down as twelve bytes each: more than a page of the file


@pytest.fixture
def sitting(world: World) -> tuple[World, Visit, Attempt, str]:
    """Somebody whose first answer is saved when the disk fills up: SQLite itself says that it is full."""
    visit, attempt = begun(world)
    slot, _ = slot_of(world, attempt, "open")
    assert visit.send("PUT", f"/exams/{attempt.id}/answers/{slot}", {"seq": 1, "value": "先"}).status_code == 200
    engine = world.hall.make.kw["bind"]
    with closing(engine.raw_connection()) as raw:
        raw.driver_connection.execute("VACUUM")  # no page is left over from a migration
    event.listen(engine, "checkout", _no_more_pages)
    return world, visit, attempt, slot


def _no_more_pages(connection: Any, _record: Any, _proxy: Any) -> None:
    connection.execute("PRAGMA max_page_count = 1")  # it is never set below what there is


def test_an_answer_the_disk_has_no_room_for_is_not_acknowledged(sitting: tuple[World, Visit, Attempt, str]) -> None:
    world, visit, attempt, slot = sitting
    reply = visit.send("PUT", f"/exams/{attempt.id}/answers/{slot}", {"seq": 2, "value": LONG})
    assert reply.status_code == 507
    assert "磁盘满了" in reply.json()["message"]
    assert reply.headers["retry-after"]
    assert kept(world, attempt) == {slot: "先"}


def test_a_page_says_so_in_words_and_what_was_saved_is_still_read(sitting: tuple[World, Visit, Attempt, str]) -> None:
    _, visit, attempt, slot = sitting
    reply = visit.send("PUT", f"/exams/{attempt.id}/answers/{slot}", {"seq": 2, "value": LONG}, accept="text/html")
    assert reply.status_code == 507
    assert "没有保存" in reply.text
    assert "先" in visit.get(f"/exams/{attempt.id}").text


def test_answers_are_kept_and_the_paper_handed_in_while_the_clock_jumps_back(world: World) -> None:
    visit, attempt = begun(world)
    slot, _ = slot_of(world, attempt, "open")
    path = f"/exams/{attempt.id}/answers/{slot}"
    assert visit.send("PUT", path, {"seq": 1, "value": "先"}).status_code == 200
    world.clock.now -= timedelta(hours=5)
    assert visit.send("PUT", path, {"seq": 2, "value": "后"}).status_code == 200
    assert kept(world, attempt)[slot] == "后"
    reply = visit.post(f"/exams/{attempt.id}/submit")
    assert reply.status_code in (200, 303), reply.text
