"""Marking with a keyboard and by touch in a real browser: digits lead from row to row, nothing traps, nothing surprises."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from banyan.portal.registry import PORTAL
from banyan.records.engine import reading, writing
from banyan.records.examinations import Mark
from banyan.records.marking import MarkingLease
from banyan.serve.ports import free_ports
from banyan.tracker import remarks
from tests import house as rules
from tests.chromium import PATIENCE
from tests.county import COURSE, NOW
from tests.portal.office import Office, open_office
from tests.tracker.hall import Hall

pytestmark = pytest.mark.browser
ROW = "fieldset[data-row='{}'] input:focus"
CHOSEN = "fieldset[data-row='{}'] input:checked"


@dataclass
class Desk:
    """The portal on a port with two answers that wait; `open` shows one of them to 黄老师."""

    office: Office
    hall: Hall
    browser: Browser
    url: str
    spots: list[str]

    def open(self, which: int = 1, touch: bool = False) -> Page:
        screen = {"width": 360, "height": 740} if touch else {"width": 1200, "height": 800}
        context = self.browser.new_context(viewport=screen, has_touch=touch, locale="zh-CN")
        context.set_default_timeout(PATIENCE)
        number = self.office.people["黄老师"].staff_number
        context.add_cookies([{"name": "who", "value": number, "url": self.url}])
        page = context.new_page()
        page.goto(self.url + self.spots[which])
        return page

    def held(self) -> int:
        with reading(self.office.house.make) as session:
            return session.query(MarkingLease).count()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("marking")
    rulebook = rules.rulebook(folder / "releases")
    office = open_office(folder, rulebook)
    spots = []
    for me in (office.hall.learner, office.hall.neighbour):
        submission = office.hall.sat(me, leave=[f"s0{n}" for n in range(1, 9)])  # fails whatever the mark
        office.hall.grade(submission)
        spots.append(f"{PORTAL}/marking/{submission.id}/{office.hall.slot_of('open')}")
    with writing(office.house.make) as session:
        question = office.hall.exam.seats[17].wants.questions
        for each in question:
            remarks.save(session, remarks.Topic(COURSE, each), remarks.Words("先写人"), office.me("黄老师"), NOW)
    port = free_ports(1)[0]
    server = uvicorn.Server(uvicorn.Config(office.app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield Desk(office, office.hall, chromium, f"http://127.0.0.1:{port}", spots)
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def page(served: Desk) -> Iterator[Page]:
    opened = served.open()
    yield opened
    opened.context.close()


def test_digits_give_points_and_lead_on_and_a_chord_saves_and_opens_the_next(served: Desk) -> None:
    page = served.open(which=0)
    for digit in "3201":
        page.keyboard.press(digit)
    assert [page.locator(CHOSEN.format(row)).input_value() for row in range(4)] == ["3", "2", "0", "1"]
    expect(page.locator("#f-comment")).to_be_focused()
    expect(page.locator("[data-sum]")).to_have_text("一共6分，满分10分")
    page.keyboard.type("数字 123，c 和 m 都是字")
    page.keyboard.press("Control+Enter")

    expect(page).to_have_url(f"{served.url}{served.spots[1]}?done=1")
    with reading(served.office.house.make) as session:
        mark = session.query(Mark).one()
        assert (mark.rows, mark.comment) == ([3, 2, 0, 1], "数字 123，c 和 m 都是字")
    page.context.close()


def test_a_digit_the_row_does_not_have_is_refused_in_words_and_leads_nowhere(page: Page) -> None:
    page.locator("fieldset[data-row='0'] input").first.focus()
    page.keyboard.press("9")
    told = page.locator("fieldset[data-row='0'] [data-too-many]")
    expect(told).to_have_text("这一行最多4分")
    expect(told).to_be_visible()
    assert page.locator(CHOSEN.format(0)).count() == 0
    page.keyboard.press("3")
    expect(told).to_be_hidden()
    expect(page.locator(ROW.format(1))).to_have_count(1)


def test_up_and_down_walk_the_rows_left_and_right_stay_the_browsers_and_tab_leads_on(page: Page) -> None:
    page.locator("fieldset[data-row='0'] input").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(ROW.format(1))).to_have_count(1)
    page.keyboard.press("ArrowUp")
    expect(page.locator(ROW.format(0))).to_have_count(1)
    page.keyboard.press("ArrowRight")
    assert page.locator(CHOSEN.format(0)).count() == 1
    page.keyboard.press("m")
    assert page.locator(CHOSEN.format(0)).input_value() == "4"
    expect(page.locator(ROW.format(1))).to_have_count(1)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.hasAttribute('data-save')"):
            break
    expect(page.locator("[data-save]")).to_be_focused()


def test_a_key_writes_a_kept_sentence_and_c_and_escape_go_to_and_fro(page: Page) -> None:
    page.locator("fieldset[data-row='1'] input").first.focus()
    page.keyboard.press("Shift+Digit1")
    expect(page.locator("#f-comment")).to_have_value("先写人")
    page.keyboard.press("Shift+Digit1")
    expect(page.locator("#f-comment")).to_have_value("先写人")
    page.keyboard.press("c")
    expect(page.locator("#f-comment")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(ROW.format(1))).to_have_count(1)


def test_single_keys_can_be_turned_off_and_stay_off(page: Page) -> None:
    page.locator(".keys summary").click()
    page.locator("[data-keys-on]").uncheck()
    page.reload()
    page.locator("fieldset[data-row='0'] input").first.focus()
    before = page.locator("fieldset input:checked").count()
    page.keyboard.press("2")
    page.keyboard.press("c")
    assert page.locator("fieldset input:checked").count() == before
    expect(page.locator(ROW.format(0))).to_have_count(1)


def test_by_touch_a_tap_gives_points_and_a_tap_writes_a_sentence_and_no_keyboard_opens(served: Desk) -> None:
    page = served.open(touch=True)
    page.locator("fieldset[data-row='0'] label").nth(2).tap()
    assert page.locator(CHOSEN.format(0)).input_value() == "2"
    page.locator("[data-remark]").first.tap()
    expect(page.locator("#f-comment")).to_have_value("先写人")
    expect(page.locator("#f-comment")).not_to_be_focused()
    page.context.close()


def test_the_points_so_far_are_added_up_by_touch_too(served: Desk) -> None:
    page = served.open(touch=True)
    expect(page.locator("[data-sum]")).to_be_hidden()
    for row, label in ((0, 4), (1, 1)):
        page.locator(f"fieldset[data-row='{row}'] label").nth(label).tap()
    expect(page.locator("[data-sum]")).to_have_text("一共5分，满分10分")
    page.context.close()


def test_on_a_desk_the_answer_stays_in_sight_down_to_the_last_row(page: Page) -> None:
    page.locator("[data-save]").scroll_into_view_if_needed()
    page.mouse.wheel(0, 400)
    expect(page.locator("[data-save]")).to_be_in_viewport()
    expect(page.locator(".read .answer")).to_be_in_viewport()


def test_leaving_the_page_gives_the_answer_back(served: Desk, page: Page) -> None:
    assert served.held() >= 1
    page.goto(f"{served.url}{PORTAL}/marking")
    for _ in range(600):
        if not served.held():
            break
        page.wait_for_timeout(50)
    assert served.held() == 0
