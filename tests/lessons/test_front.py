"""The slim front end: drawn without a kernel, one forked at the first touch, real kernels behind a real line."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.lessons.front_service import Running, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PHONE: ViewportSize = {"width": 360, "height": 740}
TARGETS = (
    ".slot .jupyter-button, .banyan-panel button, .slot select, .slot input[type=text], .slot input[type=number], .slot textarea"
)


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("f")) as it:
        yield it


class Visit:
    """One page of the lesson, what it complained of and whom it asked."""

    def __init__(self, page: Page, lessons: Running) -> None:
        self.page, self.lessons, self.service = page, lessons, lessons.service
        self.faults: list[str] = []
        self.foreign: list[str] = []
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.on("console", lambda said: self.faults.append(said.text) if said.type in ("error", "warning") else None)
        page.on("request", lambda request: self.asked(request.url))
        page.on("websocket", lambda socket: self.asked(socket.url))

    def asked(self, url: str) -> None:
        ours = (self.service.url, self.service.url.replace("http", "ws"), "data:", f"blob:{self.service.url}")
        if not url.startswith(ours):
            self.foreign.append(url)

    def open(self, which: str = "lesson") -> "Visit":
        for each in (
            self.service.answers,
            self.service.asked,
            self.service.requests,
            self.service.heard,
            self.service.given_back,
        ):
            each.clear()
        self.service.lost = False
        self.page.goto(f"{self.service.url}/{which}")
        expect(self.page.locator("#cell-more .widget-vbox")).to_be_visible()
        return self

    def move(self, slot: str = "slider", times: int = 1, key: str = "ArrowRight") -> None:
        handle = self.page.locator(f"#cell-{slot} .noUi-handle").first
        handle.focus()
        for _ in range(times):
            self.page.keyboard.press(key)

    def says(self, slot: str, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator(f"#cell-{slot}")).to_contain_text(words, timeout=15_000)

    def assert_content(self) -> None:
        assert self.faults == []
        assert self.foreign == []


@pytest.fixture
def visit(chromium: Browser, lessons: Running) -> Iterator[Visit]:
    context = chromium.new_context(viewport=PHONE, has_touch=True, locale="zh-CN")
    context.set_default_timeout(15_000)
    yield Visit(context.new_page(), lessons)
    context.close()


def test_the_page_is_drawn_without_asking_for_a_kernel(visit: Visit) -> None:
    visit.open()
    visit.says("slider", "7 天")
    visit.says("panel", "第4天一共20人。")
    visit.says("probe", "initialized 进门")
    visit.page.wait_for_timeout(500)
    assert [each for each in visit.service.requests if "api" in each] == []
    visit.assert_content()


def test_a_sliders_handle_bears_the_sliders_name(visit: Visit) -> None:
    visit.open()
    handles = visit.page.locator(".slot .noUi-handle")
    assert handles.count() >= 1
    for each in handles.all():
        expect(each).to_have_attribute("aria-label", re.compile(r"\S"))


def test_the_first_touch_forks_and_is_not_lost(visit: Visit) -> None:
    visit.open()
    visit.move()
    visit.says("slider", "8 天")
    assert visit.service.asked == [{"course": "x-1", "lesson": "trial", "snapshot": "s1"}]
    visit.move(times=1)
    visit.says("slider", "9 天")
    assert len(visit.service.asked) == 1
    expect(visit.page.locator("#notice")).to_be_hidden()
    visit.assert_content()


def test_a_panel_of_ours_answers_to_the_keyboard(visit: Visit) -> None:
    visit.open()
    visit.page.locator("#cell-panel input[type=range]").focus()
    visit.page.keyboard.press("ArrowRight")
    visit.says("panel", "第5天一共25人。")
    visit.assert_content()


def test_output_shows_what_a_button_prints_and_displays(visit: Visit) -> None:
    visit.open()
    press = visit.page.locator("#cell-output button")
    press.click()
    visit.says("output", "按了 1 次")
    visit.says("output", "第1回")
    press.click()
    visit.says("output", "按了 2 次")
    visit.says("output", "第2回")
    visit.assert_content()


def test_dropdown_text_and_checkbox_are_heard(visit: Visit) -> None:
    visit.open()
    form = visit.page.locator("#cell-form")
    form.locator("select").select_option("西村")
    form.locator("input[type=text]").fill("小王")
    form.locator("input[type=text]").blur()
    form.locator("input[type=checkbox]").check()
    visit.says("form", "西村 小王 True")
    visit.assert_content()


def test_jslink_joins_two_widgets_in_the_page(visit: Visit) -> None:
    visit.open()
    visit.move("link")
    expect(visit.page.locator("#cell-link input[type=number]")).to_have_value("4")
    visit.assert_content()


def test_anywidget_commands_and_bytes_cross_the_line(visit: Visit) -> None:
    visit.open()
    visit.page.locator("#cell-probe .ask").click()
    visit.says("probe", "42 3,2,1")
    visit.page.locator("#cell-probe .bytes").click()
    visit.says("probe", "出门了")
    visit.assert_content()


def test_a_label_may_hold_simple_html(visit: Visit) -> None:
    visit.open()
    expect(visit.page.locator("#cell-label label b")).to_have_text("粗")
    visit.assert_content()


@pytest.mark.parametrize("which", ["lesson", "elder"])
def test_the_page_fits_a_narrow_phone(visit: Visit, which: str) -> None:
    visit.open(which)
    wide = visit.page.evaluate(
        "() => Array.from(document.querySelectorAll('body *')).filter(e => e.getBoundingClientRect().right > innerWidth + .5)"
        ".map(e => e.outerHTML.slice(0, 120))"
    )
    assert wide == []
    small = visit.page.evaluate(
        "([which, least]) => Array.from(document.querySelectorAll(which)).filter("
        "e => e.getClientRects().length && e.getBoundingClientRect().height < least - .5)"
        ".map(e => e.outerHTML.slice(0, 120))",
        [TARGETS, 48 if which == "elder" else 44],
    )
    assert small == []


def test_closing_the_page_gives_the_kernel_back(visit: Visit) -> None:
    visit.open()
    visit.move()
    visit.says("slider", "8 天")
    visit.page.goto("about:blank")
    for _ in range(50):
        if visit.service.given_back:
            break
        visit.page.wait_for_timeout(100)
    assert len(visit.service.given_back) == 1


def test_a_page_without_models_runs_nothing(visit: Visit) -> None:
    visit.page.goto(f"{visit.service.url}/plain")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.querySelectorAll('.jupyter-widgets').length") == 0
    visit.assert_content()
