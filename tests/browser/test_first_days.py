"""Four first days in one county, from `banyan install` to the first certificate; each a person at their own screen.

The fourth looks after the server: a terminal for the backup and its drill, a browser for what must still hold afterwards.

The days build on each other, as they do in a county: one test, in the order of the week. Taps are counted and held to
what is promised; `BANYAN_FIGURES=file` writes them down.
"""

import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from banyan.settings import Home
from tests.browser import monday
from tests.browser.conftest import DESK, PHONE, Comes, visits
from tests.browser.figures import Task, keep
from tests.browser.keeper import Keeper
from tests.browser.learner import Learner
from tests.browser.person import Person
from tests.browser.test_walk import mark_in_full, observe
from tests.browser.visitor import PORTAL, Visitor
from tests.conftest import Installed, serve

pytestmark = [pytest.mark.browser, pytest.mark.served, pytest.mark.timeout(900)]

PASSWORD, PIN = "榕树下的第一天2026", "402517"
VALUES = {"value": "0599-6001234", "oral": "5", "written": "30", "who-0": "镇值班", "phone-0": "镇值班"}


class Reporter(Person, Learner):
    """The part-time grid worker with a phone."""


def test_four_first_days(
    arrives: Comes[Person], chromium: Browser, visitors: list[Visitor], installed_home: Installed, tmp_path: Path
) -> None:
    administrator = arrives(Person, DESK, "administrator")
    tasks = [opens_the_county(administrator, installed_home, tmp_path)]
    slips, made = prints_everybodys_slips(administrator)
    tasks.append(made)

    trainer = arrives(Person, PHONE, "trainer")
    tasks.append(enters_with_a_password(trainer, slips[monday.TRAINER]))

    reporter = arrives(Reporter, PHONE, "reporter")
    tasks.append(enters_with_six_digits(reporter, slips[monday.LEARNER]))
    tasks.append(comes_back(reporter))
    paper = certifies(reporter, trainer)

    tasks += [answers_mondays_question(administrator), issues_a_new_slip(administrator)]
    task, moved = drills_the_backup(installed_home, administrator, reporter, tmp_path)
    tasks.append(task)
    with contextmanager(serve)(moved) as house:
        finds_everything_again(next(visits(chromium, house, visitors)), installed_home, paper)
    for visitor in visitors:
        visitor.assert_content()
    keep(tasks)


def opens_the_county(boss: Person, installed: Installed, tmp_path: Path) -> Task:
    """From the slip of the installation to an order for everybody, by the list on the first page."""
    with boss.doing("从安装的登录条到布置给全县") as task:
        boss.comes_in(installed.entry, PASSWORD)
        boss.look("opening")
        takes_the_next_step(boss, "导入名册")
        brings_in_the_roster(boss, tmp_path / "花名册.xlsx")
        boss.arrive(f"{PORTAL}/coverage")
        takes_the_next_step(boss, "填本县设置")
        fills_in_the_settings(boss)
        boss.arrive(f"{PORTAL}/coverage")
        takes_the_next_step(boss, "把课发布出去")
        boss.tap(boss.button("发布"))
        assert "已发布" in boss.text()
        boss.look("published")
        hands_on_the_teaching(boss)
        boss.arrive(f"{PORTAL}/coverage")
        takes_the_next_step(boss, "布置培训")
        boss.page.get_by_label("以后新来的人也一样").check()
        boss.tap(boss.button("先看会给谁布置"))
        boss.look("assign-check")
        boss.tap(boss.page.get_by_role("button", name=re.compile("^布置给")))
    return task


def takes_the_next_step(boss: Person, name: str) -> None:
    """Tap what the list of a county's first days says is next."""
    boss.tap(boss.page.locator("section[aria-labelledby=opening] a.button", has_text=name))


def brings_in_the_roster(boss: Person, sheet: Path) -> None:
    count = monday.write_roster(sheet)
    boss.look("roster-upload")
    boss.page.get_by_label("选名册文件").set_input_files(sheet)
    boss.tap(boss.button("上传，先看一看"))
    boss.tap(boss.link("名册里的新单位一起建起来"))
    boss.look("roster-asked")
    for choice in boss.page.locator("select[name^=role-]").all():
        choice.select_option("CW")
        boss.task.taps += 2
    boss.tap(boss.button("记住，继续看"))
    assert f"新来{count}人" in boss.text()
    assert "身份证号没有读入" in boss.text()
    boss.look("roster-check")
    boss.tap(boss.button("就这样，导入"))
    assert "名册已导入" in boss.text()
    boss.look("roster-done")


