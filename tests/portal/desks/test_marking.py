"""Marking on the portal: what waits, the answer shown as text, one point a tap, and what it leads to."""

from dataclasses import replace

import pytest

from banyan.domain.examination import State
from banyan.errors import TamperedError
from banyan.portal.app import create_app
from banyan.records.engine import reading, writing
from banyan.records.examinations import Mark, SecondChance, Submission
from banyan.records.learning import Assignment
from banyan.words.kept import Kept
from tests.county import COURSE, NOW, TODAY
from tests.portal.office import Browser, FrontDoor, Office
from tests.tracker import hall as halls

FULL = {"row_0": "4", "row_1": "3", "row_2": "2", "row_3": "1"}
HOSTILE = '</p><script>alert(1)</script>\n<img src=x onerror="alert(2)"> {{ 7 * 7 }} 𠮷'


@pytest.fixture
def sat(office: Office) -> str:
    """Where 陈晓明's written answer waits for its mark."""
    return sit(office)


def sit(office: Office, name: str = "陈晓明") -> str:
    hall = replace(office.hall, learner=office.me(name))
    submission = hall.sat()
    assert hall.grade(submission) is State.UNMARKED
    return f"/marking/{submission.id}/{hall.slot_of('open')}"


def marks(office: Office) -> list[Mark]:
    with reading(office.house.make) as session:
        return list(session.query(Mark))


def test_an_empty_desk_says_what_will_come(office: Office) -> None:
    page = office.browser("黄老师").open("/marking").text
    assert "没有等着批改的答卷" in page
    assert "没能评分" not in page


def test_what_waits_is_listed_with_its_day_and_without_a_name(office: Office, sat: str) -> None:
    page = office.browser("黄老师").open("/marking").text
    assert "1份答卷等您批改" in page
    assert "11月26日前" in page
    assert sat in page
    assert "陈晓明" not in page


def test_what_is_overdue_says_so(office: Office, sat: str) -> None:
    with writing(office.house.make) as session:
        row = session.query(Submission).one()
        row.submitted_at = NOW.replace(month=10)
    assert "已过期限" in office.browser("黄老师").open("/marking").text


def test_a_long_list_leaves_in_sight_what_comes_below_it(office: Office, sat: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sit(office, "林秀英")
    assert "<summary>" not in main(office.browser("黄老师").open("/marking").text)
    monkeypatch.setattr("banyan.portal.desks.marking.AT_ONCE", 1)
    page = main(office.browser("黄老师").open("/marking").text)
    shown, folded = page.split("<summary>后面还有1份")
    assert shown.count('class="row"') == folded.count('class="row"') == 1


def main(page: str) -> str:
    return page.split("<main")[1]


def test_an_answer_is_shown_as_text_whatever_it_says(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halls, "NOTE", HOSTILE)
    page = office.browser("黄老师").open(sit(office)).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "{{ 7 * 7 }}" in page


def test_a_mark_is_kept_and_what_it_led_to_is_said(office: Office, sat: str) -> None:
    browser = office.browser("黄老师")
    reply = browser.submit(sat, **FULL, comment="清楚")

    assert (reply.status_code, reply.headers["location"]) == (303, "/services/portal/marking?done=1")
    page = browser.get(reply.headers["location"]).text
    assert "已记下：10分" in page
    assert "这场考试合格了" in page
    assert [(mark.rows, mark.comment) for mark in marks(office)] == [([4.0, 3.0, 2.0, 1.0], "清楚")]
    assert "分数不能再改" in browser.open(sat).text


def test_after_a_mark_comes_the_next_answer(office: Office, sat: str) -> None:
    other = sit(office, "林秀英")
    reply = office.browser("黄老师").submit(sat, **FULL)
    assert reply.headers["location"] == f"/services/portal{other}?done=1"


def test_sent_twice_the_second_is_refused_and_nothing_is_doubled(office: Office, sat: str) -> None:
    browser = office.browser("黄老师")
    first, second = browser.submit(sat, **FULL), browser.submit(sat, **FULL)

    assert first.status_code == 303
    assert second.status_code == 403
    assert "不能再改" in second.text
    assert len(marks(office)) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({}, "还没有给分", id="nothing chosen"),
        pytest.param({**FULL, "row_3": ""}, "还没有给分", id="a row left out"),
        pytest.param({**FULL, "row_0": "5"}, "还没有给分", id="more than the row has"),
        pytest.param({**FULL, "row_0": "-1"}, "还没有给分", id="less than nothing"),
        pytest.param({**FULL, "row_0": "nan"}, "还没有给分", id="no number"),
        pytest.param({**FULL, "row_0": "4e0"}, "还没有给分", id="a number spelt otherwise"),
        pytest.param({**FULL, "comment": "长" * 501}, "评语最多 500 个字", id="too long a word"),
    ],
)
def test_a_sheet_that_does_not_fit_comes_back_as_it_was_filled_in(
    office: Office, sat: str, fields: dict[str, str], said: str
) -> None:
    reply = office.browser("黄老师").submit(sat, **fields)

    assert reply.status_code == 422
    assert said in reply.text
    assert reply.text.count(" checked>") == sum(fields.get(row) == most for row, most in FULL.items())
    assert marks(office) == []


