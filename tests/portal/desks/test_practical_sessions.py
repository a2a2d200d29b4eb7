"""A practical with day, time and place: announced on the trainer's desk, read by learners and administrators, called off."""

import re
from io import BytesIO
from typing import Any

import pytest
from python_calamine import load_workbook

from banyan.portal.registry import PORTAL
from banyan.records.competence import PracticalSession
from banyan.records.engine import reading, writing
from tests.county import COURSE
from tests.portal.office import Browser, Office, examine

PLACE = "镇政府二楼会议室"
WHEN = "12月3日 14:30"


@pytest.fixture(autouse=True)
def she_waits(office: Office) -> None:
    """林秀英 passed the exam; only the practical is missing."""
    with writing(office.house.make) as session:
        examine(session, office.people["林秀英"], office.house.rulebook)


def announce(office: Office, browser: Browser | None = None, **changes: str) -> Any:
    form = {"course": COURSE, "unit": office.at.qingshi.code, "day": "2026-12-03", "clock": "14:30", "place": PLACE, **changes}
    return (browser or office.browser("黄老师")).submit("/practical-sessions", **form)


def counted(office: Office) -> int:
    with reading(office.house.make) as session:
        return session.query(PracticalSession).count()


def test_announced_it_names_who_is_expected_and_gives_a_text_without_names(office: Office) -> None:
    browser = office.browser("黄老师")
    reply = announce(office, browser)
    assert reply.status_code == 303
    page = browser.get(reply.headers["location"]).text
    assert "该来1个人" in page
    assert "林秀英" in page
    text = re.search(r"<textarea[^>]*>([^<]*)</textarea>", page)
    assert text
    assert f"时间：{WHEN}" in text[1]
    assert f"地点：{PLACE}" in text[1]
    assert "林秀英" not in text[1]
    assert office.people["黄老师"].phone in text[1]


def test_the_learner_reads_when_and_where_and_whom_to_ring(office: Office) -> None:
    home = office.browser("林秀英").open("/learning").text
    assert "老师定好时间和地点，会写在这里" in home
    assert office.people["黄老师"].phone in home

    announce(office, office.browser("何老师"), unit=office.at.county.code)
    home = office.browser("林秀英").open("/learning").text
    assert f"{WHEN}，在{PLACE}" in home
    assert office.people["何老师"].phone in home, "who announced it knows best"
    course = office.browser("林秀英").open(f"/courses/{COURSE}").text
    assert f"{WHEN}，在{PLACE}" in course


def test_who_still_learns_or_lives_elsewhere_is_told_nothing(office: Office) -> None:
    announce(office)
    for name in ("陈晓明", "张远"):
        assert PLACE not in office.browser(name).open("/learning").text


def test_both_desks_say_it(office: Office) -> None:
    announce(office)
    trainer, office_of_town = office.browser("黄老师"), office.browser("郑国平")
    for page in (trainer.open("/practicals").text, trainer.open("/teaching").text):
        assert WHEN in page
        assert PLACE in page
    said = f"演练定在{WHEN}，{PLACE}"
    for path in ("/unfinished", "/coverage"):
        assert said in office_of_town.open(path).text
        cells = load_workbook(BytesIO(office_of_town.open(f"{path}.xlsx").content)).get_sheet_by_index(0).to_python()
        assert said in [cell for row in cells for cell in row], path


def test_a_county_s_session_is_seen_by_the_town_s_trainer_but_not_theirs_to_call_off(office: Office) -> None:
    number = announce(office, office.browser("何老师"), unit=office.at.county.code).headers["location"].rpartition("/")[2]
    path = f"/practical-sessions/{number.split('?')[0]}"
    page = office.browser("黄老师").open("/practicals").text
    assert WHEN in page
    assert path not in page
    assert office.browser("黄老师").open(path).status_code == 404
    assert office.browser("黄老师").submit(f"{path}/call-off").status_code == 404


def test_called_off_it_is_gone_from_every_page_and_the_text_says_so(office: Office) -> None:
    browser = office.browser("黄老师")
    path = announce(office, browser).headers["location"].removeprefix(PORTAL).split("?")[0]
    assert browser.submit(f"{path}/call-off").status_code == 303
    assert "现场演练取消了" in browser.open(path).text
    for name, page in (("林秀英", "/learning"), ("黄老师", "/practicals"), ("黄老师", "/teaching"), ("郑国平", "/unfinished")):
        assert PLACE not in office.browser(name).open(page).text, page


def test_on_the_day_the_place_is_filled_in_and_the_day_after_nobody_is_forgotten(office: Office) -> None:
    announce(office)
    ticks, filled = f"/practicals/{COURSE}/{office.people['林秀英'].id}", f'value="{PLACE}"'
    assert filled in office.later(10).browser("黄老师").open(ticks).text
    assert filled not in office.browser("黄老师").open(ticks).text
    assert f"今天14:30现场演练，在{PLACE}" in office.later(10).browser("林秀英").open("/learning").text
    assert "12月3日那场演练还没有您的记录" in office.later(12).browser("林秀英").open("/learning").text


def test_sent_twice_it_is_announced_once(office: Office) -> None:
    assert announce(office).headers["location"] == announce(office).headers["location"]
    assert counted(office) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"day": "2026-11-22"}, "已经过了", id="yesterday"),
        pytest.param({"day": "2026-02-30"}, "请选演练的日期和时间", id="no such day"),
        pytest.param({"clock": "25:00"}, "请选演练的日期和时间", id="no such hour"),
        pytest.param({"place": ""}, "请写清楚在哪里", id="no place"),
    ],
)
def test_what_does_not_fit_comes_back_as_it_was_filled_in(office: Office, changes: dict[str, str], said: str) -> None:
    reply = announce(office, **changes)
    assert reply.status_code == 422
    assert said in reply.text
    assert f'value="{changes.get("place", PLACE)}"' in reply.text
    assert counted(office) == 0


@pytest.mark.parametrize(("name", "status"), [("周老师", 404), ("王老师", 404), ("林秀英", 403), ("郑国平", 403)])
def test_who_does_not_train_there_announces_nothing(office: Office, name: str, status: int) -> None:
    assert announce(office, office.browser(name)).status_code == status
    assert counted(office) == 0


def test_a_look_calls_nothing_off(office: Office) -> None:
    path = announce(office).headers["location"].removeprefix(PORTAL).split("?")[0]
    assert office.browser("黄老师").open(f"{path}/call-off").status_code == 405
    assert PLACE in office.browser("林秀英").open("/learning").text
