"""The page a slip's QR code leads to, at the real hub: looked at by chats, used by a button, once; and six digits later."""

import os
import re
import resource
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import unescape

import httpx
import pytest
from sqlalchemy import select

from banyan.accounts.device_cookie import COOKIE
from banyan.accounts.devices import devices_of, set_pin
from banyan.accounts.slips import PrintedSlip, issue_slips
from banyan.records.engine import Sessions, open_engine, sessions, writing
from banyan.records.entry import Device, Slip
from banyan.records.people import Person
from banyan.serve.processes import carries, descendants
from banyan.settings import Home
from tests.hub.conftest import Browser

pytestmark = pytest.mark.served
Give = Callable[[str], PrintedSlip]
PIN = "481527"


@pytest.fixture
def records(hub_home: Home) -> Sessions:
    return sessions(open_engine(hub_home.records_url))


@pytest.fixture
def give(records: Sessions, hub_home: Home) -> Give:
    def issue(number: str) -> PrintedSlip:
        with writing(records) as session:
            person = session.scalars(select(Person).where(Person.staff_number == number)).one()
            return issue_slips(session, [person], hub_home.entry_key, None, datetime.now(UTC))[0]

    return issue


def press(browser: Browser, page: httpx.Response) -> httpx.Response:
    fields = dict(re.findall(r'name="(_xsrf|code)" value="([^"]*)"', page.text))
    return browser.post("/hub/enter", data={name: unescape(value) for name, value in fields.items()})


def look(browser: Browser, slip: PrintedSlip) -> httpx.Response:
    return browser.get("/hub/enter", params={"code": slip.token})


def type_pin(browser: Browser, pin: str, **query: str) -> httpx.Response:
    form = browser.get("/hub/login", params=query)
    found = dict(re.findall(r'(action|name="_xsrf" value|name="who" value)="([^"]*)"', form.text))
    fields = {"_xsrf": found['name="_xsrf" value'], "way": "pin", "who": found['name="who" value'], "pin": pin}
    return browser.post(unescape(found["action"]), data=fields)


def set_digits(records: Sessions, home: Home, browser: Browser) -> None:
    """Choose digits as the portal's welcome does; it is not served here."""
    with writing(records) as session:
        set_pin(session, devices_of(session, [browser.cookies[COOKIE].split(".")[0]], home.entry_key)[0], PIN, home.entry_key)


def test_opening_the_page_shows_whose_slip_it_is_and_uses_nothing(browser, give: Give, records: Sessions) -> None:
    slip = give("YX0005")
    chat = browser()
    for _ in range(2):
        assert chat.head("/hub/enter", params={"code": slip.token}).status_code == 200
        page = look(chat, slip)
        assert "您是林*英吗" in page.text
        assert "林晓英" not in page.text
    assert COOKIE not in chat.cookies
    with records() as session:
        assert session.scalars(select(Slip.used_at).order_by(Slip.id.desc())).first() is None


def test_its_address_goes_no_further(browser, give: Give) -> None:
    page = look(browser(), give("YX0005"))
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "preference" not in page.text, "the code must not travel inside another address, which the hub would log"


def test_the_button_signs_in_and_remembers_the_phone(browser, give: Give) -> None:
    person = browser()
    answer = press(person, look(person, give("YX0005")))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    kept = next(each for each in answer.headers.get_list("set-cookie") if each.startswith(COOKIE))
    assert "HttpOnly" in kept
    assert "SameSite=Lax" in kept
    assert len(person.cookies[COOKIE]) >= 22
    assert person.get("/hub/").headers["location"] == "/services/portal/"


def test_over_https_the_phones_cookie_is_secure(browser, give: Give) -> None:
    person = browser()
    page = look(person, give("YX0005"))
    person.headers["X-Forwarded-Proto"] = "https"
    answer = press(person, page)
    assert "Secure" in next(each for each in answer.headers.get_list("set-cookie") if each.startswith(COOKIE))


def test_a_form_without_this_browsers_seal_uses_nothing(browser, give: Give) -> None:
    slip = give("YX0005")
    answer = browser().post("/hub/enter", data={"code": slip.token, "_xsrf": "of another site"})
    assert answer.status_code == 403
    assert "请再打开一次" in answer.text
    owner = browser()
    assert press(owner, look(owner, slip)).status_code == 303


def test_a_used_slip_says_when_and_on_what(browser, give: Give) -> None:
    slip, person, other = give("YX0005"), browser(), browser()
    person.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 9; TAS-AL00 Build/H1) Chrome/70"
    early = look(other, slip)
    press(person, look(person, slip))
    for answer in (look(other, slip), press(other, early)):
        assert answer.status_code == 403
        assert "安卓手机 TAS-AL00" in answer.text
    assert COOKIE not in other.cookies


def test_a_slip_signs_out_whoever_was_here_before_and_the_person_everywhere_else(browser, give: Give) -> None:
    shared, old = browser(), browser()
    assert shared.sign_in("YX0004").status_code == 302
    first = give("YX0005")
    press(old, look(old, first))
    assert old.get("/hub/login").status_code == 302
    shared.cookies.set("service-portal", "of YX0004", domain="127.0.0.1", path="/services/portal/")
    press(shared, look(shared, give("YX0005")))
    assert "service-portal" not in shared.cookies
    assert old.get("/hub/login").status_code == 200, "the other phone is asked to sign in"