@pytest.mark.parametrize("name", ["周老师", "王老师"])
def test_a_trainer_of_elsewhere_neither_sees_nor_marks(office: Office, sat: str, name: str) -> None:
    browser: Browser = office.browser(name)
    assert sat not in browser.open("/marking").text
    assert browser.open(sat).status_code == browser.submit(sat, **FULL).status_code == 404
    assert marks(office) == []


def test_nobody_marks_their_own_answer(office: Office) -> None:
    mine = sit(office, "黄老师")
    browser = office.browser("黄老师")
    assert mine not in browser.open("/marking").text
    assert browser.submit(mine, **FULL).status_code == 404


@pytest.fixture
def stuck(office: Office, sat: str) -> str:
    """Where the submission that could not be graded is let go again."""
    with writing(office.house.make) as session:
        row = session.query(Submission).one()
        row.state, row.tries, row.fault = State.FAILED_TO_GRADE, 3, "成绩册打不开"
        return f"/stuck/{row.id}"


def state(office: Office) -> str:
    with reading(office.house.make) as session:
        return session.query(Submission).one().state


def test_what_could_not_be_graded_is_named_with_its_reason(office: Office, stuck: str) -> None:
    page = office.browser("黄老师").open("/marking").text
    assert "陈晓明" in page
    assert "原因：成绩册打不开" in page
    assert "成绩册打不开" not in office.browser("周老师").open("/marking").text


def test_an_english_trainer_reads_the_reason_in_english_also_of_what_was_nobodys_plan(office: Office, stuck: str) -> None:
    for fault, said in (
        (TamperedError("冻结的答卷和回执对不上，请联系平台管理员"), "The frozen answers do not match the receipt"),
        (FileNotFoundError(2, "No such file"), "please pass this on to its administrator: [Errno 2] No such file"),
    ):
        with writing(office.house.make) as session:
            session.query(Submission).one().fault = Kept.of(fault).text
        browser = office.browser("黄老师")
        browser.cookies.set("banyan-lang", "en")
        assert said in browser.open("/marking").text


def test_the_administrator_over_them_reads_what_could_not_be_graded_and_why(office: Office, stuck: str) -> None:
    page = office.browser("郑国平").open("/oversight").text
    assert "没能评分的答卷" in page
    assert "1份没能评分" in page
    assert "原因：成绩册打不开" in page
    assert "陈晓明" not in page
    assert "阅卷有1件事要您看一看" in office.browser("郑国平").open("/coverage").text
    assert "成绩册打不开" not in office.browser("吴美玲").open("/oversight").text


def test_what_is_stuck_is_graded_again_and_a_grader_woken_sent_twice_too(office: Office, stuck: str) -> None:
    woken: list[int] = []
    browser = replace(office, app=create_app(replace(office.house, wake=woken.append), FrontDoor())).browser("黄老师")
    for _ in range(2):
        reply = browser.submit(stuck)
        assert (reply.status_code, reply.headers["location"]) == (303, "/services/portal/marking?again=1")

    page = browser.get(reply.headers["location"]).text
    assert "已交回去重新批改" in page
    assert "没能评分的答卷" not in page
    assert {f"/stuck/{each}" for each in woken} == {stuck}
    assert state(office) == State.SUBMITTED


