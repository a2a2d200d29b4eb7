"""A small house that teaches the course of examples, and one reader who has it open."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Route, expect

from banyan.accounts.passwords import hash_password
from banyan.courseware.build import build_course
from banyan.records import migrate
from banyan.records.engine import open_engine, sessions, writing
from banyan.records.people import Person
from banyan.serve.ports import free_ports
from banyan.settings import CONTENT, HOUSE, Home

STATIC = HOUSE / "banyan" / "portal" / "static"
EXAMPLES = CONTENT / "examples"
COURSE = "lesson-parts"
LESSON = f"/services/lessons/{COURSE}/parts"
READER, PASSWORD = "YX0001", "my-own-password"
BORN = datetime(2026, 1, 1, tzinfo=UTC)


@contextmanager
def teaching(folder: Path) -> Iterator[str]:
    """Build the course of examples as any other, serve it, and give the address."""
    home = Home.create(folder / "home", demo=True)
    build_course(EXAMPLES, COURSE, CONTENT, home.releases, BORN)
    _reader(home)
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "tests.lessons.house", str(home.root), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as keeper:
        assert keeper.stdout
        try:
            if not any("已就绪" in line for line in keeper.stdout):
                raise AssertionError((home.logs / "lessons.log").read_text(encoding="utf-8"))
            yield f"http://127.0.0.1:{port}"
        finally:
            keeper.terminate()
            keeper.communicate(timeout=15)


def _reader(home: Home) -> None:
    engine = open_engine(home.records_url)
    migrate.upgrade(engine)
    with writing(sessions(engine)) as session:
        person = Person(staff_number=READER, handle="h-1", name="林秀英", password_hash=hash_password(PASSWORD), created_at=BORN)
        person.must_change_password = False
        session.add(person)
    engine.dispose()


def sign_in(context: BrowserContext) -> None:
    """Sign a reader in; the portal's built files, which this house does not serve, come from the checkout."""
    context.route("**/services/portal/static/*", _built)
    page = context.new_page()
    page.goto(LESSON)
    page.fill("input[name=username]", READER)
    page.fill("input[name=password]", PASSWORD)
    page.click("[type=submit]")
    expect(page.locator("h1")).to_have_text("课文里能放什么")
    page.close()


def _built(route: Route) -> None:
    route.fulfill(path=STATIC / urlsplit(route.request.url).path.rsplit("/", 1)[1])


def open_step(page: Page, step: str) -> None:
    """Go to a step by its address and wait until its widgets are drawn."""
    page.goto("about:blank")
    page.goto(f"{LESSON}#{step}")
    expect(page.locator(f"#{step}")).to_be_visible()
    expect(page.locator(f"#{step} .slot.waiting, #{step} .slot.arriving")).to_have_count(0)
