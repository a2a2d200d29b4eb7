"""An opened lesson reads and practises without a line; what is answered waits, is said to wait, and is sent once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from banyan.lessons.ahead import LESSONS
from tests.chromium import PATIENCE, open_profile
from tests.lessons.conftest import CHEN, GRID_WORKER, LIN, NEIGHBOUR, TOWNS
from tests.lessons.reading import (
    NOTHING,
    PHONE,
    House,
    Posted,
    answers_of,
    kept,
    opened,
    reading_house,
    sign_in,
    sign_out,
    wait_for,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

AWAY = "现在没有网，打开的这一课照常读、照常练。"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with reading_house(tmp_path_factory.mktemp("r")) as it:
        yield it


@pytest.fixture
def phone(chromium: Browser, house: House) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE, has_touch=True, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    sign_in(context, house)
    yield context
    context.close()


def test_an_opened_lesson_is_read_and_practised_without_a_line(phone: BrowserContext, house: House) -> None:
    page = opened(phone, house)
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    phone.set_offline(True)
    page.reload()
    expect(page.locator("#notice")).to_have_text(AWAY)
    expect(page.locator("#one-night h2")).to_have_text("一个夜晚")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 250, 246)", "its style is kept, too"
    question = page.locator("[data-practice=try-it]")
    question.locator("input").first.check()
    question.locator(".practice-check").click()
    expect(question.locator(".practice-said")).to_contain_text("照片救不了人。")
    expect(page.locator("#kept")).to_have_text("等待连线")
    expect(page.locator("#notice")).to_contain_text("还有1项没有发出去")
    page.reload()
    expect(page.locator("#notice")).to_contain_text("还有1项没有发出去")
    expect(question.locator("input").first).to_be_checked()
    phone.set_offline(False)
    expect(page.locator("#kept")).to_have_text("已保存")
    expect(page.locator("#notice")).to_be_hidden()
    assert faults == []
    assert answers_of(house, LIN)["try-it"] == "A"


def test_the_first_visit_is_kept_without_fetching_its_files_twice(phone: BrowserContext, house: House) -> None:
    fetched: list[str] = []
    phone.on("response", lambda reply: fetched.append(reply.url) if not reply.from_service_worker else None)
    opened(phone, house)
    pages = [each for each in fetched if each.endswith("x-1/first")]
    assert len(pages) <= 2, "as it is opened, and once to keep it"
    assert len([each for each in fetched if each.endswith("offline.js")]) == 1


def test_where_somebody_left_off_is_known_without_a_line(phone: BrowserContext, house: House) -> None:
    sign_in(phone, house, GRID_WORKER)
    page = opened(phone, house)
    page.click("#next")
    expect(page.locator("#sums")).to_be_visible()
    expect(page.locator("#kept")).to_have_text("已保存")
    phone.set_offline(True)
    page.goto("about:blank")
    page.goto(house.lesson())
    expect(page.locator("#sums")).to_be_visible()


def test_a_lesson_that_was_never_opened_says_so_and_leads_to_those_that_were(phone: BrowserContext, house: House) -> None:
    page = opened(phone, house)
    phone.set_offline(True)
    page.goto(house.lesson("second"))
    expect(page.locator("h1")).to_have_text("现在没有网")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.locator(".away-list a").all_inner_texts() == ["首报"]
    page.click("text=首报")
    expect(page.locator("h1")).to_have_text("首报")


def test_where_nothing_can_be_read_one_still_sees_whom_to_ring(phone: BrowserContext, house: House) -> None:
    sign_in(phone, house, GRID_WORKER)
    page = opened(phone, house)
    phone.set_offline(True)
    page.goto(house.lesson("second"))
    numbers = [each.get_attribute("href") for each in page.locator(".sos a").all()]
    assert numbers == ["tel:119", "tel:110", "tel:120", f"tel:{TOWNS[GRID_WORKER][1].replace('-', '')}"]
    assert all(each.bounding_box()["height"] >= 44 for each in page.locator(".sos a").all())  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_page_for_lessons_that_are_not_kept_follows_the_readers_size_and_language(
    phone: BrowserContext, house: House
) -> None:
    page = opened(phone, house)
    phone.add_cookies(
        [{"name": name, "value": value, "url": house.url} for name, value in (("banyan-size", "elder"), ("banyan-lang", "en"))]
    )
    page.reload()
    kept_page = f"caches.match('{LESSONS}away').then(kept => kept.text())"
    wait_for(page, f'{kept_page}.then(html => html.includes(\'<html lang="en" class="elder">\'))')
    phone.set_offline(True)
    page.goto(house.lesson("second"))
    expect(page.locator("h1")).to_have_text("You are offline")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_what_was_answered_without_a_line_teaches_when_the_answer_comes(phone: BrowserContext, house: House) -> None:
    page = opened(phone, house)
    page.goto(f"{house.lesson()}#sums")
    phone.set_offline(True)
    question = page.locator("[data-practice=how-many]")
    question.locator("input").fill("3")
    question.locator(".practice-check").click()
    expect(question.locator(".practice-said")).to_have_text("现在没有网，等有网再看。")
    page.reload()
    expect(question.locator("input")).to_have_value("3")
    phone.set_offline(False)
    expect(question.locator(".practice-said")).to_contain_text("再点一遍。")
    assert answers_of(house, LIN)["how-many"] == "3"


def test_two_pages_of_one_reader_send_an_answer_once(phone: BrowserContext, house: House) -> None:
    first, second = opened(phone, house), opened(phone, house)
    posted = Posted(phone)
    phone.set_offline(True)
    for page, choice in ((first, 0), (second, 1)):
        page.bring_to_front()
        page.goto(f"{house.lesson()}#one-night")
        question = page.locator("[data-practice=try-it]")
        question.locator("input").nth(choice).check()
        question.locator(".practice-check").click()
        expect(page.locator("#notice")).to_contain_text("还有1项没有发出去")
    posted.seen.clear()
    phone.set_offline(False)
    expect(second.locator("#kept")).to_have_text("已保存")
    first.wait_for_timeout(1500)
    assert [each["value"] for each in posted.to("practice")] == ["B"], "the later answer, once"  # type: ignore[index]


def test_who_is_signed_out_keeps_what_waits_and_loses_the_pages(phone: BrowserContext, house: House) -> None:
    page = opened(phone, house)
    page.goto(f"{house.lesson()}#one-night")
    phone.clear_cookies(name="who")
    question = page.locator("[data-practice=try-it]")
    question.locator("input").last.check()
    question.locator(".practice-check").click()
    expect(page.locator("#kept")).to_have_text("请重新登录")
    expect(page.locator("#notice")).to_contain_text("登录过期了")
    wait_for(page, NOTHING)
    sign_in(phone, house)
    page.locator("#notice button").click()
    expect(page.locator("#kept")).to_have_text("已保存")
    assert answers_of(house, LIN)["try-it"] == "B"


def test_who_signs_in_again_on_another_page_is_no_longer_told_to(phone: BrowserContext, house: House) -> None:
    page = opened(phone, house)
    page.goto(f"{house.lesson()}#one-night")
    phone.clear_cookies(name="who")
    question = page.locator("[data-practice=try-it]")
    question.locator("input").last.check()
    question.locator(".practice-check").click()
    expect(page.locator("#notice")).to_contain_text("登录过期了")
    sign_in(phone, house)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#kept")).to_have_text("已保存")
    expect(page.locator("#notice")).to_be_hidden()


def test_signing_out_takes_the_lessons_off_the_phone(phone: BrowserContext, house: House) -> None:
    opened(phone, house)
    sign_out(phone, house)
    page = phone.new_page()
    phone.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        page.goto(house.lesson())


def test_another_reader_of_the_same_phone_never_meets_the_pages_of_the_one_before(phone: BrowserContext, house: House) -> None:
    page = opened(phone, house)
    opened(phone, house, "second")
    mine = page.locator("body").get_attribute("data-reader")
    sign_in(phone, house, CHEN)
    page.goto(house.lesson())
    wait_for(page, "caches.keys().then(names => names.length === 1 && names[0].endsWith(document.body.dataset.reader))")
    assert kept(page) == ["first"]
    phone.set_offline(True)
    page.reload()
    assert page.locator("body").get_attribute("data-reader") not in {mine, None}
    page.goto(house.lesson("second"))
    expect(page.locator("h1")).to_have_text("现在没有网")


def test_what_is_kept_holds_no_seal_of_a_form(phone: BrowserContext, house: House) -> None:
    page = opened(phone, house)
    html = page.evaluate("caches.match('/services/lessons/x-1/first').then(reply => reply.text())")
    assert 'name="_xsrf" value=""' in html
    assert "林秀英" not in html


def test_a_new_release_takes_the_place_of_the_kept_one_when_it_is_opened(phone: BrowserContext, house: House) -> None:
    sign_in(phone, house, NEIGHBOUR)
    page = opened(phone, house, "second")
    house.sample.change("lessons/second.md", "雨停了", "雨真停了")
    house.publish()
    page.reload()
    expect(page.locator("#again")).to_contain_text("雨真停了")
    kept_page = "caches.match('/services/lessons/x-1/second').then(reply => reply.text())"
    wait_for(page, f"{kept_page}.then(html => html.includes('雨真停了'))")
    phone.set_offline(True)
    page.reload()
    expect(page.locator("#again")).to_contain_text("雨真停了")


def test_who_waits_too_long_for_a_fresh_page_reads_the_kept_one(phone: BrowserContext, house: House) -> None:
    page = opened(phone, house)
    house.halt()
    try:
        page.goto(house.lesson(), wait_until="commit", timeout=15_000)
        expect(page.locator("#one-night h2")).to_have_text("一个夜晚")
    finally:
        house.go_on()
    expect(page.locator("#notice")).to_be_hidden()


def test_the_worker_is_given_to_anybody_and_reaches_no_further_than_the_lessons(phone: BrowserContext, house: House) -> None:
    reply = phone.request.get(f"{house.url}{LESSONS}offline.js")
    assert reply.headers["content-type"].startswith("text/javascript")
    assert reply.headers["cache-control"] == "no-cache"
    page = opened(phone, house)
    assert page.evaluate("navigator.serviceWorker.ready.then(ready => ready.scope)") == f"{house.url}{LESSONS}"
    phone.set_offline(True)
    assert page.evaluate("fetch('/services/lessons/api/state').then(() => 'answered', () => 'no line')") == "no line"


def test_a_browser_without_service_workers_says_nothing_of_it(chromium: Browser, house: House) -> None:
    context = chromium.new_context(viewport=PHONE, locale="zh-CN", service_workers="block")
    context.add_init_script("delete Navigator.prototype.serviceWorker; delete window.caches; delete window.indexedDB")
    sign_in(context, house)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(f"{house.lesson()}#one-night")
    question = page.locator("[data-practice=try-it]")
    question.locator("input").last.check()
    question.locator(".practice-check").click()
    expect(question.locator(".practice-said")).to_contain_text("答对了")
    expect(page.locator("#kept")).to_have_text("已保存")
    assert faults == []
    context.close()


def test_a_lesson_opens_after_the_browser_was_closed_and_the_house_is_gone(chromium: Browser, tmp_path: Path) -> None:
    with reading_house(tmp_path) as house:
        with open_profile(chromium, tmp_path / "profile", PHONE) as phone:
            sign_in(phone, house)
            page = opened(phone, house)
            question = page.locator("[data-practice=try-it]")
            house.stop()
            question.locator("input").last.check()
            question.locator(".practice-check").click()
            expect(page.locator("#notice")).to_contain_text("还有1项没有发出去")
        with open_profile(chromium, tmp_path / "profile", PHONE) as phone:
            page = phone.new_page()
            page.goto(house.lesson())
            expect(page.locator("h1")).to_have_text(re.compile("首报"))
            expect(page.locator("#notice")).to_contain_text("还有1项没有发出去")
            house.start()
            sign_in(phone, house)
            page.reload()
            expect(page.locator("#kept")).to_have_text("已保存")
        assert answers_of(house, LIN)["try-it"] == "B"
