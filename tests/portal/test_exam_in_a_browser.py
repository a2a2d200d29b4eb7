"""The exam page in a real browser: offline and back, reloaded, signed out, on another phone, until time is up."""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from banyan.courseware.exam import Form
from banyan.records.engine import reading, writing
from banyan.records.examinations import Answer, Attempt
from banyan.serve.ports import free_ports
from tests.chromium import PATIENCE
from tests.county import COURSE
from tests.portal.conftest import PORTAL, World
from tests.portal.learners import graded

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}


@dataclass
class Desk:
    """The portal on a port; `sit` opens a phone's browser signed in as the learner."""

    world: World
    browser: Browser
    url: str
    open: list[BrowserContext] = field(default_factory=list)

    def phone(self, who: str = "") -> BrowserContext:
        context = self.browser.new_context(viewport=PHONE, locale="zh-CN")
        self.open.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "who", "value": who or self.world.hall.learner.person.staff_number, "url": self.url}])
        return context

    def sit(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.goto(f"{self.url}{PORTAL}/courses/{COURSE}/exam")
        page.click("form[action$='/exam'] button")
        page.wait_for_selector("[data-exam]:not([aria-busy])")
        return page

    def kept(self) -> dict[str, object]:
        with reading(self.world.hall.make) as session:
            return {row.slot: row.value for row in session.query(Answer)}

    def slot(self, kind: str) -> str:
        with reading(self.world.hall.make) as session:
            form = Form.from_json(session.query(Attempt).one().form)
        return next(each.name for each in form.slots if self.world.hall.exam.items[each.question].type == kind)


@pytest.fixture
def desk(world: World, chromium: Browser) -> Iterator[Desk]:
    world.hall.learn()
    port = free_ports(1)[0]
    server = uvicorn.Server(uvicorn.Config(world.app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    opened = Desk(world, chromium, f"http://127.0.0.1:{port}")
    try:
        yield opened
    finally:
        for context in opened.open:
            context.close()
        server.should_exit = True
        thread.join(10)


def show(page: Page, slot: str) -> None:
    """Go to a question by its slot."""
    name = page.locator(f"[data-slot={slot}]").get_attribute("id") or ""
    page.evaluate("name => { location.hash = name }", name[1:])
    expect(page.locator(f"[data-slot={slot}]")).to_be_visible()


def choose(page: Page, slot: str, place: int) -> str:
    show(page, slot)
    option = page.locator(f"[data-slot={slot}] .option").nth(place)
    option.click()
    return option.locator("input").get_attribute("value") or ""


def write(page: Page, slot: str, words: str) -> None:
    show(page, slot)
    page.fill(f"[data-slot={slot}] textarea.open-text", words)


def saved(page: Page) -> None:
    """Wait until nothing waits on the phone any more."""
    page.wait_for_timeout(100)  # the word changes with the next turn of the page's own loop
    expect(page.locator("[data-saved]")).to_have_text("已保存")


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
    expect(page.locator("[data-news]")).to_contain_text("登录到时了")
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
    expect(page.locator("[data-drill-news]")).to_contain_text("演练要有网")
    context.set_offline(False)
    page.click(f"[data-slot={slot}] [data-take]")
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
    page.wait_for_url("**/receipt")
    with reading(desk.world.hall.make) as session:
        assert session.query(Attempt).one().submitted_at is not None


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


UNDER_THE_HEADER = """slot => Math.abs(document.querySelector('[data-slot=' + slot + ']').getBoundingClientRect().top
  - document.querySelector('.exam-top').getBoundingClientRect().bottom) < 2"""


def all_together(page: Page) -> None:
    page.click("[data-view=all]")
    expect(page.locator("[data-slot]:visible")).to_have_count(page.locator("[data-slot]").count())


def test_all_questions_stand_on_one_page_where_one_likes_it_and_the_phone_remembers(desk: Desk) -> None:
    page = desk.sit(desk.phone())
    expect(page.locator("[data-slot]:visible")).to_have_count(1)
    all_together(page)
    slot = desk.slot("single")
    option = page.locator(f"[data-slot={slot}] .option").nth(1)
    option.click()
    saved(page)
    assert desk.kept() == {slot: option.locator("input").get_attribute("value")}
    expect(page.locator("[data-place]")).to_have_text("已答1")
    page.reload()
    page.wait_for_selector("[data-exam]:not([aria-busy])")
    expect(page.locator("[data-slot]:visible")).to_have_count(page.locator("[data-slot]").count())
    page.click("[data-view=one]")
    expect(page.locator("[data-slot]:visible")).to_have_count(1)
    page.reload()
    page.wait_for_selector("[data-exam]:not([aria-busy])")
    expect(page.locator("[data-slot]:visible")).to_have_count(1)


def test_among_all_questions_the_review_leads_to_the_one_that_was_marked_and_back(desk: Desk) -> None:
    page = desk.sit(desk.phone())
    all_together(page)
    slot = desk.slot("numeric")
    page.locator(f"[data-slot={slot}] [data-flag]").click()
    page.locator("a[href='#review']").click()
    expect(page.locator("[data-slot]:visible")).to_have_count(0)
    expect(page.locator("[data-review-words]")).to_contain_text("您标记了 1 题")
    number = (page.locator(f"[data-slot={slot}]").get_attribute("id") or "")[1:]
    page.locator(f".review a[href='#{number}']").click()
    expect(page.locator(f"[data-slot={slot}]")).to_be_in_viewport()
    assert page.evaluate("slot => document.activeElement.getAttribute('data-slot') === slot", slot)
    page.wait_for_function(UNDER_THE_HEADER, arg=slot)  # scrolling is smooth


def test_with_keys_alone_one_changes_the_view_marks_and_answers(desk: Desk) -> None:
    page = desk.sit(desk.phone())
    page.locator("[data-view=all]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-slot]:visible")).to_have_count(page.locator("[data-slot]").count())
    slot = desk.slot("single")
    page.locator(f"[data-slot={slot}] .option input").first.focus()
    page.keyboard.press("Space")
    page.locator(f"[data-slot={slot}] [data-flag]").focus()
    page.keyboard.press("Space")
    expect(page.locator(f"[data-slot={slot}] [data-flag]")).to_have_attribute("aria-pressed", "true")
    saved(page)
    assert list(desk.kept()) == [slot]


def without_refresh(route: Route) -> None:
    """Take from a page what reloads it where no script runs."""
    reply = route.fetch()
    route.fulfill(response=reply, body=reply.text().replace('<meta http-equiv="refresh" content="8">', ""))


def test_the_page_of_the_result_shows_it_as_soon_as_it_is_there(desk: Desk) -> None:
    hall = desk.world.hall
    submission = hall.hand_in(hall.begin())
    page = desk.phone().new_page()
    page.route("**/result", without_refresh)
    page.goto(f"{desk.url}{PORTAL}/exams/{submission.attempt_id}/result")
    expect(page.locator("h1")).to_have_text("卷子收到了，正在批")
    with writing(hall.make) as session:
        graded(session, submission, 0.9)
    expect(page.locator("h1")).to_have_text("考试通过了，真好")
