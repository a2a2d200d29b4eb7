"""What becomes of a reader's touch when the line or the kernel fails, or must be waited for: it is never lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.lessons.front_service import Running, running
from tests.lessons.test_front import PHONE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PACE = 0.25  # seconds the lesson's slider takes to answer


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("f"), pace=PACE, strange=True) as it:
        yield it


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE, has_touch=True, locale="zh-CN")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def visit(phone: BrowserContext, lessons: Running) -> Visit:
    return Visit(phone.new_page(), lessons).open()


def test_moves_while_a_kernel_comes_are_one_message(visit: Visit) -> None:
    visit.service.answers += [(202, {"place": 0, "again": 1})]
    visit.move(times=5)
    visit.says("slider", "12 天")
    assert visit.service.updates("value") == [12]


def test_quick_moves_never_wait_in_a_line_of_their_own(visit: Visit) -> None:
    visit.move()
    visit.says("slider", "8 天")
    visit.move(times=6)
    visit.says("slider", "14 天")
    sent = visit.service.updates("value")
    assert sent[0] == 8
    assert sent[-1] == 14
    assert len(sent) <= 4, sent


def test_a_line_that_was_lost_comes_back_and_brings_what_was_touched(visit: Visit) -> None:
    visit.move()
    visit.says("slider", "8 天")
    visit.lessons.do(visit.service.cut)
    visit.move(times=3)
    expect(visit.page.locator("#notice")).to_have_text("断线了，正在重连；您动过的都留着")
    expect(visit.page.locator("#cell-slider .widget-readout")).to_have_text("11")
    visit.service.lost = False
    visit.says("slider", "11 天")
    assert len(visit.service.asked) == 1
    expect(visit.page.locator("#notice")).to_have_text("已连上")
    expect(visit.page.locator("#notice")).to_be_hidden()


def test_a_line_lost_for_a_minute_is_still_waited_for_while_another_reader_goes_on(
    phone: BrowserContext, chromium: Browser, lessons: Running
) -> None:
    page = phone.new_page()
    page.clock.install()
    visit, elsewhere = Visit(page, lessons).open(), chromium.new_context(viewport=PHONE, locale="zh-CN")
    neighbour = Visit(elsewhere.new_page(), lessons).open()
    for each in (visit, neighbour):
        each.move()
        each.says("slider", "8 天")
    phone.set_offline(True)
    visit.move(times=3)
    for _quarter in range(4):
        page.clock.run_for(15_000)
    expect(page.locator("#notice")).to_have_text("断线了，正在重连；您动过的都留着")
    neighbour.move()
    neighbour.says("slider", "9 天")
    phone.set_offline(False)
    visit.says("slider", "11 天")
    assert len(visit.service.asked) == 2, "each has the kernel it had"
    elsewhere.close()


def test_an_answer_said_to_a_lost_line_is_asked_for_again(visit: Visit) -> None:
    visit.move()
    visit.says("slider", "8 天")
    visit.move()
    visit.page.wait_for_timeout(100)
    visit.lessons.do(visit.service.cut)
    visit.page.wait_for_timeout(1000)
    visit.service.lost = False
    visit.says("slider", "9 天")
    visit.move()
    visit.says("slider", "10 天")


def test_a_phone_that_goes_offline_says_so_and_loses_nothing(visit: Visit) -> None:
    visit.move()
    visit.says("slider", "8 天")
    visit.page.context.set_offline(True)
    visit.move(times=2)
    expect(visit.page.locator("#notice")).to_have_text("断线了，正在重连；您动过的都留着")
    visit.page.context.set_offline(False)
    visit.says("slider", "10 天")


def test_a_kernel_that_is_gone_is_replaced_by_one_that_knows_what_was_touched(visit: Visit) -> None:
    visit.move(times=2)
    visit.says("slider", "9 天")
    form = visit.page.locator("#cell-form")
    form.locator("select").select_option("西村")
    visit.says("form", "西村 老李 False")
    visit.page.locator("#cell-output button").click()
    visit.says("output", "第1回")
    visit.page.wait_for_timeout(500)
    for name in list(visit.service.lent):
        visit.lessons.do(visit.service.end, name)
    visit.page.wait_for_timeout(1500)
    assert len(visit.service.asked) == 1, "a kernel nobody uses is not replaced"
    expect(visit.page.locator("#notice")).to_be_hidden()
    form.locator("input[type=checkbox]").check()
    visit.says("form", "西村 老李 True")
    visit.says("slider", "9 天")
    assert len(visit.service.asked) == 2
    expect(visit.page.locator("#cell-slider .widget-label").last).to_have_text("1")
    visit.page.locator("#cell-output button").click()
    visit.says("output", "按了 1 次")
    expect(visit.page.locator("#cell-output pre")).to_have_count(1)


def test_a_touch_while_the_kernel_dies_reaches_the_next(visit: Visit) -> None:
    visit.move()
    visit.says("slider", "8 天")
    visit.move(times=4)
    for name in list(visit.service.lent):
        visit.lessons.do(visit.service.end, name)
    visit.says("slider", "12 天")


def test_a_value_put_back_meanwhile_is_shown_with_its_answer(visit: Visit) -> None:
    """The next kernel starts at 7 and has nothing to say about 7; what the page shows must not stay at 8."""
    visit.move()
    visit.says("slider", "8 天")
    for name in list(visit.service.lent):
        visit.lessons.do(visit.service.end, name)
    visit.move(key="ArrowLeft")
    visit.says("slider", "7 天")


def test_the_place_in_the_queue_is_said(visit: Visit) -> None:
    visit.service.answers += [(202, {"place": 3, "again": 1}), (202, {"place": 1, "again": 1})]
    visit.move()
    expect(visit.page.locator("#notice")).to_have_text("前面还有3位，排到就开始")
    expect(visit.page.locator("#notice")).to_have_text("前面还有1位，排到就开始")
    visit.says("slider", "8 天")
    expect(visit.page.locator("#notice")).to_be_hidden()


@pytest.mark.parametrize("start", [0, 150], ids=["at the head", "further down"])
@pytest.mark.parametrize(
    ("answer", "passes"),
    [
        pytest.param((202, {"place": 3, "again": 1}), True, id="place"),
        pytest.param((401, {"error": "请重新登录"}), False, id="signed out"),
        pytest.param((403, {}), False, id="refused"),
    ],
)
def test_what_is_told_is_in_sight_and_moves_nothing_from_under_the_thumb(
    visit: Visit, answer: tuple[int, dict[str, Any]], passes: bool, start: int
) -> None:
    handle, notice = visit.page.locator("#cell-slider .noUi-handle").first, visit.page.locator("#notice")
    visit.page.evaluate("y => scrollTo(0, y)", start)
    before = handle.bounding_box()
    visit.service.answers += [answer]
    visit.move()
    expect(notice).to_be_in_viewport(ratio=1)
    after = handle.bounding_box()
    assert before
    assert after
    assert abs(after["y"] - before["y"]) <= 1
    if passes:
        visit.says("slider", "8 天")
        expect(notice).to_be_hidden()
        again = handle.bounding_box()
        assert again
        assert abs(again["y"] - before["y"]) <= 1


def test_a_service_that_cannot_be_reached_is_told_of_once_and_soon(visit: Visit) -> None:
    page, service = visit.page, visit.service
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    service.lost = True
    with page.expect_event("requestfailed"):
        visit.move()
    with page.expect_event("requestfailed"):
        page.clock.run_for(400)  # it is tried again
    expect(page.locator("#notice")).to_be_hidden()
    page.clock.run_for(850)
    expect(page.locator("#notice")).to_have_text("断线了，正在重连；您动过的都留着")


def test_who_is_signed_out_is_told_and_may_sign_in(visit: Visit) -> None:
    visit.service.answers += [(401, {"error": "请重新登录"})]
    visit.move()
    expect(visit.page.locator("#notice")).to_contain_text("登录过期了")
    expect(visit.page.locator("#notice button")).to_have_text("重新登录")


def test_a_changed_lesson_asks_to_be_loaded_again(visit: Visit) -> None:
    visit.service.answers += [(409, {})]
    visit.move()
    expect(visit.page.locator("#notice")).to_contain_text("这一课换了新的，请刷新")
    visit.move()
    assert len(visit.service.asked) == 1
    with visit.page.expect_navigation():
        visit.page.locator("#notice button").click()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param({}, "互动部分暂时打不开，文字和练习可以照常学", id="in our words"),
        pytest.param({"error": "这台机器正忙"}, "这台机器正忙", id="in the service's"),
    ],
)
def test_a_refusal_is_told_and_a_later_touch_tries_again(visit: Visit, said: dict[str, str], told: str) -> None:
    visit.service.answers += [(403, said)]
    visit.move()
    expect(visit.page.locator("#notice")).to_have_text(told)
    visit.page.wait_for_timeout(5200)
    visit.move()
    visit.says("slider", "9 天")
    expect(visit.page.locator("#notice")).to_be_hidden()


def test_a_service_that_is_away_is_waited_for(visit: Visit) -> None:
    visit.service.answers += [(503, {}), (502, {})]
    visit.move()
    visit.says("slider", "8 天")
    assert len(visit.service.asked) == 3


def test_a_widget_nobody_has_leaves_the_others_whole(visit: Visit) -> None:
    expect(visit.page.locator("#cell-strange")).to_have_text("这一小块暂时打不开，其余内容可以照常学。")
    visit.move()
    visit.says("slider", "8 天")
