"""The walk: from sign-in to certificate, and the county's number goes down by one."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from banyan.records.competence import Certificate
from banyan.records.engine import open_engine, reading, sessions
from tests.browser.conftest import DESK, PHONE, Comes
from tests.browser.learner import NOTE, Learner
from tests.browser.visitor import PORTAL, Visitor
from tests.conftest import Served
from tests.county import COURSE

pytestmark = [pytest.mark.browser, pytest.mark.served, pytest.mark.timeout(900)]


def uncovered(administrator: Visitor) -> int:
    found = re.search(r"60个网格， ?(\d+)个无合格人员", administrator.go(f"{PORTAL}/coverage").text())
    assert found, administrator.text()
    return int(found[1])


def move_the_slider(learner: Learner) -> None:
    learner.go(f"/services/lessons/{COURSE}/cluster#days-count")
    panel = learner.page.locator(".banyan-panel")
    expect(panel.get_by_role("slider")).to_be_visible()
    expect(panel).to_contain_text("大约有196人得过病")
    learner.look("lesson-panel")
    panel.get_by_role("slider").focus()
    for _ in range(7):
        learner.page.keyboard.press("ArrowLeft")
    expect(panel).to_contain_text("大约有72人得过病")


def practise(learner: Learner) -> None:
    learner.go(f"/services/lessons/{COURSE}/duty#lives-first")
    question = learner.page.locator('[data-question="immediate-oral"]')
    expect(question).to_be_visible()
    question.get_by_role("radio").first.check()
    question.get_by_role("button", name="看看对不对").click()
    expect(question.get_by_role("status")).to_contain_text(re.compile("答对了|再想想"))
    learner.look("lesson-practice")


def test_the_walk(comes: Comes[Visitor]) -> None:
    administrator = comes(Visitor, DESK, "administrator").sign_in("周建国")
    before = uncovered(administrator)
    administrator.look("coverage")

    learner = comes(Learner, PHONE, "learner")
    learner.go("/").look("sign-in")
    learner.sign_in("林秀英").look("home-fresh")
    learner.page.get_by_role("link", name=re.compile("开始学习|继续学习")).click()
    expect(learner.page.get_by_role("heading", name="法律义务")).to_be_visible()
    learner.look("lesson")
    practise(learner)
    move_the_slider(learner)
    learner.take_all_lessons()

    assert "参加考试" in learner.home()
    learner.look("home-exam")
    learner.follow(learner.page.get_by_role("link", name="去考试")).look("exam-rules")
    exam = learner.begin_exam()
    learner.sit(exam, look=True)
    learner.look("exam-review")
    learner.hand_in()
    learner.look("receipt")
    assert "就等老师批了" in learner.result()
    learner.look("result-waiting")

    trainer = comes(Visitor, PHONE, "trainer").sign_in("陈玉兰")
    trainer.wait_for(lambda: trainer.page.get_by_role("link", name=re.compile("号答卷|批")).count())
    trainer.look("marking")
    mark_in_full(trainer)

    assert "就差一次现场演练" in learner.go(learner.page.url).text()
    learner.look("result-passed")
    assert uncovered(administrator) == before

    observe(trainer, "林秀英")

    assert "有效" in learner.go(f"{PORTAL}/certificates").text()
    learner.look("certificates")
    learner.follow(learner.page.get_by_role("link", name=re.compile("信息报告员|看")).first)
    serial = learner.page.url.rsplit("/", 1)[1]
    learner.look("certificate")
    for file, kind in (("file.pdf", b"%PDF-"), ("picture.png", b"\x89PNG")):
        assert learner.context.request.get(f"{PORTAL}/certificates/{serial}/{file}").body().startswith(kind)
    assert "证书" in learner.home()
    learner.look("home-certified")

    stranger = comes(Visitor, PHONE, "stranger").go(f"/verify/{serial}")
    assert "有效" in stranger.text()
    assert "林*英" in stranger.text()
    assert "林秀英" not in stranger.page.content()
    stranger.look("verify")

    assert uncovered(administrator) == before - 1
    for visitor in (administrator, learner, trainer, stranger):
        visitor.assert_content()


def test_in_large_letters_and_in_english_every_page_still_fits(comes: Comes[Visitor], served: Served) -> None:
    reader = comes(Visitor, PHONE, "elder")
    chosen = {"banyan-size": "elder", "banyan-lang": "en"}
    reader.context.add_cookies([{"name": name, "value": value, "url": served.url} for name, value in chosen.items()])
    engine = open_engine(served.home.records_url)
    with reading(sessions(engine)) as session:
        serial = session.scalars(select(Certificate.serial).order_by(Certificate.id)).first()
    engine.dispose()
    for title, path in (("verify", f"/verify/{serial}"), ("verify-form", "/verify"), ("sign-in", "/")):
        reader.go(path).look(title)
        expect(reader.page.locator('html.elder[lang="en"]')).to_have_count(1)
    reader.sign_in("周建国")
    for title in ("learning", f"courses/{COURSE}", "certificates", "coverage", "people", "issued"):
        reader.go(f"{PORTAL}/{title}").look(title.replace("/", "-"))
        expect(reader.page.locator('html.elder[lang="en"]')).to_have_count(1)
    reader.assert_content()


def mark_in_full(trainer: Visitor) -> None:
    trainer.follow(trainer.page.locator("main a").first)
    assert "```" in trainer.text()
    assert NOTE[-20:] in trainer.page.locator(".answer").inner_text()
    trainer.look("mark")
    for row in trainer.page.locator("fieldset.rubric").all():
        row.get_by_role("radio").last.check(force=True)
    trainer.page.get_by_label("写给学员的话").fill("写得清楚，待核的都写明了。")
    trainer.page.get_by_role("button", name="保存").click()
    expect(trainer.page.get_by_text(re.compile("已保存|记下|合格|通过"))).to_be_visible()


def observe(trainer: Visitor, name: str) -> None:
    trainer.go(f"{PORTAL}/practicals").look("practicals")
    trainer.follow(trainer.page.get_by_role("link", name=name)).look("tick-list")
    for tick in trainer.page.get_by_role("checkbox").all():
        tick.check()
    trainer.page.get_by_label("在哪里").fill("镇政府二楼会议室")
    trainer.page.get_by_role("button", name="保存").click()
    expect(trainer.page.get_by_text(re.compile("证书已"))).to_be_visible()
    trainer.look("ticked")
