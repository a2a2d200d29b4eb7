"""A trainer's day: what waits for them, who is stuck and whom to ring; what learners say, answered once for all."""

import re
from datetime import timedelta
from typing import Any

import pytest

from banyan.records.engine import reading, writing
from banyan.records.learning import Assignment, Concern
from banyan.tracker.concerns import Kind, Part, Said, answered_for, raise_concern
from tests.county import COURSE, NOW, TODAY, County
from tests.portal.desks.test_coverage import queries, text
from tests.portal.office import Office, examine


def say(office: Office, name: str, part: Part, words: str = "", kind: str = Kind.WRONG) -> None:
    with writing(office.house.make) as session:
        release = office.house.rulebook.catalogue.newest(COURSE).number
        raise_concern(session, office.people[name].id, Said(part, release, kind, words), NOW)


@pytest.fixture
def practice(office: Office) -> Part:
    lesson = office.house.rulebook.catalogue.newest(COURSE).lessons[0]
    return Part(COURSE, lesson.name, lesson.questions[0])


def form_of(page: Any) -> dict[str, str]:
    return dict(re.findall(r'name="(course|lesson|part|upto)" value="([^"]*)"', page.text))


def test_when_nothing_waits_the_page_says_so(office: Office) -> None:
    said = text(office.browser("黄老师").open("/teaching"))
    assert "现在没有等着您的事" in said
    assert "没有人停下来超过一周" in said


def test_it_says_what_waits_and_leads_to_the_most_urgent(office: Office, practice: Part) -> None:
    say(office, "陈晓明", practice)
    with writing(office.house.make) as session:
        examine(session, office.people["林秀英"], office.house.rulebook)
    submission = office.hall.sat()
    office.hall.grade(submission)

    page = office.browser("黄老师").open("/teaching")
    said = text(page)
    assert "1份答卷等您批 最急的11月26日前" in said
    assert "1个人等着演练 青石镇1人" in said
    assert "1处等您答复" in said
    assert f"/marking/{submission.id}/{office.hall.slot_of('open')}" in page.text
    assert "过了期限" not in said
    assert "1份过了期限" in text(office.later(8).browser("黄老师").open("/teaching"))
    assert "1份过了期限" in text(office.later(8).browser("黄老师").open("/marking"))


def test_what_is_late_or_stuck_stands_below_the_words_not_beside_them(office: Office) -> None:
    """Beside them it left a phone one sign a line for the words."""
    office.hall.grade(office.hall.sat())
    page = office.later(8).browser("黄老师").open("/teaching").text
    row = page.split('href="/services/portal/marking"><span><b>阅卷')[1].split("</a>")[0]
    words, end = row.split('<span class="end">')
    assert "1份过了期限" in words
    assert "chip" not in end


def test_who_is_stuck_is_named_with_a_number_to_ring(office: Office) -> None:
    office.hall.fail(2)
    with writing(office.house.make) as session:
        code, at = office.house.rulebook.programmes[0].code, NOW - timedelta(days=9)
        session.add(Assignment(person_id=office.people["林秀英"].id, programme=code, due_on=TODAY, assigned_at=at))
    page = office.browser("黄老师").open("/teaching")
    said = text(page)
    assert "1个人考了两次以上没过" in said
    assert "1个人布置了一周还没开始" in said
    for name in ("陈晓明", "林秀英"):
        assert f'href="tel:{office.people[name].phone}"' in page.text
    assert "陈晓明" not in text(office.browser("周老师").open("/teaching")), "another town's learners are not there"


def test_whoever_only_teaches_begins_at_this_page(office: Office) -> None:
    assert office.browser("黄老师").open("/").headers["location"].endswith("/teaching")


def test_a_concern_is_read_with_the_words_it_is_about_and_answered_once(office: Office, practice: Part) -> None:
    say(office, "陈晓明", practice, "人数对不上 <b>")
    say(office, "林秀英", practice, kind=Kind.UNCLEAR)
    browser = office.browser("黄老师")
    page = browser.open("/concerns")
    stem = office.house.rulebook.catalogue.newest(COURSE).practice[practice.name].stem
    assert stem.splitlines()[0][:12] in page.text
    assert "1人说有问题" in page.text
    assert "1人看不懂" in page.text
    assert "人数对不上 &lt;b&gt;" in page.text

    reply = browser.submit("/concerns", answer="题目已改，谢谢", **form_of(page))
    assert reply.status_code == 303
    after = browser.get(reply.headers["location"])
    assert "已答复" in after.text
    assert "没有等着答复的" in after.text
    assert browser.submit("/concerns", answer="再答一次", **form_of(page)).status_code == 303
    with reading(office.house.make) as session:
        for name in ("陈晓明", "林秀英"):
            assert [row.answer for row in answered_for(session, office.people[name].id)] == ["题目已改，谢谢"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        pytest.param("gone", "考试题", id="an exam question no longer there"),
        pytest.param("#gone", "课文", id="a step no longer there"),
    ],
)
def test_what_is_no_longer_there_is_still_answered(office: Office, name: str, says: str) -> None:
    say(office, "陈晓明", Part(COURSE, "", name))
    page = office.browser("黄老师").open("/concerns")
    assert page.status_code == 200
    assert says in page.text


def test_an_exam_question_is_shown_by_its_words_with_a_warning(office: Office) -> None:
    release = office.house.rulebook.catalogue.newest(COURSE)
    name = next(each for each, item in release.exam.items.items() if item.type == "single")
    say(office, "陈晓明", Part(COURSE, "", name))
    page = office.browser("黄老师").open("/concerns")
    assert "别把答案写出来" in page.text


def test_an_empty_answer_is_refused_and_nothing_is_lost(office: Office, practice: Part) -> None:
    say(office, "陈晓明", practice)
    browser = office.browser("黄老师")
    reply = browser.submit("/concerns", answer=" ", **form_of(browser.open("/concerns")))
    assert reply.status_code == 422
    assert "请写一句答复" in reply.text
    assert "data-l" not in text(reply)


@pytest.mark.parametrize("upto", ["", "x", "9" * 30])
def test_a_form_that_is_not_whole_is_refused(office: Office, practice: Part, upto: str) -> None:
    fields = {"course": practice.course, "lesson": practice.lesson, "part": practice.name, "upto": upto, "answer": "好"}
    assert office.browser("黄老师").submit("/concerns", **fields).status_code == 422


def test_another_town_s_concern_is_not_there(office: Office, practice: Part) -> None:
    say(office, "陈晓明", practice)
    page = office.browser("黄老师").open("/concerns")
    stranger = office.browser("周老师")
    assert "没有等着答复的" in stranger.open("/concerns").text
    assert stranger.submit("/concerns", answer="已改", **form_of(page)).status_code == 404
    with reading(office.house.make) as session:
        assert session.query(Concern).one().answered_at is None


@pytest.mark.parametrize("path", ["/teaching", "/concerns"])
def test_a_trainer_s_page_costs_the_same_however_many_learn(office: Office, practice: Part, path: str) -> None:
    say(office, "陈晓明", practice)
    few = queries(office, path, "黄老师")
    with writing(office.house.make) as session:
        county, village = County(session, people=500), session.merge(office.at.xikou)
        for number in range(12):
            person = county.person(f"新{number}", village)
            examine(session, person, office.house.rulebook)
            raise_concern(session, person.id, Said(practice, 1, Kind.UNCLEAR), NOW)
    assert queries(office, path, "黄老师") == few
