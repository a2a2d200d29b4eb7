import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from grading.questions import numeric, single
from grading.questions.render import html
from tests.widgets.browser_model import open_widget
from widgets import ask

pytestmark = pytest.mark.browser
CHOICE = single.Item(
    id="first",
    stem="先做什么？",
    options={"A": "拍照", "B": "喊人"},
    key="B",
    feedback={"A": "先喊人。", "B": "对。"},
    indicators=("C5.2.a",),
)
COUNT = numeric.Item(
    id="count",
    stem="还差几人？",
    key=numeric.Key(value=2.0, unit="人"),
    feedback={"right": "对。", "wrong": "再减一次。"},
    indicators=("C5.2.b",),
)


@pytest.fixture(autouse=True)
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """practice.json as a build would leave it beside the lesson."""
    told = {each: single.feedback(CHOICE, each) for each in single.answers(CHOICE)}
    listed = {json.dumps(each): {"right": said.right, "text": said.text} for each, said in told.items()}
    table = {
        "first": {"type": "single", "html": html(single.public(CHOICE)), "answers": listed},
        "count": {"type": "numeric", "html": html(numeric.public(COUNT)), "answers": None},
    }
    (tmp_path / "practice.json").write_text(json.dumps(table), encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def test_an_answer_teaches_at_once_and_is_told_to_the_page(page: Page) -> None:
    open_widget(page, ask("first"))
    page.get_by_label("拍照").check()
    page.get_by_role("button", name="看看对不对").click()
    expect(page.get_by_role("status")).to_contain_text("先喊人。")
    assert page.evaluate("window.heard") == [["first", "A"]]


def test_what_cannot_be_listed_is_answered_by_the_page(page: Page) -> None:
    open_widget(page, ask("count"))
    page.evaluate("window.reply = {right: false, text: '再减一次。'}")
    page.get_by_role("textbox").fill("３")
    page.get_by_role("button", name="看看对不对").click()
    expect(page.get_by_role("status")).to_contain_text("再减一次。")
    assert page.evaluate("window.heard") == [["count", "３"]]


def test_nothing_is_told_before_something_is_answered(page: Page) -> None:
    open_widget(page, ask("first"))
    page.get_by_role("button", name="看看对不对").click()
    expect(page.get_by_role("status")).to_contain_text("先作答")
    assert page.evaluate("window.heard") == []


def test_an_authors_notebook_shows_the_question_and_says_where_to_answer(page: Page) -> None:
    open_widget(page, ask("first"), questions=False)
    expect(page.get_by_text("先做什么？")).to_be_visible()
    expect(page.get_by_text("请在课文页面里作答")).to_be_visible()
