"""A key put right over HTTP: choose, look, do it for a reason, watch; learners are told; certificates wait for a decision."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from banyan.courseware.exam import Form
from banyan.errors import TryLaterError
from banyan.portal.app import create_app
from banyan.records.corrections import CertificateDoubt, CorrectedResult, Correction
from banyan.records.engine import reading, writing
from banyan.records.examinations import Submission
from banyan.tracker.regrading import regrade
from banyan.words.kept import Kept
from tests.county import COURSE, NOW
from tests.portal.office import FrontDoor, Office, certify
from tests.tracker.second_release import of_its_own, publish_again

ASKED = f"course={COURSE}&release=1"


@pytest.fixture
def failed(office: Office) -> Submission:
    submission = office.hall.sat(leave=["s01", "s02", "s03", "s04"])
    office.hall.grade(submission)
    return office.hall.mark(submission, 1, 0, 0, 0)


def question(office: Office, submission: Submission) -> str:
    with reading(office.house.make) as session:
        return Form.from_json(session.get_one(Submission, submission.id).attempt.form).slot("s01").question


def decided(office: Office) -> list[Correction]:
    with reading(office.house.make) as session:
        return list(session.query(Correction))


def void(office: Office, submission: Submission, **more: str) -> dict[str, str]:
    return {"course": COURSE, "release": "1", "corrected": "", f"q:{question(office, submission)}": "void", **more}


def test_it_is_chosen_looked_at_done_and_told(office: Office, failed: Submission) -> None:
    woken: list[int] = []
    browser = replace(office, app=create_app(replace(office.house, wake=woken.append), FrontDoor())).browser("何老师")
    assert "选题目" in browser.open("/corrections").text
    assert f"q:{question(office, failed)}" in browser.open(f"/corrections?{ASKED}").text
    look = browser.open(f"/corrections/check?{ASKED}&q:{question(office, failed)}=void").text
    assert "会改到1个人的分数" in look
    assert "没过变通过" in look
    assert "陈晓明" in look
    assert decided(office) == []

    reply = browser.submit("/corrections", **void(office, failed, reason="选项印漏了"))
    assert (reply.status_code, woken) == (303, [failed.id])
    run = browser.get(reply.headers["location"]).text
    assert "正在重算" in run
    asked = reply.headers["location"].removeprefix("/services/portal")
    told = browser.get("/services/portal" + asked, headers={"accept": "application/json"}).json()
    assert told == {"done": 0, "total": 1, "words": "1份里重算好了0份"}

    regrade(office.house.make, failed.id, office.house.rulebook, office.house.gradebooks, NOW)
    assert "更正好了" in browser.open(asked).text
    learner = office.browser("陈晓明")
    assert "考试结果有新消息" in learner.open("/learning").text
    result = learner.open(f"/exams/{failed.attempt_id}/result").text
    assert "您的分数从79分改成82分" in result
    assert "选项印漏了" in result
    assert "考试结果有新消息" not in learner.open("/learning").text


def test_without_a_reason_or_a_question_nothing_is_done(office: Office, failed: Submission) -> None:
    browser = office.browser("何老师")
    reply = browser.submit("/corrections", **void(office, failed, reason=" "))
    assert reply.status_code == 422
    assert "请写明为什么更正" in reply.text
    nothing = browser.open(f"/corrections/check?{ASKED}")
    assert nothing.status_code == 422
    assert "还没有选哪一题要改" in nothing.text
    assert decided(office) == []


def test_a_towns_trainer_may_look_and_is_told_who_decides(office: Office, failed: Submission) -> None:
    browser = office.browser("黄老师")
    look = browser.open(f"/corrections/check?{ASKED}&q:{question(office, failed)}=void").text
    assert "要请负责全县这门课的老师" in look
    assert 'method="post" action="/services/portal/corrections"' not in look
    assert browser.submit("/corrections", **void(office, failed, reason="帮个忙")).status_code == 403
    foreign = office.browser("周老师").open(f"/corrections/check?{ASKED}&q:{question(office, failed)}=void").text
    assert "陈晓明" not in foreign
    assert "另有1个人不在您的范围里" in foreign
    assert decided(office) == []


def test_who_does_not_teach_the_course_sees_nothing_of_it(office: Office, failed: Submission) -> None:
    for name in ("王老师", "陈晓明"):
        browser = office.browser(name)
        assert browser.open(f"/corrections?{ASKED}").status_code in (403, 404)
        assert browser.submit("/corrections", **void(office, failed, reason="帮个忙")).status_code in (403, 404)
        assert browser.open("/corrections/run?n=1").status_code in (403, 404)


def test_of_a_course_published_once_nothing_can_be_chosen_but_to_void(office: Office) -> None:
    page = office.browser("何老师").open("/corrections").text
    assert "这门课只发布过一版：现在只能把错题作废" in page
    assert "<select" not in page


def test_questions_are_folded_until_one_is_chosen(office: Office, failed: Submission) -> None:
    browser, chosen = office.browser("何老师"), question(office, failed)
    page = browser.open(f"/corrections?{ASKED}").text
    assert page.count('<details class="change">') > 10
    assert '<details class="change" open>' not in page
    again = browser.open(f"/corrections?{ASKED}&q:{chosen}=void").text
    (opened,) = again.split('<details class="change" open>')[1:]
    assert f'name="q:{chosen}"' in opened.split("</details>")[0]


@pytest.fixture
def own(office: Office, tmp_path: Path) -> Office:
    """The office with releases of its own, so that another can be published."""
    hall = of_its_own(office.hall, tmp_path / "releases")
    house = replace(office.house, rulebook=hall.rulebook)
    return replace(office, house=house, app=create_app(house, FrontDoor()))


def walked_wrongly(office: Office, submission: Submission) -> tuple[str, int]:
    """Publish a release whose case says one sentence otherwise."""
    item = office.hall.drill_of(submission.attempt)
    injects = json.loads(item.model_dump_json())["injects"]
    next(iter(injects[item.start]["choices"].values()))["says"] = "改过的一句。"
    return item.id, publish_again(office.hall, {item.id: {"injects": injects}})


def test_what_is_walked_can_be_walked_again_by_the_new_release(own: Office, failed: Submission) -> None:
    name, release = walked_wrongly(own, failed)
    page = own.browser("何老师").open(f"/corrections?{ASKED}&corrected={release}").text
    (walked,) = [each for each in page.split("<details") if "把每个人当时选的一步一步重走一遍" in each]
    assert own.hall.drill_of(failed.attempt).title in walked
    assert "照新的答案<" in walked
    assert "走不通" not in walked
    look = own.browser("何老师").open(f"/corrections/check?{ASKED}&corrected={release}&q:{name}=key").text
    assert "谁的分数也不会变" in look


def test_a_rubric_with_a_row_more_sends_papers_back_to_be_marked(own: Office, failed: Submission) -> None:
    hall = own.hall
    with reading(hall.make) as session:
        form = Form.from_json(session.get_one(Submission, failed.id).attempt.form)
    asked = form.slot(hall.slot_of("open")).question
    rubric = json.loads(hall.exam.items[asked].model_dump_json())["rubric"]
    release = publish_again(hall, {asked: {"rubric": [*rubric, {**rubric[0], "row": "写了几点几分", "points": 2}]}})
    browser = own.browser("何老师")
    page = browser.open(f"/corrections?{ASKED}&corrected={release}").text
    assert "评分表的行数变了" in page
    assert "再阅一次<" in page
    look = browser.open(f"/corrections/check?{ASKED}&corrected={release}&q:{asked}=again").text
    assert "1份答卷要再批一次" in look
    assert "通过没通过也可能变" in look

    sent = {"course": COURSE, "release": "1", "corrected": str(release), f"q:{asked}": "again", "reason": "评分表漏了一行"}
    run = browser.submit("/corrections", **sent).headers["location"]
    regrade(own.house.make, failed.id, own.house.rulebook, own.house.gradebooks, NOW)
    assert "1份答卷退回批改台了" in browser.get(run).text
    learner = own.browser("陈晓明").open(f"/exams/{failed.attempt_id}/result").text
    assert "有一题的评分表更正了" in learner
    assert "评分表漏了一行" in learner
    marking = own.browser("黄老师")
    sheet = f"/marking/{failed.id}/{hall.slot_of('open')}"
    assert "写了几点几分" in marking.open(sheet).text


def test_many_people_are_folded_away_above_the_decision(
    office: Office, failed: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = f"/corrections/check?{ASKED}&q:{question(office, failed)}=void"
    assert "<summary>一个人一个人看" not in office.browser("何老师").open(asked).text
    monkeypatch.setattr("banyan.portal.desks.corrections.AT_ONCE", 0)
    assert "<summary>一个人一个人看" in office.browser("何老师").open(asked).text


def test_what_there_is_not_is_not_found(office: Office) -> None:
    for address in ("course=nowhere&release=1", f"course={COURSE}&release=99"):
        assert office.browser("何老师").open(f"/corrections?{address}").status_code == 404


def test_what_could_not_be_done_is_said_and_tried_again(office: Office, failed: Submission) -> None:
    browser = office.browser("何老师")
    browser.submit("/corrections", **void(office, failed, reason="选项印漏了"))
    with writing(office.house.make) as session:
        row = session.scalars(select(CorrectedResult)).one()
        row.tries, row.fault = 3, Kept.of(TryLaterError("成绩册正被占用，请稍后再试")).text
    page = browser.open("/corrections/run?n=1").text
    assert "1份没能重算" in page
    assert "1份试了三次没能重算" in page
    assert "原因：成绩册正被占用" in page
    assert browser.submit("/corrections/again", n="1").status_code == 303
    with reading(office.house.make) as session:
        assert session.scalars(select(CorrectedResult)).one().tries == 0


@pytest.fixture
def doubted(office: Office, failed: Submission) -> str:
    """The number of a certificate of 林秀英's that a correction no longer bears out."""
    office.browser("何老师").submit("/corrections", **void(office, failed, reason="选项印漏了"))
    with writing(office.house.make) as session:
        certificate = certify(session, office.people["林秀英"], office.house.rulebook)
        session.add(CertificateDoubt(certificate_id=certificate.id, correction_id=1, raised_at=NOW))
        return certificate.serial


def test_a_certificate_in_doubt_waits_for_its_administrator_who_keeps_it_for_a_reason(office: Office, doubted: str) -> None:
    browser = office.browser("郑国平")
    assert "阅卷有1件事要您看一看" in browser.open("/coverage").text
    page = browser.open("/oversight").text
    assert doubted in page
    assert "选项印漏了" in page
    assert doubted not in office.browser("吴美玲").open("/oversight").text
    assert browser.submit(f"/issued/{doubted}/keep", reason=" ").status_code == 422
    assert browser.submit(f"/issued/{doubted}/keep", reason="当面问过，会做").status_code == 303
    assert doubted not in browser.open("/oversight").text
    assert "要您看一看" not in browser.open("/coverage").text


def test_or_revokes_it_and_it_is_asked_no_more(office: Office, doubted: str) -> None:
    browser = office.browser("郑国平")
    browser.submit(f"/issued/{doubted}/revoke", reason="照更正的答案没有通过")
    assert doubted not in browser.open("/oversight").text
    assert browser.submit(f"/issued/{doubted}/keep", reason="再想想").status_code == 409
