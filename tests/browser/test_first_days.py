"""Four first days in one county, from `banyan install` to the first certificate, each person on a phone and at a desk.

The days build on each other, as they do in a county: one journey, in the order of the week. It is made twice, in two
counties: with everybody at the screen they mostly have, and with all screens exchanged, where the administrator opens a
county on a phone and the reporter sits at a village's computer. The fourth person looks after the server: a terminal for
the backup and its drill, which no screen changes and so once, and the page 平台状况 on both.

Taps are counted and held to what is promised; `BANYAN_FIGURES=file` writes them down.
"""

import re
from collections.abc import Mapping
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
from tests.browser.opening import PASSWORD, opens_the_county, prints_everybodys_slips
from tests.browser.person import Person
from tests.browser.test_walk import mark_in_full, observe
from tests.browser.visitor import PORTAL, Visitor
from tests.conftest import Installed, install, serve

pytestmark = [pytest.mark.browser, pytest.mark.served, pytest.mark.timeout(900)]

PIN = "402517"
DESKS = ("people", "unfinished", "unfinished/texts", "issued", "audit", "doctor")
"""What an administrator comes to in the weeks after, with a county's worth of people on it."""


@dataclass(frozen=True)
class Screens:
    """What a county's people hold in their hands; `name` tells two journeys' pictures and figures apart."""

    name: str
    administrator: Mapping[str, object]
    others: Mapping[str, object]


USUAL, EXCHANGED = Screens("", DESK, PHONE), Screens("-exchanged", PHONE, DESK)


class Reporter(Person, Learner):
    """The part-time grid worker."""


@dataclass
class County:
    """Who has come to an installed county, and what they did."""

    administrator: Person
    trainer: Person
    reporter: Reporter
    paper: "Paper"
    tasks: list[Task]


def test_four_first_days(
    arrives: Comes[Person], chromium: Browser, visitors: list[Visitor], installed_home: Installed, tmp_path: Path
) -> None:
    county = opens_teaches_and_certifies(arrives, USUAL, installed_home, tmp_path)
    task, moved = drills_the_backup(installed_home, county, tmp_path)
    with contextmanager(serve)(moved) as house:
        finds_everything_again(next(visits(chromium, house, visitors)), installed_home, county.paper)
    for visitor in visitors:
        visitor.assert_content()
    keep([*county.tasks, task])


def test_four_first_days_with_every_screen_exchanged(chromium: Browser, visitors: list[Visitor], tmp_path: Path) -> None:
    installed = install(tmp_path / "home")
    with contextmanager(serve)(installed.home) as house:
        county = opens_teaches_and_certifies(next(visits(chromium, house, visitors)), EXCHANGED, installed, tmp_path)
        for visitor in visitors:
            visitor.assert_content()
    keep(county.tasks)


def opens_teaches_and_certifies(arrives: Comes[Person], screens: Screens, installed: Installed, tmp_path: Path) -> County:
    administrator = arrives(Person, screens.administrator, f"administrator{screens.name}")
    tasks = [opens_the_county(administrator, installed, tmp_path)]
    slips, made = prints_everybodys_slips(administrator)
    tasks.append(made)

    trainer = arrives(Person, screens.others, f"trainer{screens.name}")
    tasks.append(enters_with_a_password(trainer, slips[monday.TRAINER]))

    reporter = arrives(Reporter, screens.others, f"reporter{screens.name}")
    tasks.append(enters_with_six_digits(reporter, slips[monday.LEARNER]))
    tasks.append(comes_back(reporter))
    paper = certifies(reporter, trainer)

    tasks += [answers_mondays_question(administrator), issues_a_new_slip(administrator)]
    goes_round_the_desks(administrator)
    for task in tasks:
        task.name += "（换屏幕）" if screens is EXCHANGED else ""
    return County(administrator, trainer, reporter, paper, tasks)


def enters_with_a_password(trainer: Person, slip: str) -> Task:
    with trainer.doing("老师第一次进来") as task:
        trainer.comes_in(slip, PASSWORD)
    expect(trainer.page.get_by_role("heading", level=1)).to_have_text("现在没有等着您的事")
    trainer.look("teaching")
    return task


def enters_with_six_digits(reporter: Reporter, slip: str) -> Task:
    """A chat's preview looks first and uses nothing up; then the person, then whoever finds the slip on the floor."""
    assert reporter.context.request.get(slip).status == 200
    with reporter.doing("学员第一次进来") as task:
        reporter.comes_in(slip, PIN)
    reporter.look("welcome-done")
    assert task.taps <= 8
    assert task.seconds <= 90
    reporter.follow(reporter.page.get_by_role("button", name="记住了，可以提醒"))
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


def goes_round_the_desks(boss: Person) -> None:
    for desk in DESKS:
        boss.go(f"{PORTAL}/{desk}").look(desk.replace("/", "-"))
    text = boss.go(f"{PORTAL}/unfinished/texts").page.locator("textarea").first
    assert text.evaluate("each => each.scrollHeight <= each.clientHeight"), "one looks at all of it before one sends it"


def issues_a_new_slip(boss: Person) -> Task:
    boss.go(f"{PORTAL}/people?q={monday.LEARNER}")
    with boss.doing("给忘了数字的人一张新登录条") as task:
        boss.tap(boss.link(monday.LEARNER))
        boss.tap(boss.button("发一张新登录条"))
    boss.look("new-slip")
    assert task.taps <= 2
    assert boss.scan_path(boss.page.locator(".on-screen svg.qr")).startswith("/hub/enter?code=")
    return task


def drills_the_backup(installed: Installed, county: County, tmp_path: Path) -> tuple[Task, Home]:
    """Back up while people are at work, restore beside it, and look over both, as the guide of the server says."""
    boss = county.administrator
    boss.go(f"{PORTAL}/doctor").look("doctor")
    assert "从来没有备份过" in boss.text()
    home, file, moved, code = installed.home.root, tmp_path / "county.banyan", tmp_path / "drill", tmp_path / "code.txt"
    code.write_text(installed.recovery_code)
    keeper = Keeper(Task("备份、恢复到别处、检查恢复出来的"))
    keeper.types("backup", file, "--home", home, meanwhile=county.reporter.home)
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
