"""The certifier's desk, the life of a certificate and leave, on their pages; and what the learner reads of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from banyan.domain.permission import Duty
from banyan.portal.app import create_app
from banyan.records.certification import CertificateProposal
from banyan.records.competence import Certificate, EvidenceRow
from banyan.records.engine import reading, writing
from banyan.records.people import ChargeRow, Person
from banyan.tracker.notices import notice
from banyan.tracker.practicals import TickList, observe
from tests.county import COURSE, LONG_AGO, NOW, TODAY
from tests.portal.office import TICKS, FrontDoor, Office, certify, examine, learn

WHY = "现场演练的记录和本人说的不一样"


@pytest.fixture
def strict(office: Office) -> Office:
    """The office where a certifier grants what reporters have earned, and 陈晓明 has earned it."""
    rulebook = office.house.rulebook
    programmes = (replace(rulebook.programmes[0], second_pair_of_eyes=True, trainer_apart=True), *rulebook.programmes[1:])
    house = replace(office.house, rulebook=replace(rulebook, programmes=programmes))
    strict = replace(office, house=house, app=create_app(house, FrontDoor()))
    with writing(house.make) as session:
        examine(session, office.people["陈晓明"], house.rulebook)
    with writing(house.make) as session:
        seen = TickList(office.people["陈晓明"].id, COURSE, frozenset(TICKS), TODAY, "镇政府", "key")
        observe(session, seen, strict.me("黄老师"), house.rulebook, NOW)
    return strict


def waiting(office: Office) -> int:
    with reading(office.house.make) as session:
        return session.query(CertificateProposal).filter_by(decided_at=None).one().id


def test_a_certifier_sees_what_waits_and_what_it_rests_on(strict: Office) -> None:
    browser = strict.browser("罗雅琴")
    listed = browser.open("/certify").text
    assert "陈晓明" in listed
    page = browser.open(f"/certify/{waiting(strict)}").text
    assert "他凭什么" in page
    assert "黄老师看的" in page
    assert "批准，发证" in page


def test_granting_issues_it_and_the_learner_reads_so(strict: Office) -> None:
    assert "都做到了，等发证" in strict.browser("陈晓明").open("/learning").text
    browser = strict.browser("罗雅琴")
    reply = browser.submit(f"/certify/{waiting(strict)}/grant")
    assert reply.status_code == 303
    assert "证书发出去了" in browser.get(reply.headers["location"]).text
    assert "已经合格，证书有效" in strict.browser("陈晓明").open("/learning").text


def test_granting_twice_says_who_was_first(strict: Office) -> None:
    number = waiting(strict)
    strict.browser("罗雅琴").submit(f"/certify/{number}/grant")
    again = strict.browser("罗雅琴").submit(f"/certify/{number}/grant")
    assert again.status_code == 422
    assert "已经定了" in again.text


def test_refusing_wants_a_reason_that_the_administrator_reads_and_may_answer(strict: Office) -> None:
    number, who = waiting(strict), strict.people["陈晓明"].id
    browser = strict.browser("罗雅琴")
    assert browser.submit(f"/certify/{number}/refuse", reason="不").status_code == 422
    assert browser.submit(f"/certify/{number}/refuse", reason=WHY).status_code == 303
    boss = strict.browser("郑国平")
    assert WHY in boss.open(f"/people/{who}/leave").text
    assert boss.submit(f"/people/{who}/propose", programme="ER-T1").status_code == 303
    assert waiting(strict) != number
    assert boss.submit(f"/people/{who}/propose", programme="nothing").status_code == 422


def test_a_certifier_who_teaches_the_course_is_told_to_leave_it_to_another(strict: Office) -> None:
    with writing(strict.house.make) as session:
        me = strict.people["罗雅琴"].id
        session.add(ChargeRow(person_id=me, unit_id=strict.at.county.id, duty=Duty.TRAINER, course=COURSE, starts_on=LONG_AGO))
    browser, number = strict.browser("罗雅琴"), waiting(strict)
    page = browser.open(f"/certify/{number}").text
    assert "要另一位发证人来批" in page
    assert "批准，发证" not in page
    assert browser.submit(f"/certify/{number}/grant").status_code == 422


@pytest.fixture
def certificate(office: Office) -> Certificate:
    with writing(office.house.make) as session:
        return certify(session, office.people["陈晓明"], office.house.rulebook)


def test_suspended_and_resumed_on_the_page_and_for_who_verifies(office: Office, certificate: Certificate) -> None:
    browser, life = office.browser("郑国平"), f"/issued/{certificate.serial}"
    assert f"{life}/life" in browser.open("/issued").text
    assert browser.submit(f"{life}/suspend", reason="").status_code == 422
    assert browser.submit(f"{life}/suspend", reason="有群众反映，正在核实").status_code == 303
    assert "暂停" in browser.open("/issued?state=paused").text
    said = office.browser().open(f"/verify/{certificate.serial}").text
    assert "发证单位暂停了它" in said
    assert "群众" not in said
    home = office.browser("陈晓明").open("/learning").text
    assert "证书暂停着" in home
    assert office.browser("陈晓明").open(f"/certificates/{certificate.serial}").status_code == 200
    assert browser.submit(f"{life}/resume", reason="事情查清了").status_code == 303
    assert "现在有效" in office.browser().open(f"/verify/{certificate.serial}").text
    assert "事情查清了" in browser.open(f"{life}/life").text


def test_suspended_through_its_last_day_it_is_resumed_on_the_page_and_the_next_one_comes(
    office: Office, certificate: Certificate
) -> None:
    life, later = f"/issued/{certificate.serial}", office.later(370)
    assert office.browser("郑国平").submit(f"{life}/suspend", reason="有群众反映，正在核实").status_code == 303
    with writing(office.house.make) as session:
        for row in session.scalars(select(EvidenceRow)):
            row.expires_on = certificate.expires_on + timedelta(days=99)
    browser = later.browser("郑国平")
    assert f"{life}/life" in browser.open("/issued").text
    assert "下一张发不下来" in browser.open(f"{life}/life").text
    assert "证书暂停着" in later.browser("陈晓明").open("/learning").text
    assert browser.submit(f"{life}/resume", reason="事情查清了").status_code == 303
    home = later.browser("陈晓明").open("/learning").text
    assert "已经合格，证书有效" in home
    assert "老师看一看" not in home


def test_issued_anew_the_old_number_points_to_the_new(office: Office, certificate: Certificate) -> None:
    browser, life = office.browser("郑国平"), f"/issued/{certificate.serial}"
    assert "先在人员页把姓名改对" in browser.open(f"{life}/life").text
    with writing(office.house.make) as session:
        session.get_one(Person, certificate.person_id).name = "陈晓鸣"
    reply = browser.submit(f"{life}/reissue", reason="登记时写错了字")
    assert reply.status_code == 303
    new = reply.headers["location"].split("/")[-2]
    assert certificate.serial in browser.get(reply.headers["location"]).text
    said = office.browser().open(f"/verify/{certificate.serial}").text
    assert "已换发" in said
    assert f"/verify/{new}" in said
    assert "现在有效" in office.browser().open(f"/verify/{new}").text


def test_issued_anew_for_a_title_put_right_the_page_says_what_changes(office: Office, certificate: Certificate) -> None:
    browser, life = office.browser("郑国平"), f"/issued/{certificate.serial}"
    filled = {"source": "县委办12号文", "dated_on": "2026-05-20", "owner": "王主任", "value": "信息报告员培训合格证明"}
    told = office.browser("周建国").submit("/county/field", key="certificate_title", unit=office.at.county.code, **filled)
    assert told.status_code == 303, told.text
    page = browser.open(f"{life}/life").text
    assert "信息报告员培训合格证明" in page
    assert "培训考核合格证明" in page
    assert browser.submit(f"{life}/reissue", reason="县里的名称写错了").status_code == 303
    assert "已换发" in office.browser().open(f"/verify/{certificate.serial}").text


def test_the_holder_and_the_supervisor_hear_of_the_end(office: Office, certificate: Certificate) -> None:
    later = office.later(320)
    with writing(office.house.make) as session:
        assert notice(session, NOW + timedelta(days=320)) == 1
    home = later.browser("陈晓明")
    page = home.open("/learning").text
    assert "您的证书还有45天到期" in page
    assert "还差2步，续上证书" in page
    assert "证书2027年11月23日到期。" in page
    assert home.submit("/learning/notices/seen").status_code == 303
    assert "您的证书还有45天到期" not in home.open("/learning").text
    assert "系统在到期前60天提醒过本人" in later.browser("蔡明辉").open("/expiring").text


def test_leave_is_recorded_and_taken_back_on_its_page(office: Office) -> None:
    who, browser = office.people["陈晓明"].id, office.browser("郑国平")
    sent = {"starts_on": "2026-12-01", "ends_on": "2027-05-30", "reason": "产假"}
    assert browser.submit(f"/people/{who}/leave", **{**sent, "ends_on": "soon"}).status_code == 422
    assert browser.submit(f"/people/{who}/leave", **sent).status_code == 303
    page = browser.open(f"/people/{who}/leave").text
    assert "产假" in page
    number = page.split('name="leave_id" value="')[1].split('"')[0]
    assert browser.submit(f"/people/{who}/leave/take-back", leave_id=number).status_code == 303
    assert "没有登记过假期" in browser.open(f"/people/{who}/leave").text


def test_english_has_its_words(office: Office, certificate: Certificate) -> None:
    browser = office.browser("郑国平")
    browser.cookies.set("language", "en")
    learnt = office.people["林秀英"]
    with writing(office.house.make) as session:
        learn(session, learnt, office.house.rulebook)
    for path in (f"/issued/{certificate.serial}/life", f"/people/{learnt.id}/leave", f"/people/{learnt.id}/proof", "/programmes"):
        assert browser.open(path).status_code == 200
