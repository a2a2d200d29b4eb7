"""One answer at a time over HTTP: opened for one trainer alone, kept sentences, and whose points stand."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from banyan.domain.marking import LEASE
from banyan.portal.app import create_app
from banyan.records.engine import reading
from banyan.records.examinations import Mark
from banyan.records.marking import Remark, RemarkUse
from tests.county import NOW
from tests.portal.office import FrontDoor, Office

LOW = {"row_0": "1", "row_1": "0", "row_2": "0", "row_3": "0"}


@pytest.fixture
def sat(office: Office) -> str:
    """Where 陈晓明's written answer waits; whatever its mark, the exam is failed."""
    submission = office.hall.sat(leave=[f"s0{n}" for n in range(1, 9)])
    office.hall.grade(submission)
    return f"/marking/{submission.id}/{office.hall.slot_of('open')}"


def seen(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"')[0]


def marks(office: Office) -> list[Mark]:
    with reading(office.house.make) as session:
        return list(session.query(Mark))


def test_what_a_colleague_has_open_is_read_and_not_marked(office: Office, sat: str) -> None:
    assert 'name="row-0"' in office.browser("黄老师").open(sat).text
    page = office.browser("何老师").open(sat).text
    assert "黄老师正在批这一份" in page
    assert 'name="row-0"' not in page
    assert "黄老师正在批" in office.browser("何老师").open("/marking").text
    assert "从最急的开始" not in office.browser("何老师").open("/marking").text


def test_leaving_gives_it_back_and_time_does_too(office: Office, sat: str) -> None:
    mine, other = office.browser("黄老师"), office.browser("何老师")
    mine.open(sat)
    assert mine.submit(f"{sat}/leave").status_code == 200
    assert 'name="row-0"' in other.open(sat).text

    later = replace(office.house, clock=lambda: NOW + LEASE + timedelta(seconds=1))
    assert 'name="row-0"' in replace(office, app=create_app(later, FrontDoor())).browser("黄老师").open(sat).text


def test_an_open_page_hears_that_a_colleague_has_marked(office: Office, sat: str) -> None:
    mine = office.browser("黄老师")
    before = seen(mine.open(sat).text)
    assert mine.submit(f"{sat}/hold", seen=before).json() == {"words": ""}
    mine.submit(f"{sat}/leave")
    office.browser("何老师").submit(sat, **LOW)
    assert "另一位老师已经批了这一份" in mine.submit(f"{sat}/hold", seen=before).json()["words"]


def test_saving_after_somebody_else_says_whose_points_stand_and_keeps_what_was_filled_in(office: Office, sat: str) -> None:
    mine = office.browser("黄老师")
    before = seen(mine.open(sat).text)
    office.browser("何老师").submit(sat, **LOW, seen=before)
    reply = mine.submit(sat, **{**LOW, "row_3": "1"}, seen=before, comment="我的话")

    assert reply.status_code == 409
    assert "何老师 10:00 已经批了这一份，给了 1 分" in reply.text
    assert "我的话" in reply.text
    assert [mark.points for mark in marks(office)] == [1.0]
    assert mine.submit(sat, **{**LOW, "row_3": "1"}, seen=seen(reply.text)).status_code == 303
    assert [mark.points for mark in marks(office)] == [2.0]


def test_what_was_marked_already_says_so_and_may_be_changed(office: Office, sat: str) -> None:
    browser = office.browser("黄老师")
    assert "这一份批过了" not in browser.open(sat).text
    browser.submit(sat, **LOW)
    assert "这一份批过了，给了1分" in browser.open(sat).text


def test_a_stranger_neither_holds_nor_keeps_anything(office: Office, sat: str) -> None:
    for way in ("hold", "leave", "remarks", "remarks/remove"):
        for name in ("周老师", "王老师", "陈晓明", "郑国平"):
            reply = office.browser(name).submit(f"{sat}/{way}", comment="一句", remark="1")
            assert reply.status_code in (403, 404), (name, way)
        assert office.browser("黄老师").open(f"{sat}/{way}").status_code == 405
    assert remarks(office) == []


def remarks(office: Office) -> list[Any]:
    with reading(office.house.make) as session:
        return [(row.text, row.row, row.shared) for row in session.query(Remark)]


def test_what_was_written_is_kept_and_the_sheet_comes_back_as_it_was(office: Office, sat: str) -> None:
    browser = office.browser("黄老师")
    fields = {**LOW, "comment": "先写人", "remark-row": "2", "shared": "1"}
    reply = browser.submit(f"{sat}/remarks", **fields)

    assert reply.status_code == 200
    assert "留下了" in reply.text
    assert 'data-text="先写人"' in reply.text
    assert remarks(office) == [("先写人", 2, True)]
    assert marks(office) == []
    assert 'value="1" required checked' in reply.text
    assert 'data-text="先写人"' in office.browser("何老师").open(sat).text or "正在批" in office.browser("何老师").open(sat).text


def test_without_a_word_nothing_is_kept_and_what_to_do_is_said(office: Office, sat: str) -> None:
    reply = office.browser("黄老师").submit(f"{sat}/remarks", **LOW, comment=" ")
    assert reply.status_code == 422
    assert "先在“写给学员的话”里写一句" in reply.text
    assert remarks(office) == []


def test_a_kept_sentence_is_removed_by_its_author(office: Office, sat: str) -> None:
    browser = office.browser("黄老师")
    browser.submit(f"{sat}/remarks", **LOW, comment="先写人", shared="1")
    browser.submit(f"{sat}/leave")
    assert office.browser("何老师").submit(f"{sat}/remarks/remove", remark="1").status_code == 404
    assert len(remarks(office)) == 1
    reply = browser.submit(f"{sat}/remarks/remove", **LOW, remark="1")
    assert "删去了" in reply.text
    assert remarks(office) == []


def test_a_mark_remembers_which_sentences_went_into_it(office: Office, sat: str) -> None:
    browser = office.browser("黄老师")
    browser.submit(f"{sat}/remarks", **LOW, comment="先写人")
    browser.submit(sat, **LOW, comment="先写人", used="1,999,x,-1")
    with reading(office.house.make) as session:
        assert [(row.remark_id, row.person_id) for row in session.query(RemarkUse)] == [(1, office.people["黄老师"].id)]


def test_what_a_class_handed_in_at_once_shows_how_far_the_graders_are(office: Office) -> None:
    browser = office.browser("黄老师")
    assert browser.open("/marking/pace").json() == {"done": 0, "total": 0, "words": ""}
    first, second = office.hall.sat(), office.hall.sat(office.hall.neighbour)
    assert browser.open("/marking/pace").json() == {"done": 0, "total": 2, "words": "2份已经评好0份"}
    assert "刚交的卷子正在自动评分" in browser.open("/marking").text
    office.hall.grade(first, NOW + timedelta(seconds=30))
    later = replace(office, app=create_app(replace(office.house, clock=lambda: NOW + timedelta(seconds=40)), FrontDoor()))
    assert later.browser("黄老师").open("/marking/pace").json() == {
        "done": 1,
        "total": 2,
        "words": "2份已经评好1份 · 大约还要40秒",
    }
    assert office.browser("周老师").open("/marking/pace").json()["total"] == 0
    office.hall.grade(second)
    assert browser.open("/marking/pace").json()["words"] == ""
