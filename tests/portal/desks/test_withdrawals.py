"""Taking back what was asked: a look first, a reason, once; from a unit or from one person; nothing learnt is lost."""

import re
from typing import Any

import pytest

from banyan.records.audit import AuditRow
from banyan.records.engine import reading, writing
from banyan.records.learning import Assignment
from tests.portal.office import Browser, Office, certify, learn

PLACE = {"programme": "ER-T1", "unit": "399901101201", "role": ""}
WHY = "布置错了单位"


@pytest.fixture(autouse=True)
def two_were_asked(office: Office) -> None:
    """陈晓明 read every lesson, 林秀英 none."""
    with writing(office.house.make) as session:
        learn(session, office.people["陈晓明"], office.house.rulebook)
        at = session.query(Assignment).one()
        session.add(
            Assignment(person_id=office.people["林秀英"].id, programme=at.programme, due_on=at.due_on, assigned_at=at.assigned_at)
        )


def look(browser: Browser, **changes: str) -> Any:
    query = "&".join(f"{name}={value}" for name, value in {**PLACE, **changes}.items())
    return browser.open(f"/assignments/take-back/check?{query}")


def confirm(browser: Browser, page: Any, **changes: str) -> Any:
    seen = re.search(r'name="seen" value="(\w+)"', page.text)
    assert seen
    return browser.submit("/assignments/take-back", **{**PLACE, "seen": seen[1], "reason": WHY, **changes})


def asked(office: Office) -> set[str]:
    names = {person.id: name for name, person in office.people.items()}
    with reading(office.house.make) as session:
        return {names[row.person_id] for row in session.query(Assignment)}


def test_a_look_says_from_whom_and_changes_nothing(office: Office) -> None:
    page = look(office.browser("郑国平")).text
    assert "将收回2人的“突发事件信息报告员（入门）”" in page
    assert re.search(r"已经在学</dt><dd>1人", page)
    assert "陈晓明" in page
    assert asked(office) == {"陈晓明", "林秀英"}


def test_what_was_looked_at_is_taken_back_and_said(office: Office) -> None:
    browser = office.browser("郑国平")
    reply = confirm(browser, look(browser))
    assert reply.status_code == 303
    assert "已收回" in browser.get(reply.headers["location"]).text
    assert asked(office) == set()
    assert "没有人欠着培训" in browser.open("/unfinished").text
    assert "不要求了，愿意可以接着学" in office.browser("陈晓明").open("/learning").text
    assert "现在没有布置给您的学习" in office.browser("林秀英").open("/learning").text


def test_who_has_the_certificate_is_left_alone(office: Office) -> None:
    with writing(office.house.make) as session:
        session.query(Assignment).filter_by(person_id=office.people["陈晓明"].id).delete()
        certify(session, office.people["张远"], office.house.rulebook)
    browser = office.browser("周建国")
    page = look(browser, unit=office.at.county.code)
    assert re.search(r"已有证书</dt><dd>1人", page.text)
    confirm(browser, page, unit=office.at.county.code)
    assert asked(office) == {"张远"}


def test_sent_twice_it_is_taken_back_once(office: Office) -> None:
    browser = office.browser("郑国平")
    page = look(browser)
    assert [confirm(browser, page).status_code for _ in range(2)] == [303, 303]
    with reading(office.house.make) as session:
        assert session.query(AuditRow).filter_by(action="programme.take_back").count() == 1


def test_if_the_list_changed_meanwhile_one_looks_again(office: Office) -> None:
    browser = office.browser("郑国平")
    page = look(browser)
    with writing(office.house.make) as session:
        session.query(Assignment).filter_by(person_id=office.people["林秀英"].id).delete()
    reply = confirm(browser, page)
    assert reply.status_code == 409
    assert "请再看一遍" in reply.text
    assert asked(office) == {"陈晓明"}


def test_without_a_reason_it_is_asked_for(office: Office) -> None:
    browser = office.browser("郑国平")
    reply = confirm(browser, look(browser), reason="")
    assert reply.status_code == 422
    assert "请写为什么收回" in reply.text
    assert asked(office) == {"陈晓明", "林秀英"}


def test_from_one_person_on_their_own_page(office: Office) -> None:
    browser, path = office.browser("郑国平"), f"/people/{office.people['林秀英'].id}"
    assert "收回布置给他的" in browser.open(path).text
    assert browser.submit(f"{path}/take-back", programme="ER-T1", reason="").status_code == 422
    assert browser.submit(f"{path}/take-back", programme="NONE", reason=WHY).status_code == 422
    assert asked(office) == {"陈晓明", "林秀英"}
    assert browser.submit(f"{path}/take-back", programme="ER-T1", reason=WHY).status_code == 303
    assert asked(office) == {"陈晓明"}
    assert "收回布置给他的" not in browser.open(path).text


@pytest.mark.parametrize(("name", "status"), [("吴美玲", 404), ("黄老师", 403), ("陈晓明", 403)])
def test_who_does_not_administer_there_takes_nothing_back(office: Office, name: str, status: int) -> None:
    browser = office.browser(name)
    assert look(browser).status_code == status
    assert browser.submit("/assignments/take-back", **PLACE, reason=WHY, seen="x").status_code == status
    person = f"/people/{office.people['林秀英'].id}/take-back"
    assert browser.submit(person, programme="ER-T1", reason=WHY).status_code == status
    assert asked(office) == {"陈晓明", "林秀英"}


def test_where_nobody_was_asked_there_is_nothing_to_confirm(office: Office) -> None:
    page = look(office.browser("郑国平"), role="VO").text
    assert "没有可以收回的" in page
    assert 'name="seen"' not in page