@pytest.mark.parametrize("name", ["陈晓明", "周老师", "王老师", "郑国平"])
def test_only_a_trainer_of_theirs_lets_it_be_graded_again(office: Office, stuck: str, name: str) -> None:
    assert office.browser(name).submit(stuck).status_code in (403, 404)
    assert state(office) == State.FAILED_TO_GRADE


def test_a_look_lets_nothing_be_graded_again(office: Office, stuck: str) -> None:
    assert office.browser("黄老师").open(stuck).status_code == 405
    assert state(office) == State.FAILED_TO_GRADE


@pytest.fixture
def used_up(office: Office) -> str:
    """Where 陈晓明, who has no attempt left, may be given one."""
    office.hall.fail(3)
    return f"/second-chances/{COURSE}/{office.people['陈晓明'].id}"


def chances(office: Office) -> list[str]:
    with reading(office.house.make) as session:
        return [each.reason for each in session.query(SecondChance)]


def test_who_has_no_attempt_left_is_listed_and_given_one_for_a_reason(office: Office, used_up: str) -> None:
    browser = office.browser("黄老师")
    desk = browser.open("/marking").text
    assert "次数用完了" in desk
    assert used_up in desk
    assert "考了3次" in desk
    assert "最近一次40分，11月22日" in desk
    assert "为什么再给一次" in browser.open(used_up).text

    reply = browser.submit(used_up, reason="已当面辅导")
    page = browser.get(reply.headers["location"]).text
    assert reply.status_code == 303
    assert "已再给一次机会" in page
    assert "黄老师" in page
    assert chances(office) == ["已当面辅导"]
    assert "次数用完了" not in browser.open("/marking").text


def test_a_learner_given_another_attempt_is_offered_the_exam(office: Office, used_up: str) -> None:
    with writing(office.house.make) as session:
        session.add(Assignment(person_id=office.people["陈晓明"].id, programme="ER-T1", due_on=TODAY, assigned_at=NOW))
    learner = office.browser("陈晓明")
    last = learner.open(f"/courses/{COURSE}/exam").headers["location"].removeprefix("/services/portal") + "/result"
    assert "去考试" not in learner.open("/").text
    assert "老师可以再给您一次机会" in learner.open(last).text
    office.browser("黄老师").submit(used_up, reason="已当面辅导")

    assert "去考试" in learner.open("/").text
    assert "老师又给了您一次机会" in learner.open(last).text
    assert "再考一次" in learner.open(last).text
    rules = learner.open(f"/courses/{COURSE}/exam").text
    assert "还有1次" in rules
    assert "老师又给了您一次机会" in rules
    assert learner.submit(f"/courses/{COURSE}/exam").headers["location"].startswith("/services/portal/exams/")


def test_sent_twice_one_attempt_is_given_for_the_first_reason(office: Office, used_up: str) -> None:
    browser = office.browser("黄老师")
    first, second = browser.submit(used_up, reason="第一次"), browser.submit(used_up, reason="第二次")

    assert first.status_code == second.status_code == 303
    assert "第一次" in browser.get(second.headers["location"]).text
    assert chances(office) == ["第一次"]


@pytest.mark.parametrize("reason", ["", " \n ", "长" * 201])
def test_without_a_fitting_reason_no_attempt_is_given(office: Office, used_up: str, reason: str) -> None:
    reply = office.browser("黄老师").submit(used_up, reason=reason)

    assert reply.status_code == 422
    assert 'role="alert"' in reply.text
    assert chances(office) == []


@pytest.mark.parametrize("name", ["陈晓明", "周老师", "王老师", "郑国平"])
def test_only_a_trainer_of_theirs_sees_and_gives_an_attempt(office: Office, used_up: str, name: str) -> None:
    browser = office.browser(name)
    assert browser.open(used_up).status_code in (403, 404)
    assert browser.submit(used_up, reason="帮个忙").status_code in (403, 404)
    assert used_up not in browser.open("/marking").text
    assert chances(office) == []


def test_who_has_an_attempt_left_is_given_none(office: Office) -> None:
    path = f"/second-chances/{COURSE}/{office.people['陈晓明'].id}"
    browser = office.browser("黄老师")
    assert "现在不用再给机会" in browser.open(path).text
    reply = browser.submit(path, reason="早一点给")
    assert reply.status_code == 409
    assert "还没有用完" in reply.text
    assert chances(office) == []
