"""每日三题 on a phone: taught at once, by thumb and by keyboard, in large type."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from grading import questions
from tests.portal.conftest import World
from tests.portal.three import Desk, check, fill, go_on, open_desk, shown, wrong
from tests.tracker.hall import right

pytestmark = pytest.mark.browser
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def desk(world: World, chromium: Browser) -> Iterator[Desk]:
    with open_desk(world, chromium) as opened:
        yield opened


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
