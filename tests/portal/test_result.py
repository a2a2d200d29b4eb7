"""What an exam's result says: passed, three things to practise and a day, or by when it is marked."""

import re
from dataclasses import replace

import pytest

from banyan.domain.examination import State
from banyan.records.engine import writing
from banyan.records.examinations import Submission
from banyan.tracker.outcome import SlotResult
from tests.county import COURSE
from tests.portal.conftest import PORTAL, World
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
    assert page.count("去看“") == 3
    assert "11月23日 22:00以后可以再考" in page


def test_what_must_not_go_wrong_is_named(world: World) -> None:
    page = result_of(world, 0.95, hard_fail="隐瞒人数")
    assert "有一处不能错" in page
    assert "先练这3样" in page, "who showed everything and lost is told what cost most"


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
    path, asks = f"/exams/{attempt.id}/result", f"/exams/{attempt.id}/place"
    mine = world.as_(world.hall.learner.person)
    assert f'data-waits="submitted" data-asks="{PORTAL}{asks}"' in mine.get(path).text
    assert mine.get(asks).json() == {"state": "submitted", "ahead": 0}
    with writing(world.hall.make) as session:
        graded(session, submission, 0.9)
    assert mine.get(asks).json() == {"state": "graded", "ahead": 0}
    assert "data-waits" not in mine.get(path).text
    assert world.as_(world.hall.neighbour.person).get(asks).status_code == 404


def test_an_attempt_not_handed_in_has_no_result(world: World) -> None:
    attempt = world.hall.begin()
    assert world.as_(world.hall.learner.person).get(f"/exams/{attempt.id}/result").status_code == 404


def showed(page: str) -> list[str]:
    found = re.search(r'id="showed".*?<ul class="ticks">(.*?)</ul>', page, re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", found.group(1)) if found else []


def test_it_says_in_plain_words_what_one_showed(world: World) -> None:
    page = result_of(world, 0.9)
    assert len(showed(page)) == 12
    assert "遇到险情，马上打电话报" in showed(page)
    assert not re.search(r"C\d\.\d|能力点|指标", page), "no codes"
    assert "再看看" not in page, "what was shown is not to be practised again"


def test_who_passes_is_told_what_they_did_not_show(world: World) -> None:
    submission = world.hall.hand_in(world.hall.begin())
    with writing(world.hall.make) as session:
        graded(session, submission, 1)
        row = session.get_one(Submission, submission.id)
        results = SlotResult.read(row.scores)
        lost = next(each for each in results if world.hall.exam.items[each.question].indicators == ("C1.3.d",))
        row.scores = SlotResult.keep([replace(each, points=0) if each == lost else each for each in results])
        row.score = 97.0
    page = world.as_(world.hall.learner.person).get("/exams/1/result").text
    assert "漏出去了，马上报告、马上补救" not in showed(page)
    assert "想更稳，再看看这1样" in page


def test_who_showed_nothing_yet_is_told_only_what_to_practise(world: World) -> None:
    page = result_of(world, 0.5)
    assert showed(page) == []
    assert "先练这3样" in page


def test_a_paper_that_waits_for_its_mark_says_nothing_of_either(world: World) -> None:
    page = result_of(world, 0.9, state=State.UNMARKED)
    assert showed(page) == []
    assert "再看看" not in page


def test_what_to_practise_leads_to_the_step_that_teaches_it(world: World) -> None:
    page = result_of(world, 0.4)
    release = world.hall.rulebook.catalogue.newest(COURSE)
    titles = {(lesson.name, step.name): step.title for lesson in release.lessons for step in lesson.steps}
    links = re.findall(rf'href="/services/lessons/{COURSE}/([\w-]+)#([\w-]+)(\.F\d+)?">去看“(.*?)”', page)
    assert len(links) == 3
    assert all(titles[lesson, step] == title for lesson, step, _, title in links)
    assert any(fact for *_, fact, _ in links), "a paragraph, where one is known"
    assert page.index("去练一练") > page.index("先练这3样")


def test_the_page_that_waits_reloads_by_itself_only_where_no_script_asks(world: World) -> None:
    """With a script the page asks quietly: reloaded without a line it would be gone."""
    world.hall.hand_in(world.hall.begin())
    page = world.as_(world.hall.learner.person).get("/exams/1/result").text
    assert '<noscript><meta http-equiv="refresh" content="8"></noscript>' in page
    assert page.count("http-equiv") == 1
