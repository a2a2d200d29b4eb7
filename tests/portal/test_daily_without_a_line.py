"""每日三题 where the line comes and goes: what was answered stays on the phone, and so does the page."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from banyan.portal.templating import Shelf
from grading import questions
from tests.portal.conftest import PORTAL, World
from tests.portal.three import Desk, check, fill, go_on, open_desk, shown, wrong
from tests.tracker.hall import right

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(world: World, chromium: Browser) -> Iterator[Desk]:
    with open_desk(world, chromium) as opened:
        yield opened


def test_without_a_line_all_three_are_done_kept_on_the_phone_and_sent_when_it_is_back(desk: Desk) -> None:
    context = desk.phone()
    page = desk.begin(context)
    context.set_offline(True)
    for number, item in enumerate(desk.items, start=1):
        fill(page, right(item))
        shown(page).locator(".practice-check").click()
        expect(shown(page).locator(".practice-said")).to_contain_text("答对了" if questions.tabulated(item) else "等有网再看")
        expect(page.locator("#notice")).to_contain_text(f"还有{number}项没有发出去")
        expect(page.locator("#kept")).to_have_text("等待连线")
        go_on(page)
    expect(page.locator("#daily-done")).to_be_visible()
    assert desk.kept() == {}
    context.set_offline(False)
    expect(page.locator("#kept")).to_have_text("已保存")
    expect(page.locator("#notice")).to_be_hidden()
    assert desk.kept() == {item.id: True for item in desk.items}


def test_second_thoughts_without_a_line_do_not_take_the_place_of_the_first(desk: Desk) -> None:
    context = desk.phone()
    page = desk.begin(context)
    place, item = next((place, each) for place, each in enumerate(desk.items) if questions.tabulated(each))
    for each in desk.items[:place]:
        check(page, right(each))
        go_on(page)
    expect(page.locator("#kept")).not_to_have_text("正在保存")
    context.set_offline(True)
    check(page, wrong(item))
    check(page, right(item))
    expect(page.locator("#notice")).to_contain_text("还有1项没有发出去")
    context.set_offline(False)
    expect(page.locator("#kept")).to_have_text("已保存")
    assert desk.kept()[item.id] is False


def opened_again(desk: Desk, context: BrowserContext) -> Page:
    """Let the phone have kept the page, lose its line, and open the page anew."""
    page = desk.begin(context)
    page.wait_for_function(f"async () => Boolean(await caches.match('{PORTAL}/daily'))")
    return page


def test_once_opened_it_opens_again_without_a_line_and_goes_on_where_it_was_left(desk: Desk) -> None:
    context = desk.phone()
    page = opened_again(desk, context)
    check(page, right(desk.items[0]))
    expect(page.locator("#kept")).to_have_text("已保存")
    context.set_offline(True)
    page.reload()
    expect(shown(page).locator("h2")).to_have_text("第2题，共3题")
    fill(page, right(desk.items[1]))
    shown(page).locator(".practice-check").click()
    expect(page.locator("#notice")).to_contain_text("还有1项没有发出去")
    page.reload()
    expect(shown(page).locator("h2")).to_have_text("第3题，共3题")
    context.set_offline(False)
    expect(page.locator("#kept")).to_have_text("已保存")
    assert desk.kept() == {item.id: True for item in desk.items[:2]}


def test_a_kept_page_of_yesterday_says_that_it_is_another_day(desk: Desk) -> None:
    context = desk.phone()
    page = opened_again(desk, context)
    for item in desk.items:
        fill(page, right(item))
        shown(page).locator(".practice-check").click()
        go_on(page)
    expect(page.locator("#kept")).to_have_text("已保存")
    context.set_offline(True)
    page = desk.begin(context, today=False)
    expect(page.locator("#daily-done")).to_contain_text("连上网就有新题")
    expect(page.locator("#daily-done")).not_to_contain_text("明天见", use_inner_text=True)


def test_signed_out_what_was_answered_stays_and_signing_in_sends_it(desk: Desk) -> None:
    context = desk.phone()
    page = desk.begin(context)
    context.clear_cookies()
    fill(page, right(desk.items[0]))
    shown(page).locator(".practice-check").click()
    expect(page.locator("#notice")).to_contain_text("登录过期了")
    assert desk.kept() == {}
    desk.sign_in(context)
    page.locator("#notice button").click()
    expect(page.locator("#kept")).to_have_text("已保存")
    assert desk.kept() == {desk.items[0].id: True}


def test_a_number_waits_for_the_line_and_is_taught_when_it_comes(desk: Desk) -> None:
    items = desk.wait_for("numeric")
    context = desk.phone()
    page = desk.begin(context)
    place = next(place for place, item in enumerate(items) if item.type == "numeric")
    for item in items[:place]:
        check(page, right(item))
        go_on(page)
    context.set_offline(True)
    fill(page, right(items[place]))
    shown(page).locator(".practice-check").click()
    expect(shown(page).locator(".practice-said")).to_have_text("现在没有网，等有网再看。")
    expect(shown(page).locator("[data-onward]")).to_be_visible()
    context.set_offline(False)
    expect(shown(page).locator(".practice-said.right")).to_be_visible()


def test_a_seal_of_an_earlier_sign_in_is_told_and_loading_again_sends_what_waits(desk: Desk) -> None:
    def spoil(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=re.sub(r' data-csrf="[0-9a-f]+"', ' data-csrf="0"', reply.text()))

    page = desk.phone(service_workers="block").new_page()
    page.route("**/daily", spoil)
    page.goto(f"{desk.url}{PORTAL}/daily")
    check(page, right(desk.items[0]))
    expect(page.locator("#notice")).to_contain_text("登录过期了")
    assert desk.kept() == {}
    page.unroute("**/daily")
    page.locator("#notice button").click()
    expect(page.locator("#kept")).to_have_text("已保存")
    assert desk.kept() == {desk.items[0].id: True}


def test_signing_out_takes_the_kept_page_off_the_phone(desk: Desk) -> None:
    page = opened_again(desk, desk.phone())
    page.add_script_tag(url=Shelf().asset("forget.js"))  # as the hub's pages of signing in and out do
    page.wait_for_function(f"async () => !(await caches.match('{PORTAL}/daily'))")


def test_another_reader_s_page_takes_the_place_of_the_first(desk: Desk) -> None:
    context = desk.phone()
    opened_again(desk, context)
    desk.world.hall.learn(desk.world.hall.neighbour)
    desk.world.clock.now += timedelta(days=1)
    context.add_cookies([{"name": "who", "value": desk.world.hall.neighbour.person.staff_number, "url": desk.url}])
    page = desk.begin(context)
    mark = page.locator("body").get_attribute("data-reader")
    page.wait_for_function(
        f"async () => String((await caches.keys()).filter(each => /daily/.test(each))) === 'banyan-daily-1-{mark}'"
    )
