"""A county's administrator opens it: roster, settings, course, trainer, order, slips, always by the step the page offers."""

import re
import time
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import monday
from tests.browser.figures import Task
from tests.browser.person import Person
from tests.conftest import Installed

PASSWORD = "榕树下的第一天2026"
VALUES = {"value": "0599-6001234", "oral": "5", "written": "30", "who-0": "镇值班", "phone-0": "镇值班"}


def opens_the_county(boss: Person, installed: Installed, tmp_path: Path) -> Task:
    """From the slip of the installation to an order for everybody, by the list on the first page."""
    with boss.doing("从安装的登录条到布置给全县") as task:
        boss.comes_in(installed.entry, PASSWORD)
        boss.look("opening")
        takes_the_next_step(boss, "导入名册")
        brings_in_the_roster(boss, tmp_path / "花名册.xlsx")
        takes_the_next_step(boss, "填本县设置")
        fills_in_the_settings(boss)
        takes_the_next_step(boss, "把课发布出去")
        boss.tap(boss.button("发布"))
        assert "已发布" in boss.text()
        boss.look("published")
        takes_the_next_step(boss, "交办培训老师")
        hands_on_the_teaching(boss)
        takes_the_next_step(boss, "布置培训")
        boss.page.get_by_label("以后新来的人也一样").check()
        boss.tap(boss.button("先看会给谁布置"))
        boss.look("assign-check")
        boss.tap(boss.page.get_by_role("button", name=re.compile("^布置给")))
    return task


def takes_the_next_step(boss: Person, name: str) -> None:
    """Tap what the page says is next: the list of a county's first days, or the page of the step just done."""
    boss.tap(boss.page.locator("section.next a.button", has_text=name))


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
    boss.write(boss.page.get_by_label("找人"), monday.TRAINER)
    boss.tap(boss.button("查找"))
    boss.tap(boss.link(monday.TRAINER))
    boss.look("person")
    boss.tap(boss.page.get_by_text("交给一项职责"), leads=False)
    boss.page.get_by_label("管到哪里").select_option(index=0)
    boss.tap(boss.button("交给这项职责"))
    expect(boss.page.get_by_role("status")).to_contain_text(f"职责已经交给{monday.TRAINER}")


def prints_everybodys_slips(boss: Person) -> tuple[dict[str, str], Task]:
    """Return where each QR code leads, by name, read off the sheets as a phone reads them."""
    with boss.doing("给296人打印登录条") as task:
        takes_the_next_step(boss, "打印登录条")
        boss.tap(boss.button("生成登录条"))
        begun = time.monotonic()
        sheets = boss.page.pdf(prefer_css_page_size=True)
        task.wait(begun)
    task.read = 0  # nobody reads 296 slips
    assert task.seconds <= 60
    assert len(re.findall(rb"/Type /Page\b(?!s)", sheets)) <= 45
    slips = boss.page.locator("article.slip")
    assert slips.count() == 296
    found = {}
    for name in (monday.TRAINER, monday.LEARNER):
        slip = slips.filter(has=boss.page.get_by_role("heading", name=name, exact=True))
        found[name] = boss.scan_path(slip.locator("svg.qr"))
    return found, task
