"""A type of another package that no shape of ours reads: a real browser answers it by the script it brings."""

import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, expect

from tests import elsewhere
from tests.courseware.sample import write
from tests.lessons.preview.conftest import LESSON, READY, Running, start, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
ASKED = """try-it:
  type: stars
  stem: 给几颗星？
  key: 2
  indicators: [C5.2.a]
  own: skill
  feedback: {right: 两颗正好。, wrong: 再数一数。}
"""


@pytest.fixture
def starry(tmp_path: Path) -> Iterator[Running]:
    """The preview of a course that asks for stars."""
    brought = tmp_path / "brought"
    brought.mkdir()
    sample = write(tmp_path / "house")
    sample.path("questions/practice/first.yaml").write_text(ASKED, encoding="utf-8")
    with TemporaryDirectory(prefix="b-") as scratch:
        preview = start(sample, Path(scratch), elsewhere.install(brought))
        try:
            wait_until(preview, READY)
            yield preview
        finally:
            if preview.process.poll() is None:
                preview.end(signal.SIGTERM)


def test_it_is_answered_taught_and_restored_in_a_lesson(chromium: Browser, starry: Running) -> None:
    page = chromium.new_page(base_url=starry.url, viewport={"width": 360, "height": 740}, locale="zh-CN")
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(LESSON)
    question = page.locator("[data-question=try-it]")
    page.evaluate("name => { location.hash = name }", question.evaluate("el => el.closest('section[id]').id"))
    check = question.locator(".practice-check")
    check.click()
    expect(question.locator(".practice-said")).to_contain_text("先作答")
    question.locator("[data-star='3']").click()
    check.click()
    expect(question.locator(".practice-said")).to_contain_text("再数一数")
    question.locator("[data-star='2']").click()
    expect(question.locator(".practice-said")).to_have_text("")
    check.click()
    expect(question.locator(".practice-said")).to_contain_text("两颗正好")
    page.reload()
    expect(question.locator("[data-star='2']")).to_have_attribute("aria-pressed", "true")
    assert faults == []
    page.close()
