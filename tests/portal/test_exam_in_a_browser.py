"""The exam page in a real browser: offline and back, reloaded, signed out, on another phone, until time is up."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.portal.conftest import PORTAL, World
from tests.portal.exam_desk import Desk, choose, open_desk, saved, show, write

pytestmark = pytest.mark.browser
AN_HOUR_AHEAD = "(told => { Date.now = () => told() + 3600000; })(Date.now.bind(Date))"


@pytest.fixture
def desk(world: World, chromium: Browser) -> Iterator[Desk]:
    with open_desk(world, chromium) as opened:
        yield opened


def test_an_answer_reaches_the_server_while_one_goes_on(desk: Desk) -> None:
    page = desk.sit(desk.phone())
    slot = desk.slot("single")
    with page.expect_response("**/answers/*"):
        value = choose(page, slot, 1)
    saved(page)
    assert desk.kept() == {slot: value}


def test_offline_answers_wait_on_the_phone_survive_a_reload_and_go_out(desk: Desk) -> None:
    context = desk.phone()
    page = desk.sit(context)
    single, note = desk.slot("single"), desk.slot("open")
    context.set_offline(True)
    value = choose(page, single, 0)
    write(page, note, "雨还在下，路断了。")
    expect(page.locator("[data-saved]")).to_have_text("存在手机里")
    expect(page.locator("[data-news]")).to_contain_text("现在没有网")
    expect(page.locator("[data-news]")).to_contain_text("别关、别刷新这一页")
    assert desk.kept() == {}
    context.set_offline(False)
    page.reload()
    page.wait_for_selector("[data-exam]:not([aria-busy])")
    expect(page.locator(f"[data-slot={note}] textarea.open-text")).to_have_value("雨还在下，路断了。")
    saved(page)
    assert desk.kept() == {single: value, note: "雨还在下，路断了。"}


def test_the_line_coming_back_is_enough(desk: Desk) -> None:
    context = desk.phone()
    page = desk.sit(context)
    slot = desk.slot("single")
    context.set_offline(True)
    value = choose(page, slot, 2)
    expect(page.locator("[data-saved]")).to_have_text("存在手机里")
    context.set_offline(False)
    saved(page)
    assert desk.kept() == {slot: value}


def test_signed_out_the_queue_stays_and_signing_in_sends_it(desk: Desk) -> None:
    context = desk.phone()
    page = desk.sit(context)
    slot = desk.slot("single")
    context.clear_cookies()
    value = choose(page, slot, 0)
    expect(page.locator("[data-news]")).to_contain_text("登录过期了")
    assert desk.kept() == {}
    context.add_cookies([{"name": "who", "value": desk.world.hall.learner.person.staff_number, "url": desk.url}])
    page.click("[data-news-link]")
    page.wait_for_selector("[data-exam]:not([aria-busy])")
    saved(page)
    assert desk.kept() == {slot: value}


def test_another_phone_goes_on_where_the_first_stopped(desk: Desk) -> None:
    first = desk.sit(desk.phone())
    slot = desk.slot("single")
    choose(first, slot, 1)
    saved(first)
    second = desk.sit(desk.phone())
    expect(second.locator(f"[data-slot={slot}] input").nth(1)).to_be_checked()
    value = choose(second, slot, 2)
    saved(second)
    assert desk.kept() == {slot: value}


def test_the_drill_walks_with_the_server_and_shows_whom_to_call(desk: Desk) -> None:
    context = desk.phone()
    page = desk.sit(context)
    slot = desk.slot("case")
    show(page, slot)
    expect(page.locator(".sos")).to_be_visible()
    expect(page.locator(f"[data-slot={slot}] .drill")).to_have_text("演练·不会报给任何人")
    page.click(f"[data-slot={slot}] [data-take]")
    expect(page.locator("[data-drill-news]")).to_have_text("先选一个，再往下走。")
    context.set_offline(True)
    page.locator(f"[data-slot={slot}] .option").first.click()
    page.click(f"[data-slot={slot}] [data-take]")
    expect(page.locator("[data-drill-news]")).to_contain_text("这一步先记在手机上")
    expect(page.locator(f"[data-slot={slot}] .option input").last).to_be_disabled()
    context.set_offline(False)  # it goes on by itself
    expect(page.locator("[data-log] summary")).to_have_text("您已经走了1步")


def test_review_shows_what_is_blank_and_marked_and_hands_in(desk: Desk) -> None:
    page = desk.sit(desk.phone())
    slot = desk.slot("single")
    choose(page, slot, 0)
    page.click(f"[data-slot={slot}] [data-flag]")
    count = page.locator("[data-slot]").count()
    page.evaluate("location.hash = 'review'")
    expect(page.locator("[data-review-words]")).to_have_text(f"还有 {count - 1} 题没答。您标记了 1 题。")
    page.click("[data-ask]")
    expect(page.locator("[data-sure-words]")).to_contain_text("交了就不能再改")
    page.click("[data-not-yet]")
    page.click("[data-ask]")
    page.click("[data-hand-in]")
    page.wait_for_url("**/receipt")
    assert desk.world.woken == [1]
    page.go_back()
    page.wait_for_url(re.compile("/result(#.*)?$"))


def test_handing_in_without_a_line_keeps_everything_and_says_so(desk: Desk) -> None:
    context = desk.phone()
    page = desk.sit(context)
    value = choose(page, desk.slot("single"), 0)
    saved(page)
    page.evaluate("location.hash = 'review'")
    context.set_offline(True)
    page.click("[data-ask]")
    page.click("[data-hand-in]")
    expect(page.locator("[data-hand-in-news]")).to_contain_text("现在没有网")
    context.set_offline(False)
    page.click("[data-hand-in]")
    page.wait_for_url("**/receipt")
    assert desk.kept() == {desk.slot("single"): value}


def test_time_up_hands_in_by_itself(desk: Desk) -> None:
    page = desk.sit(desk.phone())
    desk.world.clock.now += timedelta(minutes=39, seconds=57)
    page.reload()
    expect(page.locator("[data-clock]")).to_contain_text("秒")
    desk.world.clock.now += timedelta(seconds=3)
    page.wait_for_url("**/receipt")
    assert desk.is_handed_in()


def test_a_phone_s_clock_that_jumps_ahead_hands_nothing_in_and_one_goes_on_where_one_was(desk: Desk) -> None:
    page = desk.sit(desk.phone())
    note = desk.slot("open")
    write(page, note, "写到一半")
    saved(page)
    here = page.evaluate("location.hash")
    with page.expect_response("**/submit?*") as refused:
        page.evaluate(AN_HOUR_AHEAD)
    assert refused.value.status == 409
    expect(page.locator("[data-news]")).to_contain_text("时间还没到")
    expect(page.locator("[data-clock]")).to_have_text("还剩40分钟")
    expect(page.locator(f"[data-slot={note}]")).to_be_visible()
    assert page.evaluate("location.hash") == here
    assert not desk.is_handed_in()
    value = choose(page, desk.slot("single"), 1)
    saved(page)
    assert desk.kept() == {note: "写到一半", desk.slot("single"): value}
    expect(page.locator("[data-news]")).to_be_hidden()
    desk.world.clock.now += timedelta(minutes=40)
    page.evaluate(AN_HOUR_AHEAD)
    page.wait_for_url("**/receipt")


def test_a_jump_without_a_line_hands_nothing_in_when_the_line_is_back(desk: Desk) -> None:
    context = desk.phone()
    page = desk.sit(context)
    slot = desk.slot("single")
    context.set_offline(True)
    page.evaluate(AN_HOUR_AHEAD)
    expect(page.locator("[data-hand-in-news]")).to_contain_text("一有网就自动交卷")
    value = choose(page, slot, 0)
    context.set_offline(False)
    expect(page.locator("[data-news]")).to_contain_text("时间还没到")
    expect(page.locator("[data-ask]")).to_have_count(1)
    assert not desk.is_handed_in()
    assert desk.kept() == {slot: value}
    page.evaluate("location.hash = 'review'")
    expect(page.locator("[data-ask]")).to_be_visible()
    expect(page.locator("[data-hand-in-news]")).to_have_text("")


@pytest.mark.parametrize("size", ["normal", "elder"])
def test_nothing_is_wider_than_a_small_phone(desk: Desk, size: str) -> None:
    context = desk.phone()
    context.add_cookies([{"name": "banyan-size", "value": size, "url": desk.url}])
    page = desk.sit(context)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for slot in page.locator("[data-slot]").evaluate_all("all => all.map(each => each.getAttribute('data-slot'))"):
        show(page, slot)
        assert page.evaluate(wide) <= 0, slot
    page.evaluate("location.hash = 'review'")
    assert page.evaluate(wide) <= 0


def test_text_size_changes_at_once_and_nothing_is_lost(desk: Desk) -> None:
    page = desk.sit(desk.phone())
    note = desk.slot("open")
    write(page, note, "写到一半")
    page.click(".choices summary")
    page.click("button[data-size=elder]")
    expect(page.locator("html.elder")).to_have_count(1)
    expect(page.locator(f"[data-slot={note}] textarea.open-text")).to_have_value("写到一半")


def test_the_whole_exam_can_be_walked_by_keyboard(desk: Desk) -> None:
    page = desk.sit(desk.phone())
    slot = desk.slot("single")
    show(page, slot)
    page.locator(f"[data-slot={slot}] input").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"[data-slot={slot}] input").nth(1)).to_be_checked()
    onward = page.locator(f"[data-slot={slot}]").get_by_role("link", name="下一题")
    for _ in range(3):  # past the way back and the mark, where there are any
        if onward.evaluate("link => link !== document.activeElement"):
            page.keyboard.press("Tab")
    expect(onward).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-slot={slot}]")).to_be_hidden()


def test_who_waits_is_told_how_many_come_first_and_sees_the_result_when_it_is_there(desk: Desk) -> None:
    hall = desk.world.hall
    first = hall.sat(hall.neighbour)
    mine = hall.sat()
    page = desk.phone().new_page()
    page.goto(f"{desk.url}{PORTAL}/exams/{mine.attempt_id}/result")
    expect(page.locator("[data-ahead]")).to_have_text("您前面还有1份卷子。")
    hall.grade(first)
    expect(page.locator("[data-ahead]")).to_be_hidden()
    hall.grade(mine)
    expect(page.locator("h1")).to_have_text("就等老师批了")
