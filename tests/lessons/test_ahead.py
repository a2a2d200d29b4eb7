"""At the end of a lesson there is always one thing to go on with."""

import pytest

from banyan.courseware.catalogue import Catalogue
from banyan.lessons.ahead import next_lesson
from banyan.tracker.progress import LessonProgress
from tests.lessons.conftest import GRID_WORKER, LittleHouse, Reader


@pytest.mark.parametrize(
    ("finished", "read", "then"),
    [
        pytest.param("", "a", "b", id="the one after"),
        pytest.param("b", "a", "c", id="not one that is done"),
        pytest.param("b", "c", "a", id="one left out before"),
        pytest.param("abc", "b", None, id="all are done"),
        pytest.param("ab", "c", None, id="this was the last"),
    ],
)
def test_the_next_lesson_is_one_not_finished(finished: str, read: str, then: str | None) -> None:
    lessons = [LessonProgress(each, {"zh": each}, 9, done=int(each in finished), steps=1) for each in "abc"]
    found = next_lesson(lessons, read)
    assert (found and found.name) == then


def test_after_the_last_lesson_comes_the_exam(stranger: Reader, little: LittleHouse) -> None:
    stranger.sign_in(GRID_WORKER)
    release = Catalogue(little.home.releases).newest("x-1")
    assert f"下一课：{release.lessons[1].title.zh}" in stranger.lesson("first").text
    for lesson in release.lessons:
        for step in lesson.steps:
            assert stranger.tell("steps", lesson=lesson.name, step=step.name).status_code == 200
    page = stranger.lesson("quiet").text
    assert '<a class="button" href="/services/portal/courses/x-1/exam">去考试</a>' in page
    assert '<a class="button plain" href="/services/portal/courses/x-1">回课程</a>' in page
