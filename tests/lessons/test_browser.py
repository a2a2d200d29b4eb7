"""A lesson of the shipped course on a phone: it opens, computes, teaches, remembers, and asks nobody else for anything."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from banyan.courseware.catalogue import Catalogue
from banyan.records.engine import reading
from banyan.settings import Settings
from banyan.tracker.people import find_me
from banyan.tracker.progress import lesson_state
from banyan.wiring import open_records
from tests.chromium import PATIENCE
from tests.conftest import Served
from tests.lessons.reading import NOTHING, wait_for, wait_until_kept

pytestmark = [pytest.mark.browser, pytest.mark.served, pytest.mark.timeout(400)]

PHONE = {"width": 360, "height": 740}
LESSON = "/services/lessons/x-1-reporter/cluster"


@pytest.fixture
def phone(chromium: Browser, served: Served) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=served.url, viewport=PHONE, has_touch=True, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


class Listened:
    """What a page asked for and complained of."""

    def __init__(self, page: Page) -> None:
        self.addresses: list[str] = []
        self.faults: list[str] = []
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)


def open_lesson(phone: BrowserContext, served: Served, name: str = "林秀英") -> tuple[Page, Listened]:
    page = phone.new_page()
    page.goto(LESSON)
    account = served.account(name)
    page.fill("input[name=username]", account.staff_number)
    page.fill("input[name=password]", account.password)
    listened = Listened(page)
    page.click("[type=submit]")
    expect(page.locator("h1")).to_have_text("聚集性信号")
    return page, listened


def test_a_simulation_answers_and_the_page_asks_nobody_else(phone: BrowserContext, served: Served) -> None:
    page, listened = open_lesson(phone, served)
    page.goto(f"{LESSON}#days-count")
    panel = page.locator(".slot.here")
    slider = panel.locator("input[type=range]")
    before = panel.inner_text()
    slider.focus()
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(panel).not_to_have_text(before, use_inner_text=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    elsewhere = [each for each in listened.addresses if not each.startswith((served.url, f"blob:{served.url}", "data:"))]
    assert elsewhere == []
    assert listened.faults == []


def test_an_answer_teaches_at_once_and_is_there_after_coming_back(phone: BrowserContext, served: Served) -> None:
    page, _ = open_lesson(phone, served)
    page.goto(f"{LESSON}#what-to-see")
    question = page.locator("#what-to-see .practice")
    question.locator("input").first.check()
    question.locator(".practice-check").click()
    expect(question.locator(".practice-said")).to_have_text(re.compile("再想想|答对了"))
    expect(page.locator("#kept")).to_have_text("已保存")
    page.reload()
    expect(question.locator("input").first).to_be_checked()


def test_without_a_line_an_answer_waits_on_the_phone_and_goes_out_later(phone: BrowserContext, served: Served) -> None:
    page, _ = open_lesson(phone, served)
    page.goto(f"{LESSON}#below-the-number")
    expect(page.locator("#below-the-number")).to_be_visible()
    phone.set_offline(True)
    question = page.locator("#below-the-number .practice").first
    question.locator("input").last.check()
    question.locator(".practice-check").click()
    expect(question.locator(".practice-said")).to_have_text(re.compile("再想想|答对了"))
    expect(page.locator("#kept")).to_have_text("等待连线")
    expect(page.locator("#notice")).to_contain_text("还有1项没有发出去")
    phone.set_offline(False)
    expect(page.locator("#kept")).to_have_text("已保存")
    expect(page.locator("#notice")).to_be_hidden()


def test_what_one_says_of_a_step_in_two_taps_waits_without_a_line_and_says_so(phone: BrowserContext, served: Served) -> None:
    page, _ = open_lesson(phone, served)
    page.goto(f"{LESSON}#below-the-number")
    panel = page.locator("#below-the-number > .concern")
    said = panel.locator("[data-concern-said]")
    phone.set_offline(True)
    panel.locator("summary").click()
    panel.locator("[data-concern=unclear]").click()
    expect(said).to_have_text(re.compile("已存在手机里"))
    with page.expect_response("**/api/concerns") as answer:
        phone.set_offline(False)
    assert answer.value.ok
    expect(page.locator("#kept")).to_have_text("已保存")
    question = page.locator("#below-the-number .practice + .concern").first
    question.locator("summary").click()
    question.locator("[data-concern=wrong]").click()
    expect(question.locator("[data-concern-said]")).to_have_text(re.compile("已告诉老师"))


def test_steps_go_on_by_button_key_and_address_and_resume(phone: BrowserContext, served: Served) -> None:
    page, _ = open_lesson(phone, served, "郑国平")
    shown = page.locator(".step:visible h2")
    expect(shown).to_have_count(1)
    page.click("#next")
    expect(page.locator("#what-to-see")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#one-is-enough")).to_be_visible()
    page.go_back()
    expect(page.locator("#what-to-see")).to_be_visible()
    expect(page.locator("#kept")).to_have_text("已保存")
    page.goto("about:blank")
    page.goto(LESSON)
    expect(page.locator("#one-is-enough")).to_be_visible()


def test_who_leaves_at_once_after_the_last_tap_loses_no_step(phone: BrowserContext, served: Served) -> None:
    page, _ = open_lesson(phone, served, "吴美玲")
    page.goto(f"{LESSON}#seven-children")
    while page.locator("#next").inner_text() == "下一步":
        page.click("#next")
    page.click("#next")
    page.goto("/services/portal/learning")
    release = Catalogue(served.home.releases).newest("x-1-reporter")
    with reading(open_records(served.home, Settings.of(served.home))) as session:
        me = find_me(session, served.account("吴美玲").staff_number, date.today())
        done, _ = lesson_state(session, me.person.id, release.course, "cluster")
    assert set(done) == {step.name for step in release.lesson("cluster").steps}


def test_who_signs_out_at_the_hub_leaves_no_lesson_on_the_phone(phone: BrowserContext, served: Served) -> None:
    page, _ = open_lesson(phone, served)
    wait_until_kept(page, LESSON)
    page.goto("/services/portal/learning")
    page.locator("form[action$='/logout'] button").first.click()
    expect(page.locator("h1")).to_have_text("您已退出")
    wait_for(page, NOTHING)


def test_everything_can_be_read_without_a_script(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(base_url=served.url, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(LESSON)
    page.fill("input[name=username]", served.account("林秀英").staff_number)
    page.fill("input[name=password]", served.account("林秀英").password)
    page.click("[type=submit]")
    for step in page.locator(".step").all():
        expect(step).to_be_visible()
    expect(page.locator(".practice").first).to_be_visible()
    context.close()