def test_six_digits_open_a_remembered_phone_and_lead_back(browser, give: Give, records: Sessions, hub_home: Home) -> None:
    person = browser()
    press(person, look(person, give("YX0005")))
    set_digits(records, hub_home, person)
    person.get("/hub/logout")
    assert "林*英，请输入6位数字" in person.get("/hub/login").text
    assert "数字不对" in type_pin(person, "902713").text
    answer = type_pin(person, PIN, next="/services/portal/exam?x=1")
    assert (answer.status_code, answer.headers["location"]) == (302, "/services/portal/exam?x=1")


def test_digits_never_lead_out_of_the_house(browser, give: Give, records: Sessions, hub_home: Home) -> None:
    person = browser()
    press(person, look(person, give("YX0005")))
    set_digits(records, hub_home, person)
    person.get("/hub/logout")
    location = type_pin(person, PIN, next="https://evil.example/x").headers["location"]
    assert location.startswith("/")
    assert not location.startswith("//")


def test_a_slip_scanned_again_on_its_own_phone_asks_for_the_digits(
    browser, give: Give, records: Sessions, hub_home: Home
) -> None:
    person, slip = browser(), give("YX0005")
    press(person, look(person, slip))
    set_digits(records, hub_home, person)
    assert look(person, slip).headers["location"].startswith("/hub/login?who=")


def test_two_people_on_one_phone_are_asked_which_one(browser, give: Give, records: Sessions, hub_home: Home) -> None:
    shared = browser()
    for number in ("YX0005", "YX0006"):
        press(shared, look(shared, give(number)))
        set_digits(records, hub_home, shared)
    shared.get("/hub/logout")
    page = shared.get("/hub/login").text
    assert "您是哪一位" in page
    assert "林*英" in page
    assert "陈*国" in page


def test_a_forgotten_phone_is_asked_like_any_other(browser, give: Give, records: Sessions, hub_home: Home) -> None:
    person = browser()
    press(person, look(person, give("YX0005")))
    set_digits(records, hub_home, person)
    person.get("/hub/logout")
    with writing(records) as session:
        for device in session.scalars(select(Device)):
            device.ended_at = datetime.now(UTC)
    page = person.get("/hub/login").text
    assert 'name="password"' in page
    assert "林*英" not in page


def test_the_digits_of_a_slip_may_be_typed(browser, give: Give) -> None:
    slip, person = give("YX0005"), browser()
    form = person.get("/hub/login", params={"way": "digits"})
    found = dict(re.findall(r'(action|name="_xsrf" value)="([^"]*)"', form.text))
    fields = {"_xsrf": found['name="_xsrf" value'], "way": "digits", "username": "yx0005", "digits": slip.digits}
    assert person.post(unescape(found["action"]), data=fields).status_code == 302
    assert COOKIE in person.cookies


@pytest.mark.parametrize("who", ["1" * 5000, "²", "-1", ""], ids=["five thousand", "no digit", "below nothing", "nobody"])
def test_digits_for_a_phone_that_is_none_are_answered_in_words(browser, who: str) -> None:
    person = browser()
    xsrf = re.findall(r'name="_xsrf" value="([^"]*)"', person.get("/hub/login").text)[0]
    answer = person.post("/hub/login", data={"_xsrf": xsrf, "way": "pin", "who": who, "pin": PIN})
    assert (answer.status_code, "不认得您了" in answer.text) == (403, True)


@pytest.fixture
def no_room(hub: str, hub_home: Home) -> Iterator[Callable[[], None]]:
    """Lets no file of the hub grow any more, until the test is over: its disk is full."""
    marks = ("BANYAN_SERVICE=hub", f"BANYAN_HOME={hub_home.root}")
    (process,) = (each for each in descendants(os.getpid()) if all(carries(each, mark) for mark in marks))
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    yield lambda: resource.prlimit(process, resource.RLIMIT_FSIZE, (1024, before[1])) and None
    resource.prlimit(process, resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(("language", "words"), [("zh-Hans", "服务器的磁盘满了"), ("en", "server’s disk is full")])
def test_a_full_disk_at_the_door_is_said_in_words(
    language: str, words: str, browser, give: Give, no_room: Callable[[], None]
) -> None:
    slip, person = give("YX0005"), browser()
    person.cookies.set("banyan-lang", language)
    page = look(person, slip)
    form = person.get("/hub/login")
    no_room()
    answers = [press(person, page), person.send_form(form, "YX0002")]
    for answer in answers:
        assert answer.status_code == 500
        assert words in answer.text
        assert "Internal Server Error" not in answer.text


def test_a_full_disk_uses_no_slip_up(browser, give: Give, records: Sessions, no_room: Callable[[], None]) -> None:
    slip, person = give("YX0005"), browser()
    page = look(person, slip)
    no_room()
    assert press(person, page).status_code == 500
    with records() as session:
        assert session.scalars(select(Slip.used_at).order_by(Slip.id.desc())).first() is None


def test_the_hubs_log_holds_no_code(browser, give: Give, hub_home: Home) -> None:
    slip = give("YX0005")
    person = browser()
    press(person, look(person, slip))
    assert slip.token not in (hub_home.logs / "hub.log").read_text(encoding="utf-8")
