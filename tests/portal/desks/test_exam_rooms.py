"""Invigilating at the desk and in the room: open it, call out the code, tick, and what the learners' pages do with it."""

import re

import pytest
from sqlalchemy import select

from banyan.records.engine import reading, writing
from banyan.records.examinations import Attempt
from banyan.records.invigilation import ExamPresence, ExamRoom
from tests.county import COURSE, TODAY
from tests.portal.office import Browser, Office, certify

FORM = {"course": COURSE, "day": TODAY.isoformat(), "begins": "10:00", "ends": "12:00", "place": "镇政府二楼会议室"}
RULES = f"/courses/{COURSE}/exam"


@pytest.fixture
def room(office: Office) -> ExamRoom:
    office.hall.learn()
    reply = office.browser("黄老师").submit("/exam-rooms", **FORM, unit=office.at.qingshi.code)
    assert reply.status_code == 303
    with reading(office.house.make) as session:
        return session.scalars(select(ExamRoom)).one()


def tick(office: Office, room: ExamRoom, name: str, by: str = "黄老师") -> object:
    number = office.people[name].id
    return office.browser(by).submit(f"/exam-rooms/{room.id}/roll", shown=number, present=number)


def attempts(office: Office) -> list[int | None]:
    with reading(office.house.make) as session:
        return list(session.scalars(select(Attempt.room_id)))


def present(office: Office) -> list[int]:
    with reading(office.house.make) as session:
        return list(session.scalars(select(ExamPresence.person_id)))


def main(browser: Browser, path: str) -> str:
    return browser.open(path).text.partition("<main")[2].partition("</main>")[0]


def test_a_trainer_opens_a_room_and_reads_its_code_out(office: Office, room: ExamRoom) -> None:
    browser = office.browser("黄老师")
    page = main(browser, f"/exam-rooms/{room.id}")
    assert f"{room.code[:3]} {room.code[3:]}" in page
    assert "现在可以开考" in page
    assert "陈晓明" in page  # has learnt all and not sat the exam
    assert "林秀英" not in page
    assert "镇政府二楼会议室" in main(browser, "/exam-rooms")
    for asked in ("秀英", "lxy", "linxiu", office.people["林秀英"].staff_number):
        assert "林秀英" in main(browser, f"/exam-rooms/{room.id}?q={asked}")


def test_a_learner_in_the_room_begins_with_the_code(office: Office, room: ExamRoom) -> None:
    learner = office.browser("陈晓明")
    assert "监考正在镇政府二楼会议室" in main(learner, RULES)
    assert tick(office, room, "陈晓明").headers["location"].endswith("?kept=1#roll")
    reply = learner.submit(RULES, code=f"{room.code[:3]} {room.code[3:]}")
    assert re.fullmatch(r"/services/portal/exams/\d+", reply.headers["location"])
    assert attempts(office) == [room.id]
    page = main(office.browser("黄老师"), f"/exam-rooms/{room.id}")
    assert "正在考，10:40交卷" in page
    assert "1个人开考了" in page


def test_a_wrong_code_begins_nothing_and_says_whom_to_ask(office: Office, room: ExamRoom) -> None:
    learner = office.browser("陈晓明")
    for code in (room.code, "000 000", "abc"):  # not ticked, no code of anybody, no code at all
        reply = learner.submit(RULES, code=code)
        assert reply.status_code == 422
        assert "请监考老师看看" in reply.text
    assert attempts(office) == []
    tick(office, room, "陈晓明")
    for _ in range(2):
        learner.submit(RULES, code="000001")
    reply = learner.submit(RULES, code=room.code)
    assert reply.status_code == 409
    assert "输错太多次" in reply.text
    assert attempts(office) == []


def test_without_the_code_one_sits_it_alone_and_that_is_kept(office: Office, room: ExamRoom) -> None:
    tick(office, room, "陈晓明")
    office.browser("陈晓明").submit(RULES, code=" ")
    assert attempts(office) == [None]


def test_who_has_no_room_is_asked_for_no_code(office: Office) -> None:
    office.hall.learn()
    assert "考场码" not in main(office.browser("陈晓明"), RULES)


def test_a_closed_room_shows_no_code(office: Office, room: ExamRoom) -> None:
    browser = office.browser("黄老师")
    assert browser.submit(f"/exam-rooms/{room.id}/close").status_code == 303
    page = main(browser, f"/exam-rooms/{room.id}")
    assert room.code[3:] not in page
    assert "结束了" in page
    assert "考场码" not in main(office.browser("陈晓明"), RULES)
    assert tick(office, room, "陈晓明").status_code == 422


@pytest.mark.parametrize("wrong", [{"day": ""}, {"begins": "x"}, {"ends": "09:00"}, {"place": ""}])
def test_a_form_that_does_not_fit_is_shown_again(office: Office, wrong: dict[str, str]) -> None:
    reply = office.browser("黄老师").submit("/exam-rooms", **{**FORM, **wrong}, unit=office.at.qingshi.code)
    assert reply.status_code == 422
    assert 'role="alert"' in reply.text
    with reading(office.house.make) as session:
        assert session.scalars(select(ExamRoom)).all() == []


@pytest.mark.parametrize("name", ["陈晓明", "周老师", "王老师", "郑国平", "周建国", "何立新"])
def test_a_room_is_there_for_its_trainers_only(office: Office, room: ExamRoom, name: str) -> None:
    browser = office.browser(name)
    assert browser.open(f"/exam-rooms/{room.id}").status_code in (403, 404)
    assert browser.submit(f"/exam-rooms/{room.id}/close").status_code in (403, 404)
    assert tick(office, room, "陈晓明", by=name).status_code in (403, 404)
    assert room.place not in browser.open("/exam-rooms").text
    assert browser.submit("/exam-rooms", **FORM, unit=office.at.xikou.code).status_code in (403, 404)
    assert present(office) == []


def test_nobody_of_another_town_is_ticked(office: Office, room: ExamRoom) -> None:
    assert tick(office, room, "张远").status_code == 404
    assert present(office) == []


def test_the_verify_page_says_that_an_exam_was_not_invigilated(office: Office) -> None:
    with writing(office.house.make) as session:
        certificate = certify(session, office.people["陈晓明"], office.house.rulebook)
    assert "<dd>无监考</dd>" in office.browser().open(f"/verify/{certificate.serial}").text
