"""The portal on a port, and a learner's phone at its exam: what the tests of the exam page in a real browser share."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect

from banyan.courseware.exam import Form
from banyan.records.engine import reading
from banyan.records.examinations import Answer, Attempt
from banyan.serve.ports import free_ports
from tests.chromium import PATIENCE
from tests.county import COURSE
from tests.portal.conftest import PORTAL, World

PHONE = {"width": 360, "height": 740}


@dataclass
class Desk:
    """The portal on a port; `sit` opens a phone's browser signed in as the learner."""

    world: World
    browser: Browser
    url: str
    open: list[BrowserContext] = field(default_factory=list)

    def phone(self, who: str = "") -> BrowserContext:
        context = self.browser.new_context(viewport=PHONE, locale="zh-CN")
        self.open.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "who", "value": who or self.world.hall.learner.person.staff_number, "url": self.url}])
        return context

    def sit(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.goto(f"{self.url}{PORTAL}/courses/{COURSE}/exam")
        page.click("form[action$='/exam'] button")
        page.wait_for_selector("[data-exam]:not([aria-busy])")
        return page

    def kept(self) -> dict[str, object]:
        with reading(self.world.hall.make) as session:
            return {row.slot: row.value for row in session.query(Answer)}

    def is_handed_in(self) -> bool:
        with reading(self.world.hall.make) as session:
            return session.query(Attempt).one().submitted_at is not None

    def slot(self, kind: str) -> str:
        with reading(self.world.hall.make) as session:
            form = Form.from_json(session.query(Attempt).one().form)
        return next(each.name for each in form.slots if self.world.hall.exam.items[each.question].type == kind)


@contextmanager
def open_desk(world: World, chromium: Browser) -> Iterator[Desk]:
    world.hall.learn()
    with served(world.app) as url:
        opened = Desk(world, chromium, url)
        try:
            yield opened
        finally:
            for context in opened.open:
                context.close()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve the portal on a port of its own and give its address."""
    port = free_ports(1)[0]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def show(page: Page, slot: str) -> None:
    """Go to a question by its slot."""
    name = page.locator(f"[data-slot={slot}]").get_attribute("id") or ""
    page.evaluate("name => { location.hash = name }", name[1:])
    expect(page.locator(f"[data-slot={slot}]")).to_be_visible()


def choose(page: Page, slot: str, place: int) -> str:
    show(page, slot)
    option = page.locator(f"[data-slot={slot}] .option").nth(place)
    option.click()
    return option.locator("input").get_attribute("value") or ""


def write(page: Page, slot: str, words: str) -> None:
    show(page, slot)
    page.fill(f"[data-slot={slot}] textarea.open-text", words)


def saved(page: Page) -> None:
    """Wait until nothing waits on the phone any more."""
    page.wait_for_timeout(100)  # the word changes with the next turn of the page's own loop
    expect(page.locator("[data-saved]")).to_have_text("已保存")
