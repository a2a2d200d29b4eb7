"""每日三题 on a phone: taught at once, with and without a line, by thumb and by keyboard, in large type."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from banyan.domain.calendar import county_day
from banyan.records.engine import reading
from banyan.records.learning import FirstAnswer
from banyan.tracker.daily import daily
from grading import questions
from tests.chromium import PATIENCE
from tests.county import NOW
from tests.portal.conftest import PORTAL, World
from tests.portal.serving import serving
from tests.tracker.hall import right

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Desk:
    """The portal on a port, the day after somebody read everything."""

    world: World
    browser: Browser
    url: str
    open: list[BrowserContext] = field(default_factory=list)

    def phone(self, **how: Any) -> BrowserContext:
        context = self.browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", **how)
        self.open.append(context)
        context.set_default_timeout(PATIENCE)
        self.sign_in(context)
        return context

    def sign_in(self, context: BrowserContext) -> None:
        context.add_cookies([{"name": "who", "value": self.world.hall.learner.person.staff_number, "url": self.url}])

    def begin(self, context: BrowserContext, today: bool = True) -> Page:
        """Open the page; the phone's own calendar says the same day as the county's, unless it is a day later."""
        page = context.new_page()
        page.clock.set_fixed_time(self.world.clock.now + timedelta(days=0 if today else 1))
        page.goto(f"{self.url}{PORTAL}/daily")
        shown(page)
        return page

    @property
    def items(self) -> list[questions.Item]:
        with reading(self.world.hall.make) as session:
            today = county_day(self.world.clock.now)
            three = daily(session, self.world.hall.learner.person.id, self.world.hall.rulebook, today)
            return [each.asked.item for each in three]

    def wait_for(self, kind: str) -> list[questions.Item]:
        """Let days go by until a question of a kind is asked."""
        while all(item.type != kind for item in self.items):
            self.world.clock.now += timedelta(days=1)
        return self.items

    def kept(self) -> dict[str, bool]:
        with reading(self.world.hall.make) as session:
            return {row.question: row.right for row in session.query(FirstAnswer)}


@pytest.fixture
def desk(world: World, chromium: Browser) -> Iterator[Desk]:
    world.hall.learn()
    world.clock.now = NOW + timedelta(days=1)
    with serving(world.app) as url:
        opened = Desk(world, chromium, url)
        yield opened
        for context in opened.open:
            context.close()


def shown(page: Page) -> Any:
    """Return the one question, or the end, that is to be seen."""
    found = page.locator("[data-daily]:not([hidden]), #daily-done:not([hidden])")
    expect(found).to_have_count(1)
    return found


def fill(page: Page, value: Any) -> None:
    page.evaluate("value => BanyanQuestions.fill(document.querySelector('[data-daily]:not([hidden])'), value)", value)


def check(page: Page, value: Any) -> None:
    """Give an answer to the question in view and look whether it is right."""
    fill(page, value)
    shown(page).locator(".practice-check").click()
    expect(shown(page).locator(".practice-said strong")).to_be_visible()


def go_on(page: Page) -> None:
    shown(page).locator("[data-onward]").click()


def wrong(item: questions.Item) -> Any:
    kind = questions.type_of(item)
    return next(value for value in kind.answers(item) or () if not kind.feedback(item, value).right)


def test_three_are_asked_one_after_the_other_each_taught_at_once(desk: Desk) -> None:
    page = desk.begin(desk.phone())
    for number, item in enumerate(desk.items, start=1):
        expect(shown(page).locator("h2")).to_have_text(f"第{number}题，共3题")
        expect(shown(page).locator("[data-onward]")).to_be_hidden()
        check(page, right(item))
        expect(shown(page).locator(".practice-said.right")).to_be_visible()
        go_on(page)
    expect(page.locator("#daily-done")).to_contain_text("今天的三题做完了，明天见。")
    expect(page.locator("#kept")).to_have_text("已保存")
    assert desk.kept() == {item.id: True for item in desk.items}
    page.reload()
    expect(page.locator("#daily-done")).to_be_visible()


def test_a_mistake_is_taught_may_be_mended_and_still_counts_as_one(desk: Desk) -> None:
    page = desk.begin(desk.phone())
    place, item = next((place, each) for place, each in enumerate(desk.items) if questions.tabulated(each))
    for each in desk.items[:place]:
        check(page, right(each))
        go_on(page)
    with page.expect_response("**/daily/answers"):
        check(page, wrong(item))
    expect(shown(page).locator(".practice-said")).to_contain_text("再想想")
    with page.expect_response("**/daily/answers"):
        check(page, right(item))
    expect(shown(page).locator(".practice-said.right")).to_be_visible()
    assert desk.kept()[item.id] is False


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
    expect(page.locator("#daily-done")).to_contain_text("连上网就有新的三题")
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


def test_it_is_done_by_keyboard_alone_and_the_next_question_is_read_out(desk: Desk) -> None:
    page = desk.begin(desk.phone())
    for item in desk.items:
        fill(page, right(item))
        shown(page).locator(".practice-check").focus()
        page.keyboard.press("Enter")
        expect(shown(page).locator(".practice-said strong")).to_be_visible()
        page.keyboard.press("Tab")
        expect(shown(page).locator("[data-onward]")).to_be_focused()
        page.keyboard.press("Enter")
        expect(shown(page).locator("h2")).to_be_focused()


@pytest.mark.parametrize("size", ["normal", "elder"])
def test_nothing_is_wider_than_a_small_phone_or_too_small_for_a_thumb(desk: Desk, size: str) -> None:
    context = desk.phone()
    context.add_cookies([{"name": "banyan-size", "value": size, "url": desk.url}])
    page = desk.begin(context)
    for item in desk.items:
        check(page, right(item))
        assert page.evaluate(WIDER) <= 0
        expect(shown(page).locator("[data-onward]")).to_be_in_viewport(ratio=1)
        for button in shown(page).locator(".button:visible, .option:visible").all():
            box = button.bounding_box()
            assert box
            assert box["height"] >= (48 if size == "elder" else 44)
        go_on(page)
    assert page.evaluate(WIDER) <= 0


def test_a_report_is_a_drill_says_whom_to_ring_and_hides_no_way_on(desk: Desk) -> None:
    items = desk.wait_for("first_report")
    page = desk.begin(desk.phone())
    for item in items:
        check(page, right(item))
        if item.type == "first_report":
            expect(shown(page).locator(".drill")).to_have_text("演练·不会报给任何人")
            bar, onward = page.locator(".sos").bounding_box(), shown(page).locator("[data-onward]").bounding_box()
            assert bar
            assert onward
            assert 0 <= onward["y"] <= bar["y"] - onward["height"]
        go_on(page)
    expect(page.locator("#daily-done")).to_be_visible()


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
