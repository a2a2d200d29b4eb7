"""An exam that may be begun only between two moments: the page says when, and refuses politely."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from banyan.domain.calendar import COUNTY_TIME
from banyan.records.engine import Sessions, reading, writing
from banyan.records.examinations import Attempt
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
    assert "12-01 08:00才开始" in reply.text
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
    assert "已经截止" in visit.get("/learning").text
    reply = visit.post(START)
    assert reply.status_code == 409
    assert "12-03 18:00已经截止" in reply.text
    assert begun(world) == 0
