"""The sign-in page: its languages and sizes, what it says when it refuses, what a stale form does."""

import pytest

from tests.hub.conftest import PASSWORD

pytestmark = pytest.mark.served


def test_number_and_password_lead_to_where_one_wanted_to_go(browser):
    answer = browser().sign_in("YX0001", next_url="/services/portal/exam?x=1")
    assert (answer.status_code, answer.headers["location"]) == (302, "/services/portal/exam?x=1")


def test_without_another_wish_sign_in_leads_to_the_portal(browser):
    assert browser().sign_in("YX0001", next_url="").headers["location"] == "/services/portal/"


def test_the_house_itself_leads_to_the_portal(browser):
    assert browser().get("/", follow_redirects=False).headers["location"] == "/hub/"
    assert browser().get("/hub/").headers["location"] == "/services/portal/"


def test_a_wrong_password_reads_as_a_sentence_and_keeps_the_number(browser):
    answer = browser().sign_in("YX0002", "wrong")
    assert answer.status_code == 403
    assert "号码或密码不对" in answer.text
    assert 'value="YX0002"' in answer.text
    assert "wrong" not in answer.text


def test_five_wrong_passwords_lock_the_account_and_say_for_how_long_and_whom_to_ask(browser):
    person = browser()
    for _ in range(5):
        person.sign_in("YX0003", "wrong")
    answer = person.sign_in("YX0003", PASSWORD)
    assert answer.status_code == 403
    assert "15 分钟后再试" in answer.text
    assert "请联系您所在镇街的管理员" in answer.text


def test_chinese_is_the_language_until_another_is_chosen(browser):
    person = browser()
    assert '<html lang="zh-Hans"' in person.get("/hub/login").text
    back = person.get("/hub/preference", params={"language": "en", "next": "/hub/login?next=%2Fx"})
    assert back.headers["location"] == "/hub/login?next=%2Fx"
    page = person.get("/hub/login").text
    assert '<html lang="en"' in page
    assert "Staff or mobile number" in page
    assert "工号" not in page


def test_a_refusal_is_said_in_the_language_chosen(browser):
    person = browser()
    person.cookies.set("banyan-lang", "en")
    assert "Wrong number or password" in person.sign_in("YX0002", "wrong").text


def test_larger_type_stays_chosen(browser):
    person = browser()
    person.get("/hub/preference", params={"size": "elder"})
    assert 'class="elder"' in person.get("/hub/login").text


@pytest.mark.parametrize("elsewhere", ["//evil.example/x", "https://evil.example/x", "/\\evil.example", "\\\\evil.example/x"])
def test_a_change_of_language_never_leads_out_of_the_house(browser, elsewhere: str):
    location = browser().get("/hub/preference", params={"language": "en", "next": elsewhere}).headers["location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def test_an_unknown_language_is_not_kept(browser):
    assert "set-cookie" not in browser().get("/hub/preference", params={"language": "<script>"}).headers


def test_a_form_from_before_a_sign_in_in_another_tab_still_leads_on(browser):
    person = browser()
    second_tab = person.get("/hub/login", params={"next": "/services/portal/exam"})
    person.sign_in("YX0001")
    answer = person.send_form(second_tab, "YX0001")
    assert (answer.status_code, answer.headers["location"]) == (303, "/services/portal/exam")


def test_a_form_too_old_asks_to_sign_in_again_and_keeps_the_number(browser):
    answer = browser().post("/hub/login", data={"_xsrf": "of yesterday", "username": "YX0001", "password": PASSWORD})
    assert answer.status_code == 403
    assert "请再登录一次" in answer.text
    assert 'value="YX0001"' in answer.text


def test_nothing_on_the_page_comes_from_another_house(browser):
    page = browser().get("/hub/login").text
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert "//" not in page.replace("<!doctype", "").replace("://", "")
