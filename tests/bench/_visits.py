"""Opening a lesson in a real browser on a phone's screen: what comes over the line, when the slider can be used and answers."""

from statistics import median
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from tests.bench._many import p95
from tests.bench._school import PATH, number
from tests.lessons.conftest import PASSWORD

SLIDER = ".banyan-panel input[type=range]"
PHONE = {"width": 360, "height": 740}
SETTLED = 700  # milliseconds after which nothing more comes
USABLE = """() => { const look = () => {
  const slider = document.querySelector('.banyan-panel input[type=range]');
  if (slider && slider.getClientRects().length && !slider.disabled) window.drawn = performance.now();
  else requestAnimationFrame(look); }; look(); }"""
TOUCH = """key => new Promise(done => {
  const panel = document.querySelector('.banyan-panel'), said = panel.querySelector('.banyan-panel-sentence');
  const slider = panel.querySelector('input[type=range]'), before = said.textContent, began = performance.now();
  const watch = new MutationObserver(() => {
    if (said.textContent !== before) { watch.disconnect(); done(performance.now() - began); }
  });
  watch.observe(said, { childList: true, characterData: true, subtree: true });
  slider.value = Number(slider.value) + 1;
  slider.dispatchEvent(new Event('input', { bubbles: true })); slider.dispatchEvent(new Event('change', { bubbles: true }));
})"""


def sign_in(context: BrowserContext, url: str) -> None:
    page = context.new_page()
    page.goto(url + PATH)
    page.fill("input[name=username]", number(0))
    page.fill("input[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("h1")
    page.close()


def first_visit(browser: Browser, address: str, state: Any) -> dict[str, float]:
    """Open a lesson with an empty cache; count what comes until the slider can be used."""
    context = browser.new_context(viewport=PHONE, storage_state=state, service_workers="block")
    page = context.new_page()
    page.set_default_timeout(120_000)
    asked: list[str] = []
    received: list[float] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda said: received.append(said["encodedDataLength"]))
    page.goto(address, wait_until="commit")
    page.locator(SLIDER).first.wait_for()
    page.wait_for_timeout(SETTLED)
    own = [each for each in asked if each.startswith("http")]
    foreign = [each for each in own if urlsplit(each).netloc != urlsplit(address).netloc]
    context.close()
    counts = {"kb": round(sum(received) / 1000, 1), "requests": len(own), "external": len(foreign)}
    return counts | {"console_errors": len(complaints)}


def usable(page: Page, address: str) -> float:
    """Return the milliseconds from the navigation until the slider is drawn and can be moved."""
    page.goto("about:blank")
    page.goto(address, wait_until="commit")
    slider = page.locator(SLIDER).first
    slider.wait_for()
    while not (drawn := page.evaluate("window.drawn")):
        page.wait_for_timeout(5)
    before = slider.input_value()
    slider.focus()
    slider.press("ArrowRight")
    assert slider.input_value() != before
    return float(drawn)


def warm(browser: Browser, address: str, state: Any) -> Page:
    """Return a page whose browser has seen the lesson before."""
    context = browser.new_context(viewport=PHONE, storage_state=state)
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.add_init_script(f"({USABLE})()")
    usable(page, address)
    return page


def touches(page: Page, address: str, count: int) -> list[float]:
    """Return, for fresh pages, the milliseconds from the first touch of the simulation to its answer on the page."""
    found = []
    for _ in range(count):
        page.goto("about:blank")
        page.goto(address)
        page.locator(SLIDER).first.wait_for()
        page.wait_for_timeout(SETTLED)
        found.append(float(page.evaluate(TOUCH)))
    return found


def in_a_browser(browser: Browser, addresses: dict[str, str], state: Any, n: int, fresh: int) -> dict[str, Any]:
    """Visit both sides in turn."""
    states = {"ours": state, "stock": None}
    visits: dict[str, list[dict[str, float]]] = {side: [] for side in addresses}
    for _ in range(n):
        for side, address in addresses.items():
            visits[side].append(first_visit(browser, address, states[side]))
    pages = {side: warm(browser, address, states[side]) for side, address in addresses.items()}
    times: dict[str, list[float]] = {side: [] for side in addresses}
    for _ in range(2 * n):
        for side, address in addresses.items():
            times[side].append(usable(pages[side], address))
    took = touches(pages["ours"], addresses["ours"], fresh)
    found: dict[str, Any] = {}
    for side, seen in visits.items():
        middle = {name: median(each[name] for each in seen) for name in seen[0]}
        found[side] = {f"first_visit_{name}": value for name, value in middle.items()} | {
            "usable_ms": round(median(times[side]), 1)
        }
    return found | {"first_touch_p95_ms": round(p95(took), 1), "first_touch_median_ms": round(median(took), 1)}
