"""Opening a lesson: our lessons service against stock Voilà with the same built notebook, in turn, with an empty cache.

Times run from the navigation: first byte; the lesson's heading readable; the widget usable, that is, a key pressed on its
slider has changed the page. Ours asks who reads (the sign-in is done before), Voilà serves whoever comes.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from banyan.accounts.passwords import hash_password
from banyan.courseware.build import build_course
from banyan.courseware.catalogue import Catalogue
from banyan.records import migrate
from banyan.records.engine import open_engine, sessions, writing
from banyan.records.people import Person
from banyan.serve.ports import answers, free_ports
from banyan.settings import HOUSE, Home
from tests.bench._report import machine, options, tell
from tests.chromium import open_chromium
from tests.county import COURSE

LESSON, HEADING = "cluster", "聚集性信号"
NUMBER, PASSWORD = "YX0001", "a-password-of-this-bench"
READABLE = f"""() => {{ const see = () => {{
  const heading = Array.from(document.querySelectorAll("h1")).find(each => each.textContent.includes("{HEADING}"));
  if (heading && heading.getClientRects().length) window.readable = performance.now(); else requestAnimationFrame(see);
}}; see(); }}"""
SLIDER = ".banyan-panel input[type=range]"


def make_home(folder: Path) -> Home:
    """A home with the shipped course and one reader."""
    home = Home.create(folder / "home", demo=True)
    now = datetime.now(UTC)
    build_course(HOUSE / "courses", COURSE, HOUSE / "content", home.releases, now)
    engine = open_engine(home.records_url)
    migrate.upgrade(engine)
    with writing(sessions(engine)) as session:
        reader = Person(staff_number=NUMBER, handle="h1", name="林秀英", password_hash=hash_password(PASSWORD), created_at=now)
        reader.must_change_password = False
        session.add(reader)
    engine.dispose()
    return home


@contextmanager
def started(command: list[str], cwd: Path, port: int, path: str) -> Iterator[None]:
    environment = os.environ | {"PYTHONPATH": str(HOUSE), "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 120
            while not answers("127.0.0.1", port, path):
                if process.poll() is not None or time.monotonic() > until:
                    raise TimeoutError(f"{command} does not answer")
                time.sleep(0.2)
            yield
        finally:
            process.terminate()


def sign_in(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(address)
    page.fill("input[name=username]", NUMBER)
    page.fill("input[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("h1")


def visit(browser: Browser, address: str, state: Any) -> dict[str, float]:
    """Open a lesson in a browser that has never seen it, and use its widget."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, storage_state=state)
    page = context.new_page()
    page.set_default_timeout(120_000)
    asked: list[str] = []
    received: list[float] = []
    page.on("request", lambda request: asked.append(request.url))
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda said: received.append(said["encodedDataLength"]))
    page.add_init_script(f"({READABLE})()")
    page.goto(address, wait_until="commit")
    usable = use(page)
    first_byte = page.evaluate("performance.getEntriesByType('navigation')[0].responseStart")
    times = {"first_byte_ms": first_byte, "readable_ms": page.evaluate("window.readable"), "usable_ms": usable}
    foreign = [each for each in asked if each.startswith("http") and urlsplit(each).netloc != urlsplit(address).netloc]
    context.close()
    counts = {"requests": len(asked), "kilobytes": round(sum(received) / 1000), "external": len(foreign)}
    return {name: round(value) for name, value in times.items()} | counts


def use(page: Page) -> float:
    """Press a key on the slider until the panel says something else; return when, since the navigation."""
    slider = page.locator(SLIDER).first
    slider.wait_for()
    panel = page.locator(".banyan-panel").first
    before = panel.inner_text()
    slider.focus()
    slider.press("ArrowRight")
    page.wait_for_function("before => document.querySelector('.banyan-panel').innerText !== before", arg=before, polling=20)
    return float(page.evaluate("performance.now()"))


def measure(folder: Path, n: int) -> dict[str, Any]:
    home, (ours, stock) = make_home(folder), free_ports(2)
    notebooks = Path(shutil.copytree(Catalogue(home.releases).newest(COURSE).notebook(LESSON).parent, folder / "notebooks"))
    voila = [sys.executable, "-m", "voila", f"{LESSON}.ipynb", "--no-browser", f"--port={stock}", "--Voila.ip=127.0.0.1"]
    page = f"http://127.0.0.1:{ours}/services/lessons/{COURSE}/{LESSON}#days-count"
    found: dict[str, list[dict[str, float]]] = {"ours": [], "stock": []}
    with ExitStack() as held:
        house = [sys.executable, "-m", "tests.lessons.house", str(home.root), str(ours)]
        held.enter_context(started(house, HOUSE, ours, "/hub/login"))
        held.enter_context(started(voila, notebooks, stock, "/voila/static/voila.js"))
        browser = held.enter_context(open_chromium())
        context = browser.new_context()
        sign_in(context, page)
        state = context.storage_state()
        for _ in range(n):
            found["ours"].append(visit(browser, page, state))
            found["stock"].append(visit(browser, f"http://127.0.0.1:{stock}/", None))
    return {side: middle(visits) for side, visits in found.items()} | {"n": n}


def middle(visits: list[dict[str, float]]) -> dict[str, float]:
    return {name: median(each[name] for each in visits) for name in visits[0]}


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    chosen = options(__doc__ or "", argv, n=3)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), chosen.n) | machine()
    tell(found, chosen.json)
    return found


if __name__ == "__main__":
    main()
