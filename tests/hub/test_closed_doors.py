"""What a learner meets where the hub offers servers and tokens: a refusal in plain words, in every way of asking."""

import re

import httpx
import pytest

from tests.hub.conftest import PASSWORD

pytestmark = pytest.mark.served
CLOSED = "这里不对学员开放"
JARGON = ("scope", "token", "Jupyter", "server", "Forbidden")


@pytest.fixture
def learner(browser):
    person = browser()
    assert person.sign_in("YX0001").status_code == 302
    return person


def assert_refused_in_plain_words(answer: httpx.Response) -> None:
    assert answer.status_code == 403
    assert CLOSED in answer.text
    assert not [word for word in JARGON if word in re.sub("<[^>]*>", "", answer.text)]


@pytest.mark.parametrize("page", ["home", "token", "spawn", "spawn/YX0001", "spawn/YX0001/mine", "admin", "accept-share"])
def test_a_stock_page_is_refused(learner, page: str):
    answer = learner.get(f"/hub/{page}")
    assert_refused_in_plain_words(answer)
    assert '<html lang="zh-Hans"' in answer.text
    assert 'href="/"' in answer.text


def test_asking_for_a_server_by_form_is_refused(learner):
    assert_refused_in_plain_words(learner.post("/hub/spawn", data={}))


@pytest.mark.parametrize("what", ["server", "servers/mine", "tokens"])
def test_asking_by_the_api_is_refused(learner, what: str):
    answer = learner.post(f"/hub/api/users/YX0001/{what}", json={})
    assert answer.status_code == 403
    assert CLOSED in answer.json()["message"]


def test_somebody_elses_server_is_refused_too(learner):
    assert CLOSED in learner.post("/hub/api/users/YX0002/server", json={}).json()["message"]


def test_a_password_sent_to_the_api_makes_no_token(browser):
    answer = browser().post("/hub/api/users/YX0001/tokens", json={"auth": {"username": "YX0001", "password": PASSWORD}})
    assert answer.status_code == 403
    assert "token" not in answer.json()


def test_a_page_for_a_server_of_ones_own_is_ours(learner):
    answer = learner.get("/user/YX0001/lab", follow_redirects=True)
    assert answer.status_code >= 400
    assert "回到首页" in answer.text
    assert "Jupyter" not in answer.text


def test_a_refusal_is_said_in_english_to_who_chose_it(learner):
    learner.cookies.set("banyan-lang", "en")
    page = learner.get("/hub/home").text
    assert '<html lang="en"' in page
    assert "Your courses, exams and certificates are on the home page" in page


def test_who_is_not_signed_in_is_asked_to(browser):
    assert browser().get("/hub/token").headers["location"].startswith("/hub/login?next=")