def fills_in_the_settings(boss: Person) -> None:
    boss.look("county-empty")
    while (following := boss.page.get_by_role("link", name=re.compile("^填下一处"))).count():
        boss.tap(following)
        for field in boss.page.locator("main form input:visible").all():
            name = field.get_attribute("name") or ""
            if name.startswith(("when-", "act-")):
                boss.write(field, "3小时50毫米以上" if name.startswith("when-") else "叫醒下游的人，转移")
            elif name in VALUES and not field.input_value():
                boss.write(field, VALUES[name])
        for name, text in (("来源", "县应急委〔2026〕12号"), ("谁负责核对", "应急办")):
            if not boss.page.get_by_label(name, exact=True).input_value():
                boss.write(boss.page.get_by_label(name, exact=True), text)
        if not (dated := boss.page.get_by_label("通知的日期")).input_value():
            dated.fill("2026-11-02")
        boss.tap(boss.button("保存"))
    boss.look("county-filled")


def hands_on_the_teaching(boss: Person) -> None:
    boss.arrive(f"{PORTAL}/people?q={monday.TRAINER}")
    boss.tap(boss.link(monday.TRAINER))
    boss.look("person")
    boss.tap(boss.page.get_by_text("交给一项职责"), leads=False)
    boss.page.get_by_label("管到哪里").select_option(index=0)
    boss.tap(boss.button("交给这项职责"))
    expect(boss.page.locator("main")).to_contain_text("突发事件信息报告员")


def prints_everybodys_slips(boss: Person) -> tuple[dict[str, str], Task]:
    """Return where each QR code leads, by name, read off the sheets as a phone reads them."""
    with boss.doing("给296人打印登录条") as task:
        boss.arrive(f"{PORTAL}/coverage")
        takes_the_next_step(boss, "打印登录条")
        boss.tap(boss.button("生成登录条"))
        begun = time.monotonic()
        sheets = boss.page.pdf(prefer_css_page_size=True)
        task.wait(begun)
    task.read = 0  # nobody reads 296 slips
    assert len(re.findall(rb"/Type /Page\b(?!s)", sheets)) <= 45
    slips = boss.page.locator("article.slip")
    assert slips.count() == 296
    found = {}
    for name in (monday.TRAINER, monday.LEARNER):
        slip = slips.filter(has=boss.page.get_by_role("heading", name=name, exact=True))
        found[name] = boss.scan_path(slip.locator("svg.qr"))
    return found, task


def enters_with_a_password(trainer: Person, slip: str) -> Task:
    with trainer.doing("老师第一次进来") as task:
        trainer.comes_in(slip, PASSWORD)
    trainer.look("teaching")
    return task


def enters_with_six_digits(reporter: Reporter, slip: str) -> Task:
    """A chat's preview looks first and uses nothing up; then the person, then whoever finds the slip on the floor."""
    assert reporter.context.request.get(slip).status == 200
    with reporter.doing("学员第一次进来") as task:
        reporter.comes_in(slip, PIN)
    reporter.look("welcome-done")
    assert task.taps <= 8
    reporter.follow(reporter.page.get_by_role("link", name=re.compile("开始学习")))
    expect(reporter.page.locator(".step.now h2")).to_be_visible()
    reporter.look("first-lesson")
    reporter.go(f"{PORTAL}/learning").look("home")
    found = reporter.context.browser.new_context(base_url=reporter.served.url, locale="zh-CN")  # type: ignore[union-attr]
    page = found.new_page()
    page.goto(slip)
    expect(page.locator("main")).to_contain_text("用过")
    found.close()
    return task


def comes_back(reporter: Reporter) -> Task:
    """Signed out, on the same phone: six digits."""
    reporter.page.get_by_role("button", name="退出登录").click()
    reporter.page.wait_for_url("**/hub/**")
    with reporter.doing("学员以后进来") as task:
        reporter.arrive("/")
        reporter.dial(PIN)
        reporter.page.wait_for_url(f"**{PORTAL}/**")
    assert task.taps <= 6
    return task


