"""每日三题: from what was learnt, a mistake comes back, an answer that waited for its line belongs to its day."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banyan.domain.framework import Kind
from banyan.domain.spacing import THREE
from banyan.errors import BadInputError, NotFoundError
from banyan.records.learning import Assignment, FirstAnswer, PracticeAnswer
from banyan.records.people import Person
from banyan.tracker.awards import certificates_of, revoke
from banyan.tracker.daily import Given, Today, answer_daily, daily, learnt
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.people import find_me
from banyan.tracker.progress import Place, Practised, finish_step, keep_practice, lesson_state
from banyan.tracker.rulebook import Rulebook
from grading import questions
from tests.county import COURSE, NOW, TODAY, County, Places
from tests.tracker.hall import finish_lessons, right

ONE = timedelta(days=1)
TOMORROW = TODAY + ONE


@pytest.fixture
def learner(county: County, places: Places) -> Person:
    return county.person("林秀英", places.xikou_1)


@pytest.fixture
def reader(session: Session, learner: Person, rulebook: Rulebook) -> Person:
    """Somebody who has read everything today."""
    finish_lessons(session, learner.id, rulebook)
    return learner


def given(each: Today, value: Any, day: date) -> Given:
    return Given(each.asked.release.course, each.asked.lesson, each.asked.item.id, value, day)


def wrong(item: questions.Item) -> Any:
    """Return an answer to a question that is wrong and can be listed."""
    table = questions.tabulated(item)
    assert table
    kind = questions.type_of(item)
    values = kind.answers(item)
    assert values
    return next(value for value in values if not kind.feedback(item, value).right)


def names(three: list[Today]) -> list[str]:
    return [each.asked.item.id for each in three]


def test_nobody_is_asked_what_they_have_not_read_before_that_day(session: Session, learner: Person, rulebook: Rulebook) -> None:
    assert daily(session, learner.id, rulebook, TODAY) == []
    lesson = rulebook.catalogue.newest(COURSE).lessons[0]
    for step in lesson.steps:
        finish_step(session, learner.id, rulebook.catalogue.newest(COURSE), Place(lesson.name, step.name), NOW)
    assert daily(session, learner.id, rulebook, TODAY) == []
    asked = daily(session, learner.id, rulebook, TOMORROW)
    assert len(asked) == THREE
    assert {each.asked.lesson for each in asked} == {lesson.name}


def test_one_step_read_brings_only_its_own_questions(session: Session, learner: Person, rulebook: Rulebook) -> None:
    release = rulebook.catalogue.newest(COURSE)
    question, (lesson, step) = next((name, at) for name, at in release.asked_at.items() if at[1])
    finish_step(session, learner.id, release, Place(lesson, step), NOW)
    found = {each.item.id for each in learnt(session, learner.id, rulebook, TOMORROW)}
    assert question in found
    assert found == {name for name, at in release.asked_at.items() if at in ((lesson, step), (lesson, ""))}


def certify(session: Session, person: Person, rulebook: Rulebook) -> None:
    session.add(Assignment(person_id=person.id, programme="ER-T1", due_on=TODAY, assigned_at=NOW))
    for code, level in rulebook.programme("ER-T1").targets.items():
        competency = rulebook.framework.competency(code)
        for kind in (Kind.OA, Kind.SIM, Kind.OS):
            if kind in competency.evidence:
                claim = Claim(person.id, code, competency.indicator_codes, kind, level, TODAY, f"test:{code}:{kind}")
                take_in(session, [claim], rulebook, NOW)


def test_who_holds_the_certificate_is_asked_from_the_whole_course_until_it_is_revoked(
    session: Session, county: County, places: Places, learner: Person, rulebook: Rulebook
) -> None:
    certify(session, learner, rulebook)
    release = rulebook.catalogue.newest(COURSE)
    asked = {name: release.practice_item(name) for name in release.asked_at}
    short = {
        name for name, item in asked.items() if item and not (questions.type_of(item).stepped or questions.type_of(item).by_hand)
    }
    assert {each.item.id for each in learnt(session, learner.id, rulebook, TODAY)} == short
    boss = county.person("郑国平", places.qingshi)
    county.trust(boss, "administrator", places.county)
    by = find_me(session, boss.staff_number, TODAY)
    revoke(session, certificates_of(session, learner.id)[0].serial, "发错了人", by, NOW)
    assert learnt(session, learner.id, rulebook, TODAY) == []


def test_no_question_of_the_exam_and_none_that_only_a_person_judges_is_ever_asked(
    session: Session, reader: Person, rulebook: Rulebook
) -> None:
    release = rulebook.catalogue.newest(COURSE)
    found = {each.item.id for each in learnt(session, reader.id, rulebook, TOMORROW)}
    assert found
    assert not found & set(release.exam.items)
    assert all(questions.type_of(release.practice[name]).key(release.practice[name]) is not None for name in found)


def test_a_day_is_done_with_its_third_answer_and_stays_the_same_meanwhile(
    session: Session, reader: Person, rulebook: Rulebook
) -> None:
    before = daily(session, reader.id, rulebook, TOMORROW)
    for number, each in enumerate(before, start=1):
        answer_daily(session, reader.id, rulebook, given(each, right(each.asked.item), TOMORROW), NOW + ONE)
        now = daily(session, reader.id, rulebook, TOMORROW)
        assert names(now) == names(before)
        assert [done.answered for done in now] == [place < number for place in range(THREE)]


def test_a_mistake_comes_back_the_next_day_and_the_one_who_lives_next_door_has_none(
    session: Session, county: County, places: Places, reader: Person, rulebook: Rulebook
) -> None:
    neighbour = county.person("陈晓明", places.xikou_2)
    finish_lessons(session, neighbour.id, rulebook)
    missed = next(each for each in daily(session, reader.id, rulebook, TOMORROW) if questions.tabulated(each.asked.item))
    answer_daily(session, reader.id, rulebook, given(missed, wrong(missed.asked.item), TOMORROW), NOW + ONE)
    assert names(daily(session, reader.id, rulebook, TOMORROW + ONE))[0] == missed.asked.item.id
    assert session.scalars(select(FirstAnswer.person_id).distinct()).all() == [reader.id]


def test_a_mistake_made_in_a_lesson_comes_back_too(session: Session, reader: Person, rulebook: Rulebook) -> None:
    lesson = rulebook.catalogue.newest(COURSE).lessons[0]
    missed = lesson.questions[0]
    keep_practice(session, reader.id, COURSE, Practised(lesson.name, missed, "B", False), NOW)
    assert names(daily(session, reader.id, rulebook, TOMORROW))[0] == missed


def test_the_first_answer_of_a_day_counts_and_the_latest_is_shown(session: Session, reader: Person, rulebook: Rulebook) -> None:
    each = next(each for each in daily(session, reader.id, rulebook, TOMORROW) if questions.tabulated(each.asked.item))
    for value in (wrong(each.asked.item), right(each.asked.item), right(each.asked.item)):
        answer_daily(session, reader.id, rulebook, given(each, value, TOMORROW), NOW + ONE)
    (row,) = session.scalars(select(FirstAnswer))
    assert (row.question, row.day, row.right) == (each.asked.item.id, TOMORROW, False)
    assert session.scalar(select(func.count()).select_from(PracticeAnswer)) == 1
    assert lesson_state(session, reader.id, COURSE, each.asked.lesson)[1] == {each.asked.item.id: right(each.asked.item)}


def test_an_answer_that_waited_for_its_line_belongs_to_its_day(session: Session, reader: Person, rulebook: Rulebook) -> None:
    each = daily(session, reader.id, rulebook, TOMORROW)[0]
    answer_daily(session, reader.id, rulebook, given(each, right(each.asked.item), TOMORROW), NOW + 5 * ONE)
    assert daily(session, reader.id, rulebook, TOMORROW)[0].answered
    assert session.scalars(select(FirstAnswer.day)).all() == [TOMORROW]


@pytest.mark.parametrize("day", [TODAY - 32 * ONE, TOMORROW], ids=["too long ago", "not yet"])
def test_a_day_that_is_not_at_hand_is_refused(session: Session, reader: Person, rulebook: Rulebook, day: date) -> None:
    each = daily(session, reader.id, rulebook, TOMORROW)[0]
    with pytest.raises(BadInputError):
        answer_daily(session, reader.id, rulebook, given(each, "A", day), NOW)


@pytest.mark.parametrize(
    ("change", "day"),
    [
        pytest.param({"question": "no-such"}, TOMORROW, id="no such question"),
        pytest.param({"lesson": "no-such"}, TOMORROW, id="another lesson"),
        pytest.param({"course": "no-such"}, TOMORROW, id="another course"),
        pytest.param({}, TODAY, id="not yet learnt that day"),
    ],
)
def test_a_question_that_was_not_learnt_is_refused(
    session: Session, reader: Person, rulebook: Rulebook, change: dict[str, str], day: date
) -> None:
    each = daily(session, reader.id, rulebook, TOMORROW)[0]
    sent = {**given(each, "A", day).__dict__, **change}
    with pytest.raises(NotFoundError):
        answer_daily(session, reader.id, rulebook, Given(**sent), NOW + ONE)
    assert session.scalar(select(func.count()).select_from(FirstAnswer)) == 0


def test_an_exam_s_question_is_refused(session: Session, reader: Person, rulebook: Rulebook) -> None:
    each = daily(session, reader.id, rulebook, TOMORROW)[0]
    name = next(iter(rulebook.catalogue.newest(COURSE).exam.items))
    with pytest.raises(NotFoundError):
        answer_daily(session, reader.id, rulebook, Given(COURSE, each.asked.lesson, name, "A", TOMORROW), NOW + ONE)
