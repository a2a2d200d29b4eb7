"""What a learner says of a step and of an exam question reaches the trainer in words, and the answer comes back.

What is written for a group goes to the clipboard, or lies there selected.
"""

import httpx
import pytest
from playwright.sync_api import Locator, expect

from banyan.courseware.catalogue import Catalogue
from banyan.records.engine import open_engine, sessions
from tests.browser.conftest import DESK, PHONE, Comes
from tests.browser.learner import Learner
from tests.browser.visitor import PORTAL, Visitor
from tests.conftest import Served
from tests.county import COURSE
from tests.serve.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.served, pytest.mark.timeout(600)]
NAME, SITTER = "吴美玲", "何立新"  # the sitter has no exam behind them in any test that shares the house
DOUBT, FLAW, ANSWER = "这一步的数从哪里来", "两个选项一样", "先数户，再数人：课文已经补上一行"


def test_a_step_not_understood_reaches_the_trainer_by_its_heading_and_the_answer_comes_home(
    comes: Comes[Visitor], served: Served
) -> None:
    lesson = Catalogue(served.home.releases).newest(COURSE).lessons[3]
    step = lesson.steps[1]
    learner = comes(Learner, PHONE, "learner")
    learner.sign_in(NAME).go(f"/services/lessons/{COURSE}/{lesson.name}#{step.name}")
    panel = learner.page.locator(f'[data-step="{step.name}"] > .concern')
    says(panel, DOUBT, "看不懂")
    expect(panel).to_contain_text("已告诉老师")

    trainer = comes(Visitor, PHONE, "trainer").sign_in("陈玉兰")
    trainer.go(f"{PORTAL}/teaching").follow(trainer.page.get_by_role("link", name="学员反映").last)
    heap = trainer.page.locator("section.card", has_text=DOUBT)
    expect(heap.get_by_role("heading")).to_contain_text(step.title)
    assert f"#{step.name}" not in trainer.text()
    trainer.look("concerns")
    heap.get_by_label("答复他们").fill(ANSWER)
    trainer.follow(heap.get_by_role("button", name="答复这1个人"))
    assert "已答复" in trainer.text()
    assert DOUBT not in trainer.text()

    assert ANSWER in learner.go(f"{PORTAL}/learning").text()
    learner.look("home-answered")
    answered = learner.page.locator("section.card", has_text=ANSWER)
    learner.follow(answered.get_by_role("button", name="知道了"))
    assert ANSWER not in learner.text()
    learner.assert_content()
    trainer.assert_content()


def test_a_flaw_in_an_exam_question_is_told_while_the_exam_goes_on(comes: Comes[Visitor], served: Served) -> None:
    engine = open_engine(served.home.records_url)
    with httpx.Client(base_url=served.url, timeout=60, headers={"Sec-Fetch-Mode": "navigate"}) as line:
        phone = Phone(served, sessions(engine), SITTER, line).begin()
    engine.dispose()
    learner = comes(Learner, PHONE, "learner")
    learner.sign_in(SITTER).go(f"{PORTAL}/exams/{phone.attempt}")
    expect(learner.page.locator("[data-exam]:not([aria-busy])")).to_be_visible()
    sheet = learner.page.locator("[data-slot]:not([hidden])").first
    question = sheet.locator("[data-question]").get_attribute("data-question") or ""
    panel = sheet.locator(".concern")
    says(panel, FLAW, "这题有问题")
    expect(panel.get_by_role("status")).to_contain_text("已告诉老师")
    expect(panel.get_by_role("textbox")).to_be_hidden()
    learner.look("exam-concern")

    trainer = comes(Visitor, PHONE, "trainer").sign_in("陈玉兰")
    trainer.go(f"{PORTAL}/concerns")
    heap = trainer.page.locator("section.card", has_text=FLAW)
    expect(heap).to_contain_text("1人说有问题")
    expect(heap).to_contain_text("别把答案写出来")
    assert question not in heap.inner_text(), "a name of the bank is no word for a trainer"
    expect(sheet).to_be_visible()
    learner.assert_content()
    trainer.assert_content()


def says(panel: Locator, words: str, kind: str) -> None:
    panel.locator("summary").click()
    panel.get_by_role("textbox").fill(words)
    panel.get_by_role("button", name=kind, exact=True).click()


def test_the_words_for_a_group_are_on_the_clipboard(comes: Comes[Visitor]) -> None:
    administrator = comes(Visitor, DESK, "administrator")
    administrator.context.grant_permissions(["clipboard-read", "clipboard-write"])
    administrator.sign_in("周建国").go(f"{PORTAL}/unfinished/texts")
    section = administrator.page.locator("section.card").first
    section.get_by_role("button", name="复制").click()
    expect(section.get_by_role("button")).to_have_text("复制好了")
    assert administrator.page.evaluate("navigator.clipboard.readText()") == section.get_by_role("textbox").input_value()
    administrator.assert_content()


def test_where_the_clipboard_refuses_the_words_lie_selected_and_the_button_says_what_to_do(comes: Comes[Visitor]) -> None:
    administrator = comes(Visitor, DESK, "administrator").sign_in("周建国")
    administrator.page.add_init_script("document.execCommand = () => false")
    administrator.go(f"{PORTAL}/unfinished/texts")
    section = administrator.page.locator("section.card").first
    section.get_by_role("button", name="复制").click()
    expect(section.get_by_role("button")).to_have_text("请长按文字自己复制")
    chosen = "text => text.value.slice(text.selectionStart, text.selectionEnd)"
    words = section.get_by_role("textbox")
    assert words.evaluate(chosen) == words.input_value() != ""
    expect(words).to_be_focused()
