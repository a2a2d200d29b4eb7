"""How far somebody has come in the lessons of a course."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banyan.courseware.build import build_course
from banyan.courseware.release import Release
from banyan.errors import NotFoundError
from banyan.records.learning import PracticeAnswer, StepDone
from banyan.records.people import Person
from banyan.tracker.progress import Place, Practised, finish_step, keep_practice, lesson_progress, lesson_state, unfinished
from banyan.tracker.rulebook import Rulebook
from tests.county import COURSE, NOW, County, Places
from tests.courseware.sample import write


@pytest.fixture
def learner(county: County, places: Places) -> Person:
    return county.person("林秀英", places.xikou_1)


def test_a_lesson_is_finished_with_its_last_step_and_not_before(session: Session, learner: Person, rulebook: Rulebook) -> None:
    release = rulebook.catalogue.newest(COURSE)
    first, second = release.lessons[:2]
    for step in first.steps:
        following = unfinished(lesson_progress(session, learner.id, release))
        assert following
        assert following.name == first.name
        finish_step(session, learner.id, release, Place(first.name, step.name), NOW)
    following = unfinished(lesson_progress(session, learner.id, release))
    assert following
    assert (following.name, following.done) == (second.name, 0)


def test_a_step_counts_once(session: Session, learner: Person, rulebook: Rulebook) -> None:
    release = rulebook.catalogue.newest(COURSE)
    place = Place(release.lessons[0].name, release.lessons[0].steps[0].name)
    for _ in range(2):
        finish_step(session, learner.id, release, place, NOW)
    assert session.scalar(select(func.count()).select_from(StepDone)) == 1


def test_a_step_the_course_has_not_is_refused(session: Session, learner: Person, rulebook: Rulebook) -> None:
    release = rulebook.catalogue.newest(COURSE)
    with pytest.raises(NotFoundError):
        finish_step(session, learner.id, release, Place(release.lessons[0].name, "no-such-step"), NOW)


def test_a_step_put_in_later_leaves_read_what_was_read(session: Session, learner: Person, tmp_path: Path) -> None:
    sample = write(tmp_path)

    def build() -> Release:
        return build_course(sample.courses, "x-1", sample.content, tmp_path / "releases", NOW)

    def state(release: Release) -> tuple[int, int]:
        (lesson,) = lesson_progress(session, learner.id, release)
        return lesson.done, lesson.steps

    old = build()
    for step in old.lesson("first").steps:
        finish_step(session, learner.id, old, Place("first", step.name), NOW)
    assert state(old) == (2, 2)

    sample.change("lessons/first.md", "(sums)=\n## 算一算", "(between)=\n## 中间一步\n\n新的{fact}`F1`。\n\n(sums)=\n## 再算一算")
    new = build()
    assert [each.name for each in new.lesson("first").steps] == ["one-night", "between", "sums"]
    assert state(new) == (2, 3)
    assert set(lesson_state(session, learner.id, "x-1", "first")[0]) == {"one-night", "sums"}
    finish_step(session, learner.id, new, Place("first", "between"), NOW)
    assert state(new) == (3, 3)


def test_the_latest_practice_answer_is_kept_and_shown_again(session: Session, learner: Person) -> None:
    for value, right in (("A", False), ("B", True)):
        keep_practice(session, learner.id, COURSE, Practised("first-report", "immediate-oral", value, right), NOW)
    assert session.scalar(select(func.count()).select_from(PracticeAnswer)) == 1
    assert lesson_state(session, learner.id, COURSE, "first-report") == ([], {"immediate-oral": "B"})
    assert lesson_state(session, learner.id + 1, COURSE, "first-report") == ([], {})
