"""A phone, and the portal it opens 每日三题 at: the day after somebody read everything."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from banyan.domain.calendar import county_day
from banyan.records.engine import reading
from banyan.records.learning import FirstAnswer
from banyan.tracker.daily import daily
from grading import questions
from tests.chromium import PATIENCE
from tests.county import NOW
from tests.portal.conftest import PORTAL, World
from tests.portal.serving import serving

PHONE = {"width": 360, "height": 740}


@dataclass
class Desk:
    """The portal on a port, the day after somebody read everything."""

    world: World
    browser: Browser
    url: str
    open: list[BrowserContext] = field(default_factory=list)

    def phone(self, **how: Any) -> BrowserContext:
        context = self.browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", **how)
        self.open.append(context)
        context.set_default_timeout(PATIENCE)
        self.sign_in(context)
        return context

    def sign_in(self, context: BrowserContext) -> None:
        context.add_cookies([{"name": "who", "value": self.world.hall.learner.person.staff_number, "url": self.url}])

    def begin(self, context: BrowserContext, today: bool = True) -> Page:
        """Open the page; the phone's own calendar says the same day as the county's, unless it is a day later."""
        page = context.new_page()
        page.clock.set_fixed_time(self.world.clock.now + timedelta(days=0 if today else 1))
        page.goto(f"{self.url}{PORTAL}/daily")
        shown(page)
        return page

    @property
    def items(self) -> list[questions.Item]:
        with reading(self.world.hall.make) as session:
            today = county_day(self.world.clock.now)
            three = daily(session, self.world.hall.learner.person.id, self.world.hall.rulebook, today)
            return [each.asked.item for each in three]

    def wait_for(self, kind: str) -> list[questions.Item]:
        """Let days go by until a question of a kind is asked."""
        while all(item.type != kind for item in self.items):
            self.world.clock.now += timedelta(days=1)
        return self.items

    def kept(self) -> dict[str, bool]:
        with reading(self.world.hall.make) as session:
            return {row.question: row.right for row in session.query(FirstAnswer)}


@contextmanager
def open_desk(world: World, chromium: Browser) -> Iterator[Desk]:
    world.hall.learn()
    world.clock.now = NOW + timedelta(days=1)
    with serving(world.app) as url:
        opened = Desk(world, chromium, url)
        yield opened
        for context in opened.open:
            context.close()


def shown(page: Page) -> Any:
    """Return the one question, or the end, that is to be seen."""
    found = page.locator("[data-daily]:not([hidden]), #daily-done:not([hidden])")
    expect(found).to_have_count(1)
    return found


def fill(page: Page, value: Any) -> None:
    shown(page)
    page.evaluate("value => BanyanQuestions.fill(document.querySelector('[data-daily]:not([hidden])'), value)", value)


def check(page: Page, value: Any) -> None:
    """Give an answer to the question in view and look whether it is right."""
    fill(page, value)
    shown(page).locator(".practice-check").click()
    expect(shown(page).locator(".practice-said strong")).to_be_visible()


def go_on(page: Page) -> None:
    shown(page).locator("[data-onward]").click()


def wrong(item: questions.Item) -> Any:
    kind = questions.type_of(item)
    return next(value for value in kind.answers(item) or () if not kind.feedback(item, value).right)
