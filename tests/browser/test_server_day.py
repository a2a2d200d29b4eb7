"""The first day of who looks after the server, as the guide has it: install, let a phone see it, look it over, drill, upgrade.

`BANYAN_PICTURES=docs/pictures` renews the guide's pictures.
"""

import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from banyan.settings import Home
from tests.browser.conftest import PHONE, visits
from tests.browser.person import Person
from tests.browser.terminal import Terminal, keep_picture
from tests.browser.visitor import PORTAL, Visitor
from tests.conftest import serve

pytestmark = [pytest.mark.browser, pytest.mark.served, pytest.mark.timeout(480)]

SCREEN = {"viewport": {"width": 1160, "height": 640}}
WHO = ("--admin-name", "周建国", "--admin-number", "10001", "--admin-phone", "13800000001")
WHERE = ("--county", "青河县", "--county-code", "350999", "--public-url", "https://xuexi.example.gov.cn")


def test_from_an_empty_folder_to_a_drilled_backup_and_an_upgrade(
    chromium: Browser, visitors: list[Visitor], tmp_path: Path
) -> None:
    place, backups, drill = (tmp_path / name for name in ("banyan", "backups", "drill"))
    backups.mkdir()
    terminal = Terminal({place: "/srv/banyan", backups: "/var/backups/banyan", drill: "/tmp/drill"})
    said = terminal.types("install", "--home", place, *WHERE, *WHO)
    entry, code = (re.search(words, said)[1] for words in (r"(/hub/enter\?code=\S+)", r"恢复码（只显示这一次）：(\S+)"))  # type: ignore[index]
    with contextmanager(serve)(Home.open(place)) as house:
        open_browser = next(visits(chromium, house, visitors))
        paper = open_browser(Visitor, SCREEN, "paper").page
        terminal.look(paper, "server-install")

        phone = open_browser(Visitor, PHONE, "phone")
        phone.go("/").look("door")
        expect(phone.page.locator("main h1")).to_have_text("登录")
        keep_picture(phone.page, "server-door")

        boss = open_browser(Person, SCREEN, "administrator")
        boss.comes_in(entry, "榕树下的第一天2026")
        boss.go(f"{PORTAL}/coverage").page.get_by_role("button", name="更多").or_(boss.page.get_by_text("更多")).first.click()
        boss.follow(boss.page.get_by_role("link", name="平台状况"))
        assert "从来没有备份过" in boss.text()
        boss.look("doctor")
        keep_picture(boss.page, "server-doctor-page")
        assert "从来没有备份过" in terminal.types("doctor", "--home", place)
        terminal.look(paper, "server-doctor")

        assert "请先停掉它" in terminal.types("upgrade", "--home", place, ends=1)
        terminal.lines.clear()
        terminal.types("backup", backups, "--home", place, "--keep", 14)
        (file,) = backups.iterdir()
        terminal.types("restore", file, "--home", drill, answers=code)
        assert "没有改动" in terminal.types("records", "audit", "--home", drill)
        assert "没有问题" in terminal.types("doctor", "--home", drill)
        terminal.look(paper, "server-drill")
        assert "从来没有备份过" not in boss.go(f"{PORTAL}/doctor").text()

    with contextmanager(serve)(Home.open(drill)) as house:
        back = next(visits(chromium, house, visitors))(Visitor, PHONE, "moved")
        back.go("/").page.get_by_label(re.compile("工号")).fill("10001")
        back.page.locator("input[name=password]").fill("榕树下的第一天2026")
        back.follow(back.page.locator("main [type=submit]"))
        expect(back.page.locator("main")).to_contain_text("开张")
    assert "已经是这个版本" in terminal.types("upgrade", "--home", place)
    for visitor in visitors:
        visitor.assert_content()
