"""A second look over HTTP: the learner asks, another trainer answers, the learner reads it; nobody is named to anybody."""

import pytest

from banyan.records.engine import reading
from banyan.records.examinations import Submission
from banyan.records.marking import Appeal
from tests.portal.office import Office


@pytest.fixture
def failed(office: Office) -> Submission:
    """79 points: 黄老师 gave the note one of ten."""
    submission = office.hall.sat(leave=["s01", "s02", "s03", "s04"])
    office.hall.grade(submission)
    office.hall.mark(submission, 1, 0, 0, 0, comment="太短")
    return submission


def ask(office: Office, submission: Submission, name: str = "陈晓明", reason: str = "第二行写了"):  # type: ignore[no-untyped-def]
    return office.browser(name).submit(f"/exams/{submission.attempt_id}/appeal", reason=reason)


def appeals(office: Office) -> list[Appeal]:
    with reading(office.house.make) as session:
        return list(session.query(Appeal))


def full(office: Office, **more: str) -> dict[str, str]:
    slot = office.hall.slot_of("open")
    return {**{f"{slot}-{row}": str(points) for row, points in enumerate((4, 3, 2, 1))}, "outcome": "raised", **more}


def test_the_learner_reads_what_was_given_until_when_to_ask_and_asks_once(office: Office, failed: Submission) -> None:
    page = office.browser("陈晓明").open(f"/exams/{failed.attempt_id}/result").text
    assert "第18题：1分，满分10分" in page
    assert "太短" in page
    assert "最晚11月30日请求，只能一次" in page
    assert "黄老师：" not in page.split("老师批的题")[1].split("</section>")[0]

    assert ask(office, failed).status_code == 303
    page = office.browser("陈晓明").open(f"/exams/{failed.attempt_id}/result").text
    assert "最晚11月30日答复" in page
    assert 'action="/services/portal/exams' in page
    again = ask(office, failed)
    assert again.status_code == 409
    assert "每份只能一次" in again.text
    assert len(appeals(office)) == 1


def test_nobody_asks_for_another(office: Office, failed: Submission) -> None:
    for name in ("林秀英", "黄老师", "郑国平"):
        assert ask(office, failed, name).status_code == 404
        assert office.browser(name).open(f"/exams/{failed.attempt_id}/appeal").status_code == 405
    assert appeals(office) == []


def test_after_the_day_it_is_neither_offered_nor_taken(office: Office, failed: Submission) -> None:
    late = office.later(8)
    assert "请求复核" not in late.browser("陈晓明").open(f"/exams/{failed.attempt_id}/result").text
    reply = ask(late, failed)
    assert reply.status_code == 409
    assert "11月30日" in reply.text


def test_another_trainer_raises_it_and_the_learner_is_told_at_home_and_on_the_result(office: Office, failed: Submission) -> None:
    ask(office, failed)
    other, path = office.browser("何老师"), f"/appeals/{failed.id}"
    desk = other.open("/marking").text
    assert path in desk
    assert path not in office.browser("黄老师").open("/marking").text
    page = other.open(path).text
    assert "第二行写了" in page
    assert "原来给了1分" in page
    assert "陈晓明" not in page

    assert other.submit(path, **full(office, answer="第二行确实写了")).status_code == 303
    assert "已经答复：分数加了" in other.open(path).text
    learner = office.browser("陈晓明")
    assert "考试结果有新消息" in learner.open("/learning").text
    result = learner.open(f"/exams/{failed.attempt_id}/result").text
    assert "考试通过了" in result
    assert "第二行确实写了" in result
    assert "何老师" not in result.split("请另一位老师再看一遍")[1].split("</section>")[0]
    assert "考试结果有新消息" not in learner.open("/learning").text


UNFIT = [
    ({"outcome": "", "answer": "好"}, "请选“加分”或者“分数不变”"),
    ({"answer": ""}, "请写一句答复"),
    ({"s18-0": "9", "answer": "好"}, "还没有给分"),
    ({"s18-0": "0", "s18-1": "0", "s18-2": "0", "s18-3": "0", "answer": "好"}, "不能比原来低"),
]


def test_a_decision_that_does_not_fit_comes_back_with_what_to_do(office: Office, failed: Submission) -> None:
    ask(office, failed)
    for fields, said in UNFIT:
        reply = office.browser("何老师").submit(f"/appeals/{failed.id}", **full(office, **fields))
        assert (reply.status_code, said in reply.text) == (422, True), fields
    assert [each.answered_at for each in appeals(office)] == [None]


def test_a_stranger_neither_reads_nor_answers_it(office: Office, failed: Submission) -> None:
    ask(office, failed)
    for name in ("周老师", "王老师", "陈晓明", "郑国平"):
        browser = office.browser(name)
        assert browser.open(f"/appeals/{failed.id}").status_code in (403, 404)
        assert browser.submit(f"/appeals/{failed.id}", **full(office, answer="好")).status_code in (403, 404)


def test_the_heading_counts_as_late_only_what_it_counts(office: Office, failed: Submission) -> None:
    ask(office, failed)
    office.hall.grade(office.hall.sat(office.hall.neighbour))
    page = office.later(10).browser("何老师").open("/marking").text
    assert "1份答卷等您批改" in page
    assert "1份过了期限" in page.split("</h1>")[0]
    assert "已过期限，请先看" in page, "the other one says so where it stands"


def test_an_overdue_one_leads_the_desk_and_stands_before_the_administrator(office: Office, failed: Submission) -> None:
    ask(office, failed)
    late = office.later(10)
    assert "已过期限，请先看" in late.browser("何老师").open("/marking").text
    assert "先看请求复核的答卷" in late.browser("何老师").open("/teaching").text
    page = late.browser("郑国平").open("/oversight").text
    assert "过了期限的复核" in page
    assert "陈晓明" not in page
    assert "没有要您操心的事" in late.browser("吴美玲").open("/oversight").text
