"""What an exam's result says: passed, three things to practise and a day, or by when it is marked."""

import re
from dataclasses import replace

import pytest

from banyan.domain.examination import State
from banyan.records.engine import writing
from banyan.records.examinations import Submission
from banyan.tracker.outcome import SlotResult
from tests.county import COURSE
from tests.portal.conftest import World
from tests.portal.learners import graded


def result_of(world: World, share: float, hard_fail: str | None = None, state: State | None = None) -> str:
    submission = world.hall.hand_in(world.hall.begin())
    with writing(world.hall.make) as session:
        graded(session, submission, share, hard_fail)
        if state:
            session.get_one(Submission, submission.id).state = state.value
    return world.as_(world.hall.learner.person).get("/exams/1/result").text


def test_passing_says_what_is_left(world: World) -> None:
    page = result_of(world, 0.9)
    assert "考试通过了" in page
    assert "90" in page


def test_not_passing_reads_as_three_things_and_a_day(world: World) -> None:
    page = result_of(world, 0.5)
    assert "这次没过，不要紧" in page
    assert "首报要素齐全" not in page, "a learner reads plain words"
    assert page.count("<li><b>") == 3
    assert "去练：" in page
    assert "11月23日 22:00以后可以再考" in page


def test_what_must_not_go_wrong_is_named(world: World) -> None:
    assert "有一处不能错" in result_of(world, 0.95, hard_fail="隐瞒人数")


def test_a_drill_below_its_floor_is_named_when_the_total_would_pass(world: World) -> None:
    submission = world.hall.hand_in(world.hall.begin())
    with writing(world.hall.make) as session:
        graded(session, submission, 1)
        row = session.get_one(Submission, submission.id)
        results = SlotResult.read(row.scores)
        drill = max(results, key=lambda each: each.max_points)
        row.scores = SlotResult.keep([replace(each, points=15.8) if each == drill else each for each in results])
        row.score, row.passed = 95.8, False
    page = world.as_(world.hall.learner.person).get("/exams/1/result").text
    assert "最后的演练至少要16分，这次15.8分" in page


def test_who_fails_elsewhere_hears_nothing_of_the_drill(world: World) -> None:
    assert "最后的演练至少要" not in result_of(world, 0.9, hard_fail="隐瞒人数")


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (State.SUBMITTED, "正在批"),
        (State.UNMARKED, "最晚11月26日"),
        (State.FAILED_TO_GRADE, "要人工处理"),
    ],
)
def test_waiting_says_by_when(world: World, state: State, says: str) -> None:
    assert says in result_of(world, 0.5, state=state)


def test_the_page_that_waits_is_told_where_the_exam_stands_and_how_many_come_first(world: World) -> None:
    attempt = world.hall.begin()
    submission = world.hall.hand_in(attempt)
    path, json = f"/exams/{attempt.id}/result", {"accept": "application/json"}
    mine = world.as_(world.hall.learner.person)
    assert 'data-waits="submitted"' in mine.get(path).text
    assert mine.get(path, headers=json).json() == {"state": "submitted", "ahead": 0}
    with writing(world.hall.make) as session:
        graded(session, submission, 0.9)
    assert mine.get(path, headers=json).json() == {"state": "graded", "ahead": 0}
    assert "data-waits" not in mine.get(path).text
    assert world.as_(world.hall.neighbour.person).get(path, headers=json).status_code == 404


def test_an_attempt_not_handed_in_has_no_result(world: World) -> None:
    attempt = world.hall.begin()
    assert world.as_(world.hall.learner.person).get(f"/exams/{attempt.id}/result").status_code == 404


def test_what_to_practise_leads_to_the_step_that_teaches_it(world: World) -> None:
    page = result_of(world, 0.4)
    release = world.hall.rulebook.catalogue.newest(COURSE)
    steps = {(lesson.name, step.name) for lesson in release.lessons for step in lesson.steps}
    links = re.findall(rf"/services/lessons/{COURSE}/([\w-]+)#([\w-]+)", page)
    assert len(set(links)) <= 3
    assert links
    assert set(links) <= steps
    named = re.findall(rf"<li><b>(.*?)</b><br><a href=\"/services/lessons/{COURSE}/([\w-]+)", page)
    known = {
        each.plain["zh"]: each.code
        for code in release.teaches
        for each in world.hall.rulebook.framework.competency(code).indicators
    }
    for plain, lesson in named:
        of = {name for name, item in release.practice.items() if known[plain] in item.indicators}
        practised = {each.name: len(of & set(each.questions)) for each in release.lessons}
        assert practised[lesson] == max(practised.values()), plain
    assert len(named) == 3
