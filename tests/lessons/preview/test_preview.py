"""A preview as its author has it: a window, a terminal, and files that are saved."""

import os
import signal
import subprocess
import sys

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from banyan.settings import HOUSE
from tests.lessons.preview.conftest import LESSON, Running, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

FILE = "lessons/first.md"


@pytest.fixture
def page(chromium: Browser, running: Running) -> Page:
    return chromium.new_page(base_url=running.url, viewport={"width": 360, "height": 740}, locale="zh-CN")


def line_of(running: Running, wanted: str, file: str = FILE) -> int:
    return running.sample.path(file).read_text(encoding="utf-8").split("\n").index(wanted) + 1


def test_what_is_saved_is_seen_at_the_same_step_without_a_touch(page: Page, running: Running) -> None:
    page.goto(f"{LESSON}#sums")
    expect(page.locator("#sums .prose")).to_contain_text("再看一次")
    running.sample.change(FILE, "再看一次", "改了一个字")
    expect(page.locator("#sums .prose")).to_contain_text("改了一个字")
    expect(page.locator("#sums")).to_be_visible()
    expect(page.locator("#one-night")).to_be_hidden()


def test_a_fault_lies_over_the_last_good_page_until_it_is_mended(page: Page, running: Running) -> None:
    page.goto(f"{LESSON}#sums")
    running.sample.change(FILE, "## 算一算", "## 算一算\n\n{nosuch}`x`")
    running.sample.change("exam.yaml", "minutes: 20", "minutes: 0")
    told = page.locator("#author-faults")
    expect(told).to_contain_text(f"courses/x-1/{FILE}:{line_of(running, '{nosuch}`x`')}: ")
    expect(told).to_contain_text("courses/x-1/exam.yaml:1: ")
    expect(page.locator("#sums")).to_be_visible()
    wait_until(running, f"courses/x-1/{FILE}:{line_of(running, '{nosuch}`x`')}: ")
    running.sample.change(FILE, "\n\n{nosuch}`x`", "")
    running.sample.change("exam.yaml", "minutes: 0", "minutes: 20")
    expect(told).to_be_hidden()


def test_a_cell_that_raises_tells_its_author_the_line_and_the_terminal_too(page: Page, running: Running) -> None:
    page.goto(f"{LESSON}#sums")
    running.sample.change(FILE, "show(water(3))", "\nshow(water('很多') / water(0))")
    fault = page.locator("#sums .author-fault")
    expect(fault).to_contain_text("courses/x-1/models/rain.py:7")
    expect(fault).to_contain_text("TypeError: ")
    expect(fault).to_contain_text(f"{FILE}:{line_of(running, chr(39).join(['show(water(', '很多', ') / water(0))']))}")
    expect(page.locator("#sums .slot-failed")).to_be_visible()
    wait_until(running, "courses/x-1/models/rain.py:7: TypeError: ")
    running.sample.change(FILE, "\nshow(water('很多') / water(0))", "print(water(3))")
    expect(page.locator("#sums .printed")).to_contain_text("150")
    expect(fault).to_have_count(0)


def test_practice_teaches_as_it_teaches_a_learner(page: Page, running: Running) -> None:
    page.route("**/news", lambda route: route.abort())  # of the course put back just now: a new build would take the tick away
    page.goto(f"{LESSON}#one-night")
    page.locator(".practice input").first.check()
    page.locator(".practice-check").click()
    expect(page.locator(".practice-said")).to_contain_text("照片救不了人")
    expect(page.locator("#kept")).to_have_text("已保存")


def test_the_first_page_leads_to_lessons_and_questions_and_asks_nobody_else(page: Page, running: Running) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto("/")
    page.get_by_role("link", name="首报").click()
    expect(page.locator("h1")).to_have_text("首报")
    page.get_by_role("link", name="回课程").click()
    page.get_by_role("link", name="看全部题目和答案").click()
    for question in ("try-it", "crack", "elements", "people", "note", "night"):
        expect(page.locator(f"#{question}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert [each for each in asked if not each.startswith(running.url)] == []
    assert faults == []


def test_a_course_with_a_fault_from_the_start_appears_when_it_is_mended(page: Page, running: Running) -> None:
    running.sample.change("course.yaml", "lessons: [first]", "lessons: [first, second]")
    page.goto("/services/lessons/x-1/second")
    expect(page.locator("#author-faults")).to_contain_text("courses/x-1/course.yaml")
    second = running.sample.path(FILE).read_text(encoding="utf-8").replace("# 首报", "# 第二课")
    running.sample.path("lessons/second.md").write_text(second, encoding="utf-8")
    expect(page.locator("h1")).to_have_text("首报")


def test_a_page_of_elsewhere_does_not_get_in(running: Running) -> None:
    for path in ("/", LESSON, "/preview/news", "/preview/questions"):
        assert httpx.get(running.url + path, headers={"Host": "elsewhere.example"}).status_code == 403


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda each: each.name)
def test_ending_it_leaves_nothing(ending: Running, how: signal.Signals) -> None:
    assert httpx.get(ending.url + LESSON, timeout=60).status_code == 200  # a kernel lives
    ours = [int(each) for each in subprocess.run(["pgrep", "-P", str(ending.process.pid)], capture_output=True).stdout.split()]
    assert ending.end(how) == 0
    assert list(ending.scratch.iterdir()) == []
    assert [each for each in ours if os.path.exists(f"/proc/{each}")] == []
    assert "Traceback" not in ending.said


def test_a_course_that_is_not_there_is_refused_in_a_sentence() -> None:
    command = [sys.executable, "-m", "banyan.cli", "courses", "preview", "no-such"]
    ended = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(HOUSE)})
    assert ended.returncode == 1
    assert ended.stderr.startswith("没有课程 no-such；现有 x-1-reporter")


def test_the_address_of_a_paragraph_opens_its_step_and_marks_it(page: Page, running: Running) -> None:
    page.goto(f"{LESSON}#sums.F1")
    told = page.locator("[id='sums.F1']")
    expect(told).to_be_in_viewport()
    expect(told).to_contain_text("再看一次")
    expect(told).to_have_css("background-color", "rgb(232, 241, 236)")
    expect(page.locator("#one-night")).to_be_hidden()
    page.evaluate("location.hash = 'one-night.F1'")
    expect(page.locator("[id='one-night.F1']")).to_be_focused()
    expect(page.locator(".arrived")).to_have_count(1)


def test_a_paragraph_that_the_page_has_not_is_the_step(page: Page, running: Running) -> None:
    page.goto(f"{LESSON}#sums.F99")
    expect(page.locator("#sums")).to_be_visible()
    expect(page.locator("#one-night")).to_be_hidden()
    expect(page.locator(".arrived")).to_have_count(0)
