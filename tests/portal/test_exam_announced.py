"""An exam room is announced where a learner looks first, on their home page and the course's: day, place, what to bring."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from banyan.records.engine import writing
from banyan.records.invigilation import ExamRoom
from banyan.tracker.exam_rooms import Plan, close_room, open_room
from tests.county import COURSE, NOW
from tests.portal.conftest import World
from tests.portal.learners import ask, graded
from tests.tracker.test_exam_rooms import settle

PLACE = "镇政府二楼会议室"
PAGES = ("/learning", f"/courses/{COURSE}")


@pytest.fixture
def world(world: World) -> World:
    with writing(world.hall.make) as session:
        ask(session, world.hall.learner.person.id)
    world.hall.learn()
    return world


def announce(world: World, days: int = 3) -> int:
    hall, begins = world.hall, NOW + timedelta(days=days)
    with writing(hall.make) as session:
        plan = Plan(COURSE, hall.trainer.units[0].path, begins, begins + timedelta(hours=2), PLACE)
        return open_room(session, plan, hall.trainer, hall.rulebook, NOW).id


def pages(world: World) -> list[str]:
    visit = world.as_(world.hall.learner.person)
    return [visit.get(path).text for path in PAGES]


def test_who_may_sit_anywhere_reads_where_somebody_invigilates(world: World) -> None:
    assert all("监考" not in page for page in pages(world))
    announce(world)
    for page in pages(world):
        assert "想在老师监考下考的，11月26日" in page
        assert PLACE in page
        assert "去考试" in page


def test_who_must_sit_in_a_room_reads_day_and_place_and_that_the_code_is_told_there(world: World) -> None:
    settle(world.hall, "yes")
    for page in pages(world):
        assert "要在老师眼前考，老师定好时间和地点，会写在这里" in page
        assert "去考试" not in page
    room = announce(world)
    for page in pages(world):
        assert f"11月26日 10:00在{PLACE}考，有老师监考；考场码到了那里再报" in page.replace("周四 ", "")
    rules = world.as_(world.hall.learner.person).get(f"/courses/{COURSE}/exam").text
    assert "没有考场码，不能开考" in rules
    with writing(world.hall.make) as session:
        close_room(session, room, world.hall.trainer, NOW)
    assert all(PLACE not in page for page in pages(world))


def test_the_code_itself_is_on_no_page_of_a_learner(world: World) -> None:
    announce(world, days=0)
    with writing(world.hall.make) as session:
        code = session.scalars(select(ExamRoom.code)).one()
    visit = world.as_(world.hall.learner.person)
    assert all(code not in page for page in (*pages(world), visit.get(f"/courses/{COURSE}/exam").text))
    assert all("今天10:00" in page for page in pages(world))


def test_whoever_lives_elsewhere_reads_nothing_of_it(world: World) -> None:
    hall = world.hall
    with writing(hall.make) as session:
        plan = Plan(COURSE, hall.stranger.units[0].path, NOW, NOW + timedelta(hours=2), PLACE)
        open_room(session, plan, hall.stranger, hall.rulebook, NOW)
    assert all(PLACE not in page for page in pages(world))


def test_begun_elsewhere_without_a_room_is_refused_in_words(world: World) -> None:
    settle(world.hall, "yes")
    visit = world.as_(world.hall.learner.person)
    visit.get(f"/courses/{COURSE}/exam")
    reply = visit.post(f"/courses/{COURSE}/exam")
    assert reply.status_code == 409
    assert "要有老师监考" in reply.text


def test_who_did_not_pass_reads_on_the_result_where_they_may_sit_again(world: World) -> None:
    hall = world.hall
    submission = hall.hand_in(hall.begin())
    with writing(hall.make) as session:
        graded(session, submission, 0.4)
    settle(hall, "yes")
    visit = world.as_(hall.learner.person)
    assert "老师定好时间和地点，会写在这里" in visit.get("/exams/1/result").text
    announce(world)
    page = visit.get("/exams/1/result").text
    assert "以后可以再考" in page
    assert f"在{PLACE}考，有老师监考" in page
