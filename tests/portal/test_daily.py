"""每日三题 in the portal: the way there, the page, what an answer brings, and whose it is."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from banyan.portal.templating import Shelf
from banyan.records.engine import reading, writing
from banyan.records.learning import FirstAnswer
from banyan.tracker.daily import Today, daily
from grading import questions
from tests.county import COURSE, NOW, TODAY
from tests.portal.conftest import PORTAL, Visit, World
from tests.portal.learners import ask, certify
from tests.tracker.hall import right

DAY = (TODAY + timedelta(days=1)).isoformat()


@pytest.fixture
def learner(world: World) -> Visit:
    """Somebody who read everything yesterday."""
    world.hall.learn()
    world.clock.now = NOW + timedelta(days=1)
    return world.as_(world.hall.learner.person)


def three(world: World) -> list[Today]:
    with reading(world.hall.make) as session:
        return daily(session, world.hall.learner.person.id, world.hall.rulebook, TODAY + timedelta(days=1))


def sent(each: Today, **changes: Any) -> dict[str, Any]:
    asked = each.asked
    return {"course": COURSE, "lesson": asked.lesson, "question": asked.item.id, "day": DAY, "value": right(asked.item)} | changes


def kept(world: World) -> list[tuple[str, bool]]:
    with reading(world.hall.make) as session:
        return [(row.question, row.right) for row in session.query(FirstAnswer)]


def test_the_home_leads_there_with_a_quiet_card_once_something_was_learnt(world: World, learner: Visit) -> None:
    assert "每日三题" not in world.as_(world.hall.neighbour.person).get("/learning").text
    page = learner.get("/learning").text
    assert f'<a class="button plain" href="{PORTAL}/daily">做今天的三题</a>' in page
    assert page.index('class="card next"') < page.index("每日三题")
    assert len(re.findall(r'<a class="button" ', page)) == 1


def test_the_card_says_how_far_one_is_and_then_that_the_day_is_done(world: World, learner: Visit) -> None:
    learner.get("/daily")
    for number, each in enumerate(three(world)):
        assert learner.send("POST", "/daily/answers", sent(each)).status_code == 200
        page = learner.get("/learning").text
        assert ("接着做</a>" in page) == (number < 2)
        assert ("今天的三题做完了，明天见。" in page) == (number == 2)


def test_the_page_asks_three_questions_and_says_which_step_teaches_each(world: World, learner: Visit) -> None:
    page = learner.get("/daily").text
    asked = three(world)
    assert re.findall(r'data-daily="([^"]+)"', page) == [each.asked.name for each in asked]
    for each in asked:
        assert f'href="/services/lessons/{COURSE}/{each.asked.lesson}#{each.asked.step}"' in page


def test_what_can_be_listed_is_taught_without_a_line_in_the_words_of_the_course(world: World, learner: Visit) -> None:
    page = learner.get("/daily").text
    found = re.search(r'id="daily-answers">(.+?)</script>', page)
    assert found
    assert json.loads(found[1]) == [questions.tabulated(each.asked.item) for each in three(world)]


def test_nothing_of_the_exam_is_on_the_page(world: World, learner: Visit) -> None:
    page = learner.get("/daily").text
    assert not [name for name in world.hall.exam.items if f'"{name}"' in page]


def test_an_answer_is_scored_here_kept_and_answered_with_what_it_teaches(world: World, learner: Visit) -> None:
    learner.get("/daily")
    each = three(world)[0]
    reply = learner.send("POST", "/daily/answers", sent(each))
    assert reply.json() == {"right": True, "text": reply.json()["text"]}
    assert learner.send("POST", "/daily/answers", sent(each)).json() == reply.json()
    assert kept(world) == [(each.asked.item.id, True)]


def test_done_is_said_and_nobody_is_counted_ranked_or_shamed(world: World, learner: Visit) -> None:
    learner.get("/daily")
    for each in three(world):
        learner.send("POST", "/daily/answers", sent(each))
    page = learner.get("/daily").text
    assert re.search(r'id="daily-done"[^>]*>', page)
    assert 'id="daily-done" aria-labelledby="daily-end" hidden' not in page
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert not re.search(r"连续|打卡|排名|第一名|积分|得分|正确率", words)


def test_who_has_learnt_nothing_is_told_when_it_begins(world: World) -> None:
    page = world.as_(world.hall.neighbour.person).get("/daily").text
    assert "今天还没有题" in page
    assert "data-daily" not in page


def test_who_holds_the_certificate_is_asked_without_reading_again(world: World) -> None:
    with writing(world.hall.make) as session:
        ask(session, world.hall.learner.person.id)
        certify(session, world)
    assert world.as_(world.hall.learner.person).get("/daily").text.count("data-daily=") == 3


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"question": "no-such"}, 404, id="no such question"),
        pytest.param({"value": {"a": [1]}}, 422, id="no answer to it"),
        pytest.param({"day": "2026-02-30"}, 422, id="no such day"),
        pytest.param({"day": "2027-11-24"}, 422, id="a day to come"),
        pytest.param({"right": True}, 422, id="says itself that it is right"),
    ],
)
def test_what_does_not_fit_is_refused_and_not_kept(world: World, learner: Visit, changes: dict[str, Any], status: int) -> None:
    learner.get("/daily")
    single = next(each for each in three(world) if each.asked.item.type != "numeric")
    reply = learner.send("POST", "/daily/answers", sent(single, **changes))
    assert reply.status_code == status
    assert reply.json()["message"]
    assert kept(world) == []


def test_the_wrong_method_is_refused(learner: Visit) -> None:
    assert learner.get("/daily/answers").status_code == 405
    assert learner.post("/daily").status_code == 405


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_an_answer_waits(world: World, learner: Visit) -> None:
    stranger = world.as_(None)
    assert stranger.get("/daily").status_code == 302
    assert stranger.send("POST", "/daily/answers", sent(three(world)[0])).status_code == 401
    assert kept(world) == []


def test_without_the_seal_nothing_is_kept(world: World, learner: Visit) -> None:
    assert learner.send("POST", "/daily/answers", sent(three(world)[0])).status_code == 403
    assert kept(world) == []


def test_who_has_not_learnt_it_cannot_answer_it(world: World, learner: Visit) -> None:
    neighbour = world.as_(world.hall.neighbour.person)
    neighbour.get("/daily")
    assert neighbour.send("POST", "/daily/answers", sent(three(world)[0])).status_code == 404
    assert kept(world) == []


def test_readers_of_one_phone_are_told_apart_without_being_named(world: World, learner: Visit) -> None:
    other = world.as_(world.hall.neighbour.person)
    world.hall.learn(world.hall.neighbour)
    world.clock.now += timedelta(days=1)
    marks = [re.findall(r'data-reader="([0-9a-f]{16})"', visit.get("/daily").text) for visit in (learner, learner, other)]
    assert marks[0] == marks[1] != marks[2]
    assert len(marks[0]) == 1


def test_the_worker_may_reach_the_page_and_nothing_else_is_let_further(learner: Visit) -> None:
    reply = learner.client.get(Shelf().asset("offline.js"))
    assert reply.headers["service-worker-allowed"] == f"{PORTAL}/daily"
    assert "service-worker-allowed" not in learner.client.get(Shelf().asset("daily.js")).headers
