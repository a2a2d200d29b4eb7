"""Asking a programme of many: a look first, then exactly what was looked at, once."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest

from banyan.records.engine import reading
from banyan.records.learning import Assignment
from tests.county import County
from tests.portal.office import Browser, Office

WISH = {"programme": "ER-T1", "unit": "399901101201", "role": "GS", "due_on": "2026-12-31"}


def look(browser: Browser, **changes: str) -> Any:
    query = "&".join(f"{name}={value}" for name, value in {**WISH, **changes}.items())
    return browser.open(f"/assignments/check?{query}")


def confirm(browser: Browser, page: Any, **changes: str) -> Any:
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
    return browser.submit("/assignments", **{**{name: fields.get(name, "") for name in (*WISH, "seen")}, **changes})


def asked(office: Office) -> dict[str, str]:
    names = {person.id: name for name, person in office.people.items()}
    with reading(office.house.make) as session:
        return {names.get(row.person_id, "?"): row.due_on.isoformat() for row in session.query(Assignment)}


def test_the_form_offers_the_units_of_my_subtree_alone(office: Office) -> None:
    page = office.browser("郑国平").open("/assignments/new").text
    assert "溪口村" in page
    assert "上坪村" not in page
    assert "榕溪县</option>" not in page


def test_a_look_says_whom_it_reaches_and_changes_nothing(office: Office) -> None:
    page = look(office.browser("郑国平"))

    assert "将给2人布置“突发事件信息报告员（入门）”" in page.text
    assert "陈晓明" in page.text
    assert asked(office) == {}


def test_what_was_looked_at_is_what_is_done(office: Office) -> None:
    browser = office.browser("郑国平")
    reply = confirm(browser, look(browser))

    assert reply.status_code == 303
    assert asked(office) == {"陈晓明": "2026-12-31", "林秀英": "2026-12-31"}
    assert "已布置" in browser.get(reply.headers["location"]).text


def test_sent_twice_it_is_done_once(office: Office) -> None:
    browser = office.browser("郑国平")
    page = look(browser)
    confirm(browser, page)
    confirm(browser, page)

    audit = office.browser("何立新").open("/audit").text
    assert audit.count("布置培训") == 1


def test_if_somebody_joined_meanwhile_one_looks_again(office: Office) -> None:
    browser = office.browser("郑国平")
    page = look(browser)
    with office.house.make.begin() as session:
        County(session, people=500).person("后来的", session.merge(office.at.xikou_2))

    again = confirm(browser, page)
    assert again.status_code == 409
    assert "名单有变化" in again.text
    assert asked(office) == {}
    assert confirm(browser, again).status_code == 303
    assert len(asked(office)) == 3


def test_another_day_moves_it_and_the_look_says_so(office: Office) -> None:
    browser = office.browser("郑国平")
    confirm(browser, look(browser))
    page = look(browser, due_on="2027-01-31")

    assert "改日期" in page.text
    confirm(browser, page)
    assert set(asked(office).values()) == {"2027-01-31"}
    assert "不用再布置" in look(browser, due_on="2027-01-31").text


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        pytest.param("unit", "399901102201", 404, id="a foreign unit"),
        pytest.param("unit", "399901000000", 404, id="the county above"),
        pytest.param("unit", "x", 404, id="no unit of anybody's"),
        pytest.param("unit", "", 422, id="none"),
        pytest.param("programme", "XX-T9", 404, id="no programme"),
        pytest.param("role", "BOSS", 422, id="no role"),
        pytest.param("due_on", "2026-11-22", 422, id="yesterday"),
        pytest.param("due_on", "明天", 422, id="no date"),
        pytest.param("seen", "0" * 16, 409, id="another look"),
    ],
)
def test_a_tampered_form_assigns_nothing(office: Office, field: str, value: str, status: int) -> None:
    browser = office.browser("郑国平")
    assert confirm(browser, look(browser), **{field: value}).status_code == status
    if field != "seen":
        assert look(browser, **{field: value}).status_code == status
    assert asked(office) == {}


def test_a_form_that_does_not_fit_keeps_what_was_filled_in(office: Office) -> None:
    page = look(office.browser("郑国平"), due_on="2020-01-01").text
    assert "完成日期不能早于今天" in page
    assert 'value="399901101201" selected' in page


def test_where_nobody_fits_there_is_nothing_to_confirm(office: Office) -> None:
    page = look(office.browser("郑国平"), role="VO").text
    assert "没有人符合条件" in page
    assert 'name="seen"' not in page


@pytest.mark.parametrize("name", ["陈晓明", "黄老师", "何立新"])
def test_who_administers_nothing_assigns_nothing(office: Office, name: str) -> None:
    assert office.browser(name).submit("/assignments", **WISH).status_code == 403
    assert asked(office) == {}


def stand(office: Office, **changes: str) -> Any:
    """Look at a standing order as 郑国平 would, and do what was looked at."""
    browser = office.browser("郑国平")
    wish = {
        "programme": "ER-T1",
        "unit": office.at.qingshi.code,
        "role": "GS",
        "due_on": "2026-12-10",
        "standing": "1",
        "days": "14",
    }
    look = browser.open("/assignments/check?" + urlencode(wish | changes))
    seen = re.search(r'name="seen" value="(\w+)"', look.text)
    return look if seen is None else browser.submit("/assignments", seen=seen.group(1), **(wish | changes))


def test_an_order_may_stand_and_is_listed_until_it_is_ended(office: Office) -> None:
    assert stand(office).status_code == 303
    page = office.browser("郑国平").open("/assignments").text
    assert "新来的人自动布置" in page
    assert "进来以后给14天" in page
    rule = re.search(r"/assignments/rules/(\d+)/end", page)
    assert rule

    reply = office.browser("郑国平").submit(f"/assignments/rules/{rule.group(1)}/end")
    after = office.browser("郑国平").get(reply.headers["location"]).text
    assert "已停止" in after
    assert "新来的人自动布置" not in after


def test_what_was_done_before_may_still_be_made_to_stand(office: Office) -> None:
    stand(office, standing="", days="")
    look = office.browser("郑国平").open("/assignments")
    assert "新来的人自动布置" not in look.text
    assert stand(office).status_code == 303
    assert "新来的人自动布置" in office.browser("郑国平").open("/assignments").text


def test_an_order_may_stand_where_nobody_works_yet(office: Office) -> None:
    assert stand(office, role="VO").status_code == 303
    assert "新来的人自动布置" in office.browser("郑国平").open("/assignments").text


@pytest.mark.parametrize("days", ["", "0", "x", "366", "²"])
def test_newcomers_are_given_sensible_days(office: Office, days: str) -> None:
    assert stand(office, days=days).status_code == 422


def test_a_rule_of_another_town_is_not_there(office: Office) -> None:
    stand(office)
    rule = re.search(r"/assignments/rules/(\d+)/end", office.browser("周建国").open("/assignments").text)
    assert rule
    assert office.browser("吴美玲").submit(f"/assignments/rules/{rule.group(1)}/end").status_code == 404
    assert "新来的人自动布置" not in office.browser("吴美玲").open("/assignments").text