@dataclass(frozen=True)
class Paper:
    """What a reporter has in hand in the end: the text of the receipt and the path in the certificate's QR code."""

    receipt: str
    certificate: str


def certifies(reporter: Reporter, trainer: Person) -> Paper:
    reporter.go(f"{PORTAL}/learning")
    reporter.take_all_lessons()
    reporter.home()
    reporter.follow(reporter.page.get_by_role("link", name="去考试"))
    exam = reporter.begin_exam()
    reporter.sit(exam)
    reporter.hand_in()
    receipt = reporter.page.locator("details code").text_content() or ""
    reporter.result()
    trainer.go(f"{PORTAL}/marking")
    trainer.wait_for(lambda: trainer.page.get_by_role("link", name=re.compile("号答卷|批")).count())
    mark_in_full(trainer)
    observe(trainer, monday.LEARNER)
    assert "有效" in reporter.go(f"{PORTAL}/certificates").text()
    reporter.look("certificates")
    reporter.follow(reporter.page.locator(".held a").first)
    return Paper(receipt, reporter.scan_path(reporter.page.locator(".certificate-picture")))


def answers_mondays_question(boss: Person) -> Task:
    """How many grids have nobody qualified, which, and whom to ring: from the address to the list."""
    with boss.doing("周一的问题：几个网格没有合格的人，是哪些，找谁") as task:
        boss.arrive("/")
        boss.tap(boss.link("看是哪些，找谁"), leads=False)
        expect(boss.page.locator("#list")).to_be_in_viewport()
    task.read = 60  # the number, then the first line of the list
    assert task.taps <= 2
    assert re.search(r"60个网格， ?59个无合格人员", boss.text())
    return task


def issues_a_new_slip(boss: Person) -> Task:
    boss.go(f"{PORTAL}/people?q={monday.LEARNER}")
    with boss.doing("给忘了数字的人一张新登录条") as task:
        boss.tap(boss.link(monday.LEARNER))
        boss.tap(boss.button("发一张新登录条"))
    boss.look("new-slip")
    assert task.taps <= 2
    assert boss.scan_path(boss.page.locator(".on-screen svg.qr")).startswith("/hub/enter?code=")
    return task


def drills_the_backup(installed: Installed, boss: Person, reporter: Reporter, tmp_path: Path) -> tuple[Task, Home]:
    """Back up while people are at work, restore beside it, and look over both, as the guide of the server says."""
    boss.go(f"{PORTAL}/doctor").look("doctor")
    assert "从来没有备份过" in boss.text()
    home, file, moved, code = installed.home.root, tmp_path / "county.banyan", tmp_path / "drill", tmp_path / "code.txt"
    code.write_text(installed.recovery_code)
    keeper = Keeper(Task("备份、恢复到别处、检查恢复出来的"))
    keeper.types("backup", file, "--home", home, meanwhile=reporter.home)
    assert "从来没有备份过" not in boss.go(f"{PORTAL}/doctor").text()
    assert "青河县" in keeper.types("restore", file, "--home", moved, "--code-file", code)
    keeper.types("records", "audit", "--home", moved)
    assert "没有问题" in keeper.types("doctor", "--home", moved, finds=True)
    return keeper.task, Home.open(moved)


def finds_everything_again(arrives: Comes[Person], installed: Installed, paper: Paper) -> None:
    """In the restored house what was handed out holds, and the same password opens it."""
    stranger = arrives(Person, PHONE, "stranger")
    stranger.arrive(paper.certificate)
    assert "有效" in stranger.text()
    expect(stranger.page.get_by_text(monday.LEARNER)).to_be_visible()
    stranger.go(f"{PORTAL}/receipt").page.get_by_label("回执全文").fill(paper.receipt)
    stranger.tap(stranger.button("核对"))
    assert "是这里开出的，没有改动过" in stranger.text()

    boss = arrives(Person, DESK, "administrator-moved")
    boss.go("/").page.get_by_label(re.compile("工号")).fill(installed.number)
    boss.page.locator("input[name=password]").fill(PASSWORD)
    boss.tap(boss.page.locator("main [type=submit]"))
    assert re.search(r"60个网格， ?59个无合格人员", boss.go(f"{PORTAL}/coverage").text())
