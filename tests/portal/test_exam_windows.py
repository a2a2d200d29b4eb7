"""An exam that may be begun only between two moments: the page says when, and refuses politely."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from starlette.requests import Request

from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.examination import State
from banyan.domain.readiness import Halt
from banyan.portal.desks.unfinished import THEIRS
from banyan.portal.desks.words import then_words
from banyan.portal.pages import Page
from banyan.records.engine import Sessions, reading, writing
from banyan.records.examinations import Attempt, Submission
from banyan.tracker.reminders import unfinished
from tests import house
from tests.county import COURSE
from tests.portal.conftest import World
from tests.portal.learners import ask
from tests.tracker.hall import Hall, open_hall

START = f"/courses/{COURSE}/exam"
OPENS = datetime(2026, 12, 1, 8, 0, tzinfo=COUNTY_TIME)
CLOSES = datetime(2026, 12, 3, 18, 0, tzinfo=COUNTY_TIME)


@pytest.fixture
def hall(make: Sessions, tmp_path: Path) -> Hall:
    courses = house.under_conditions(tmp_path / "courses", "opens_at: 2026-12-01 08:00", "closes_at: 2026-12-03 18:00")
    return open_hall(make, house.rulebook(tmp_path / "releases", courses), tmp_path / "gradebooks")


@pytest.fixture
def world(world: World) -> World:
    with writing(world.hall.make) as session:
        ask(session, world.hall.learner.person.id)
    world.hall.learn()
    return world


def begun(world: World) -> int:
    with reading(world.hall.make) as session:
        return session.query(Attempt).count()


def test_before_it_opens_the_pages_say_when_and_nothing_is_begun(world: World) -> None:
    visit = world.as_(world.hall.learner.person)
    page = visit.get(START).text
    assert "考试还没开始" in page
    assert "12月1日 08:00" in page
    assert "开始考试" not in page
    assert "考试12月1日 08:00开始" in visit.get("/learning").text.replace("周二 ", "")
    reply = visit.post(START)
    assert reply.status_code == 409
    assert "12月1日 08:00才开始" in reply.text
    assert begun(world) == 0


def test_within_its_window_it_is_begun_and_runs_its_own_minutes(world: World) -> None:
    visit = world.as_(world.hall.learner.person)
    world.clock.now = CLOSES
    assert "要在这以前开考" in visit.get(START).text
    reply = visit.post(START)
    assert reply.status_code == 303
    world.clock.now = CLOSES + timedelta(minutes=39)
    assert visit.get(reply.headers["location"].removeprefix("/services/portal")).status_code == 200
    assert begun(world) == 1


def test_after_it_closed_the_pages_say_so_and_whom_to_ask(world: World) -> None:
    visit = world.as_(world.hall.learner.person)
    world.clock.now = CLOSES + timedelta(seconds=1)
    page = visit.get(START).text
    assert "考试已经截止" in page
    assert "请给老师打个电话" in page
    assert "已经赶不上了" in visit.get("/learning").text
    reply = visit.post(START)
    assert reply.status_code == 409
    assert "12月3日 18:00要开考，已经赶不上了" in reply.text
    assert begun(world) == 0


@pytest.mark.parametrize(
    ("now", "stands", "then"),
    [
        pytest.param(OPENS - timedelta(days=2), Halt.NOT_OPEN, "12月1日 08:00才能考，到时再请他去", id="before"),
        pytest.param(OPENS, Halt.TO_SIT, "请他去考试", id="within"),
        pytest.param(CLOSES + timedelta(days=1), Halt.CLOSED, "12月3日 18:00已经截止，请和老师商量什么时候再考", id="after"),
    ],
)
def test_the_list_of_the_unfinished_says_when_the_exam_is(world: World, now: datetime, stands: Halt, then: str) -> None:
    hall = world.hall
    with reading(hall.make) as session:
        paths = [unit.path for unit in hall.learner.units]
        (line,) = unfinished(session, paths, hall.rulebook.programmes[0], hall.rulebook, now)
    assert line.halt is stands
    page = Page(Request({"type": "http", "query_string": b"lang=zh-Hans", "headers": []}), None)  # type: ignore[arg-type]
    assert then_words(page, line.halt, line.way.moment).replace("周二 ", "").replace("周四 ", "") == then


def test_nobody_is_told_to_go_to_an_exam_that_is_not_open(world: World) -> None:
    assert not {Halt.NOT_OPEN, Halt.CLOSED} & THEIRS, "the text for the group is for whose next step is their own"


def test_who_fails_too_late_to_try_again_is_told_so_and_no_moment_that_never_comes(world: World) -> None:
    world.clock.now = CLOSES - timedelta(hours=2)
    visit = world.as_(world.hall.learner.person)
    attempt = world.hall.begin(now=world.clock.now)
    submission = world.hall.hand_in(attempt, world.clock.now)
    failed(world, submission)
    page = visit.get(f"/exams/{attempt.id}/result").text
    assert "两次考试要隔12小时，这门考试最晚" in page
    assert "以后可以再考" not in page
    page = visit.get(START).text
    assert "这次赶不上了" in page
    assert "已经截止" not in page
    assert "已经赶不上了" in visit.post(START).text


def failed(world: World, submission: Submission) -> None:
    with writing(world.hall.make) as session:
        row = session.get_one(Submission, submission.id)
        row.state, row.passed, row.score, row.total = State.GRADED, False, 40.0, 100.0
        row.scores, row.graded_at = {}, world.clock.now
