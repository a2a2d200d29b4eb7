"""Signing out, pages that are not there, services that do not answer."""

import pytest

pytestmark = pytest.mark.served


def test_signing_out_says_so_and_forgets_who_one_was(browser):
    person = browser()
    person.sign_in("YX0004")
    assert "您已退出" in person.get("/hub/logout").text
    assert person.get("/hub/home").headers["location"].startswith("/hub/login")


def test_a_missing_page_says_so_in_plain_words(browser):
    answer = browser().get("/hub/nowhere")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text


def test_a_missing_page_says_so_in_english_to_who_chose_it(browser):
    person = browser()
    person.cookies.set("banyan-lang", "en")
    answer = person.get("/hub/nowhere")
    assert '<html lang="en"' in answer.text
    assert "There is no such page" in answer.text


@pytest.mark.parametrize("path", ["/services/portal/", "/verify/abc"])
def test_a_service_that_does_not_answer_has_a_page_in_both_languages(browser, path: str):
    answer = browser().get(path)
    assert answer.status_code == 503
    assert "已经保存的内容不会丢" in answer.text
    assert "Try again" in answer.text


def test_the_hubs_own_errors_offer_a_way_back(browser):
    page = browser().get("/hub/error/503").text
    assert "服务暂时没有回应" in page
    assert 'href="/"' in page
