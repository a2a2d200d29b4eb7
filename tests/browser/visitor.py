"""A person with a browser: reads pages, listens to what goes wrong, and looks at each page as axe does.

A journey that fails is told with what the browser last saw (`told`; tests/browser/conftest.py prints it).
With BANYAN_SCREENSHOTS set to a folder, every page looked at is kept there as a picture.
"""

import os
import re
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page

from tests.conftest import Served
from tests.house import ROOT

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PICTURES = """() => Promise.all(Array.from(document.images).filter(each => !each.complete)
  .map(each => new Promise(done => { each.onload = each.onerror = done; each.loading = "eager"; })))"""
WIDE = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
  Array.from(document.querySelectorAll("body *"))
    .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth)
    .map(each => each.outerHTML.slice(0, 90))"""
SCREENSHOTS = os.environ.get("BANYAN_SCREENSHOTS")
PORTAL = "/services/portal"
LAST = 40  # requests and replies a failure is told with


class Visitor:
    """One browser context and its one page; `faults` is what the page complained of, `foreign` whom it asked elsewhere."""

    def __init__(self, context: BrowserContext, served: Served, name: str = "visitor") -> None:
        self.context, self.served, self.name = context, served, name
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.foreign: list[str] = []
        self.traffic: deque[str] = deque(maxlen=LAST)
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.page.on("console", self._said)
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("request", lambda request: self.traffic.append(f"{request.method} {request.url}"))
        self.page.on("response", lambda response: self.traffic.append(f"{response.status} {response.url}"))
        self.page.on("requestfailed", lambda request: self.traffic.append(f"{request.failure} {request.url}"))

    def _said(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.faults.append(f"{said.text} ({said.location.get('url')}) on {self.page.url}")

    def _asked(self, address: str) -> None:
        ours = (self.served.url, self.served.url.replace("http", "ws", 1), "data:", "blob:")
        if not address.startswith(ours):
            self.foreign.append(address)

    def go(self, path: str) -> "Visitor":
        self.page.goto(path)
        return self

    def follow(self, link: Locator) -> "Visitor":
        """Click what leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            link.click()
        return self

    def sign_in(self, name: str) -> "Visitor":
        account = self.served.account(name)
        self.go("/")
        self.page.locator("input[name=username]").fill(account.staff_number)
        self.page.locator("input[name=password]").fill(account.password)
        self.page.locator("main [type=submit]").click()
        self.page.wait_for_url(f"**{PORTAL}/**")
        return self

    def text(self, within: str = "main") -> str:
        return re.sub(r"\s+", " ", self.page.locator(within).inner_text())

    def look(self, title: str) -> None:
        """Hold the page before one to the rules of accessibility and to the width of its window."""
        self.page.evaluate(PICTURES)
        if SCREENSHOTS:
            place = Path(SCREENSHOTS) / f"{self.name}-{title}.png"
            self.page.screenshot(path=place, full_page=True)
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
            ".then(r => r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.target.join(' ')).join(', ')))",
            RULES,
        )
        assert found == [], f"{title}: {found}"
        wide = self.page.evaluate(WIDE)
        assert wide == [], f"{title} is wider than its window: {wide}"

    def wait_for(self, ready: Callable[[], Any], seconds: int = 180) -> None:
        """Reload the page until something holds."""
        for _ in range(seconds):
            if ready():
                return
            self.page.wait_for_timeout(1000)
            self.page.reload()
        raise AssertionError(f"not in {seconds} s: {self.page.url}\n{self.text()}")

    def told(self) -> str:
        """What a failed journey left behind: the page, its words, its complaints and its last requests."""
        words = "a page that is closed" if self.page.is_closed() else f"{self.page.url}\n{self.text('body')}"
        return "\n".join((f"{self.name} at {words}", *self.faults, *self.traffic))

    def assert_content(self) -> None:
        assert self.faults == [], f"{self.name}: {self.faults}"
        assert self.foreign == [], f"{self.name}: {self.foreign}"
