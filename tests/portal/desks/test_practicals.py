"""The practical on a phone: who waits, four ticks, saved once, and what it led to."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from banyan.records.competence import Certificate, EvidenceRow, Practical
from banyan.records.engine import reading, writing
from banyan.tracker.leaves import Away, record_leave
from tests.county import COURSE, NOW, TODAY
from tests.portal.office import TICKS, Browser, Office, certify, examine

FORM = {"seen": list(TICKS), "held_on": "2026-11-23", "place": "镇政府二楼会议室"}


@pytest.fixture
def page_of(office: Office) -> str:
    """Where 林秀英, who passed the exam, is ticked off."""
    with writing(office.house.make) as session:
        examine(session, office.people["林秀英"], office.house.rulebook)
    return f"/practicals/{COURSE}/{office.people['林秀英'].id}"


def fill(browser: Browser, path: str, **changes: Any) -> Any:
    """Open the form and send it filled in."""
    key = re.search(r'name="form_key" value="(\w+)"', browser.open(path).text)
    assert key
    return browser.submit(path, **{**FORM, "form_key": key.group(1), **changes})


def counted(office: Office, table: Any) -> int:
    with reading(office.house.make) as session:
        return session.query(table).count()


def test_who_waits_is_listed_and_others_are_found_by_name(office: Office, page_of: str) -> None:
    browser = office.browser("黄老师")
    page = browser.open("/practicals").text
    assert "1个人等着演练" in page
    assert page_of in page
    assert "陈晓明" not in page

    for asked in ("晓明", "cxm", "chenxiao", office.people["陈晓明"].staff_number):
        assert "陈晓明" in browser.open(f"/practicals?q={asked}").text, asked
    assert "没有找到“张远”" in browser.open("/practicals?q=张远").text, "he is of another town"
    assert "没有找到“黄老师”" in browser.open("/practicals?q=黄老师").text, "nobody observes themselves"


def test_an_empty_desk_says_who_will_come(office: Office) -> None:
    page = office.browser("黄老师").open("/practicals").text
    assert "现在没有人等着演练" in page
    assert "您还没有记过" in page
    assert "还没有现场演练" in office.browser("王老师").open("/practicals").text


def test_the_form_asks_what_the_course_asks(office: Office, page_of: str) -> None:
    page = office.browser("黄老师").open(page_of).text
    assert page.count('name="seen"') == 4
    assert 'value="2026-11-23"' in page
    assert "看到他" in page


def test_four_ticks_make_the_certificate(office: Office, page_of: str) -> None:
    browser = office.browser("黄老师")
    reply = fill(browser, page_of)

    assert reply.status_code == 303
    page = browser.get(reply.headers["location"]).text
    assert "已记下，证书已生成" in page
    assert "2027年11月23日" in page
    assert "看到4项" in browser.open("/practicals").text


def test_three_ticks_say_what_is_missing_and_the_fourth_may_come_another_day(office: Office, page_of: str) -> None:
    browser = office.browser("黄老师")
    reply = fill(browser, page_of, seen=TICKS[:3])
    page = browser.get(reply.headers["location"]).text

    assert "林秀英还差：一次现场演练" in page
    assert "有1项没看到" in page
    assert "少报一个算了" in page
    assert browser.open(page_of).text.count("已经看到过") == 3
    assert "证书已生成" in browser.get(fill(browser, page_of, seen=TICKS[3:]).headers["location"]).text


def test_before_a_renewal_it_says_what_the_next_certificate_still_asks_for(office: Office) -> None:
    with writing(office.house.make) as session:
        certify(session, office.people["林秀英"], office.house.rulebook)
    browser = office.later(330).browser("黄老师")
    reply = fill(browser, f"/practicals/{COURSE}/{office.people['林秀英'].id}", seen=TICKS[:3], held_on="2027-10-19")
    assert "林秀英还差：考试" in browser.get(reply.headers["location"]).text, "what is good today is not on that day"


def test_what_lasts_longer_for_leave_is_not_asked_for_again(office: Office, page_of: str) -> None:
    resting = [replace(each, leave_suspends=True) for each in office.house.rulebook.programmes]
    house = replace(office.house, rulebook=replace(office.house.rulebook, programmes=tuple(resting)))
    with writing(house.make) as session:
        away = Away(office.people["林秀英"].id, TODAY, TODAY + timedelta(days=100), "产假")
        record_leave(session, away, office.me("郑国平"), NOW)
    browser = replace(office, house=house).later(400).browser("黄老师")
    reply = fill(browser, page_of, seen=TICKS[:3], held_on="2027-12-28")
    assert "林秀英还差：一次现场演练<" in browser.get(reply.headers["location"]).text


def test_sent_twice_it_is_recorded_once(office: Office, page_of: str) -> None:
    browser = office.browser("黄老师")
    first = fill(browser, page_of, form_key="the-same-form")
    second = fill(browser, page_of, form_key="the-same-form")

    assert first.headers["location"] == second.headers["location"]
    assert (counted(office, Practical), counted(office, Certificate)) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"held_on": "2026-11-24"}, "不能晚于今天", id="tomorrow"),
        pytest.param({"held_on": "2026-09-23"}, "最早可以填2026-09-24", id="long ago"),
        pytest.param({"held_on": ""}, "请选演练的日期", id="no day"),
        pytest.param({"held_on": "2026-02-30"}, "请选演练的日期", id="no such day"),
        pytest.param({"seen": ["C4.3.a"]}, "考核单里没有这一项", id="a foreign indicator"),
    ],
)
def test_a_form_that_does_not_fit_comes_back_filled_in(office: Office, page_of: str, changes: dict[str, Any], said: str) -> None:
    reply = fill(office.browser("黄老师"), page_of, **changes)

    assert reply.status_code == 422
    assert said in reply.text
    assert 'value="镇政府二楼会议室"' in reply.text
    assert counted(office, Practical) == 0


def test_a_form_key_of_somebody_else_records_nothing(office: Office, page_of: str) -> None:
    fill(office.browser("黄老师"), page_of, form_key="mine")
    reply = fill(office.browser("何老师"), page_of, form_key="mine")

    assert reply.status_code == 404
    assert counted(office, Practical) == 1


@pytest.mark.parametrize(("name", "status"), [("周老师", 404), ("王老师", 404), ("林秀英", 403), ("郑国平", 403)])
def test_who_does_not_train_here_records_nothing(office: Office, page_of: str, name: str, status: int) -> None:
    before = counted(office, EvidenceRow)
    assert office.browser(name).submit(page_of, **FORM, form_key="x").status_code == status
    assert counted(office, Practical) == 0
    assert counted(office, EvidenceRow) == before


@pytest.mark.parametrize("path", ["/practicals/no-such-course/{}", "/practicals?course=no-such-course"])
def test_a_course_that_is_not_mine_is_not_there(office: Office, path: str) -> None:
    assert office.browser("黄老师").open(path.format(office.people["林秀英"].id)).status_code == 404
