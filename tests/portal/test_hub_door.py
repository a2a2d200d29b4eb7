"""Signing in through the real hub: back where one wanted to go, in every tab, out for good, nothing forged."""

import re
from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from tests.conftest import Served

pytestmark = pytest.mark.served
WANTED = "/services/portal/courses?from=a%20link"


@pytest.fixture
def browser(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, follow_redirects=True, timeout=20) as client:
        yield client


def fill_in(browser: httpx.Client, page: httpx.Response, served: Served, name: str = "林秀英") -> httpx.Response:
    account = served.account(name)
    action = unescape(re.search(r'<form[^>]* action="([^"]+)"', page.text).group(1))  # type: ignore[union-attr]
    seal = re.search(r'name="_xsrf" value="([^"]+)"', page.text).group(1)  # type: ignore[union-attr]
    form = {"username": account.staff_number, "password": account.password, "_xsrf": seal}
    return browser.post(str(page.url.join(action)), data=form)


def test_signing_in_leads_back_to_the_page_one_wanted(browser: httpx.Client, served: Served) -> None:
    form = browser.get(WANTED)
    assert form.url.path == "/hub/login"
    page = fill_in(browser, form, served)
    assert page.status_code == 200
    assert page.url.raw_path == WANTED.encode()
    assert "林秀英" in page.text


def test_two_tabs_each_come_back_to_their_own_page(browser: httpx.Client, served: Served) -> None:
    first, second = browser.get("/services/portal/courses"), browser.get("/services/portal/certificates")
    assert fill_in(browser, second, served).url.path == "/services/portal/certificates"
    assert browser.get(str(first.url)).url.path == "/services/portal/courses"


def test_signing_out_at_the_portal_signs_out_for_good(browser: httpx.Client, served: Served) -> None:
    page = fill_in(browser, browser.get(WANTED), served)
    seal = re.search(r'name="csrf" value="([^"]+)"', page.text).group(1)  # type: ignore[union-attr]
    assert "您已退出" in browser.post("/services/portal/logout", data={"csrf": seal}).text
    assert browser.get(WANTED).url.path == "/hub/login"


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("", id="nothing"),
        pytest.param("?code=stolen&state=made-up", id="made up"),
        pytest.param("?code=stolen&state=..%2f..%2f", id="odd"),
    ],
)
def test_a_callback_nobody_asked_for_signs_nobody_in(browser: httpx.Client, query: str) -> None:
    reply = browser.get(f"/services/portal/oauth_callback{query}")
    assert reply.url.path == "/hub/login"
    assert "service-portal" not in browser.cookies


def test_a_code_that_is_none_is_said_in_plain_words(browser: httpx.Client) -> None:
    reply = browser.get(WANTED, follow_redirects=False)
    state = re.search(r"state=([\w-]+)", reply.headers["location"]).group(1)  # type: ignore[union-attr]
    answer = browser.get(f"/services/portal/oauth_callback?code=made-up&state={state}")
    assert answer.status_code == 503
    assert "请等一分钟再试" in answer.text


@pytest.mark.parametrize("cookie", ["", "gAAAAA", "null"])
def test_a_forged_cookie_is_nobody(browser: httpx.Client, served: Served, cookie: str) -> None:
    browser.cookies.set("service-portal", cookie, path="/services/portal/", domain="127.0.0.1")
    assert browser.get(WANTED).url.path == "/hub/login"
