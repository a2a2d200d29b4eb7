"""Somebody on their first day: a visitor whose taps are counted and who reads QR codes off screens."""

import base64
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import zxingcpp
from playwright.sync_api import Locator, ViewportSize, expect

from tests.browser.figures import SCREEN, Task
from tests.browser.visitor import PORTAL, WIDE, Visitor

SMALLEST: ViewportSize = {"width": 360, "height": 740}
GREY = """element => new Promise(done => {
  const image = new Image(), canvas = document.createElement("canvas");
  image.onload = () => {
    canvas.width = image.width; canvas.height = image.height;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height); pen.drawImage(image, 0, 0);
    const dots = pen.getImageData(0, 0, canvas.width, canvas.height).data, grey = new Uint8Array(dots.length / 4);
    for (let n = 0; n < grey.length; n++) grey[n] = dots[4 * n + 1];
    let text = "";
    for (let n = 0; n < grey.length; n += 4096) text += String.fromCharCode.apply(null, grey.subarray(n, n + 4096));
    done([canvas.height, canvas.width, btoa(text)]);
  };
  if (element.src) { image.src = element.src; return; }
  const copy = element.cloneNode(true);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg"); copy.setAttribute("width", 480); copy.setAttribute("height", 480);
  image.src = "data:image/svg+xml," + encodeURIComponent(copy.outerHTML);
})"""


class Person(Visitor):
    task = Task("")

    def look(self, title: str) -> None:
        """Look as every visitor does, then at the same page, full as a county makes it, in large type on a phone."""
        super().look(title)
        page, own = self.page, self.page.viewport_size
        page.set_viewport_size(SMALLEST)
        page.evaluate("() => document.documentElement.classList.add('elder')")
        wide = page.evaluate(WIDE)
        page.evaluate("() => document.documentElement.classList.remove('elder')")
        page.set_viewport_size(own or SMALLEST)
        assert wide == [], f"{title} in large type is wider than a phone: {wide}"

    @contextmanager
    def doing(self, name: str) -> Iterator[Task]:
        """Count what follows towards a task."""
        self.task = Task(name)
        yield self.task

    def arrive(self, path: str) -> None:
        """Open an address that was scanned or kept."""
        begun = time.monotonic()
        self.page.goto(path)
        self._arrived(begun)

    def tap(self, target: Locator, leads: bool = True) -> None:
        """Tap what leads to another page, unless it only changes this one."""
        self.task.taps += 1
        begun = time.monotonic()
        if leads:
            with self.page.expect_navigation():
                target.click()
            self._arrived(begun)
        else:
            target.click()

    def dial(self, digits: str) -> None:
        """Type digits on the page's own pad."""
        for digit in digits:
            self.tap(self.page.get_by_role("button", name=digit, exact=True), leads=False)

    def write(self, field: Locator, text: str) -> None:
        self.task.taps += 1
        self.task.keys += len(text)
        field.fill(text)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        return self.page.locator("main").get_by_role("link", name=name, exact=True)

    def scan(self, code: Locator) -> str:
        """Return the address a QR code leads to; the code is a drawing or part of a picture."""
        height, width, grey = code.evaluate(GREY)
        dots = memoryview(bytearray(base64.b64decode(grey))).cast("B", (height, width))  # type: ignore[call-overload]
        found = zxingcpp.read_barcodes(dots)
        assert len(found) == 1, "no QR code to be read"
        return found[0].text

    def scan_path(self, code: Locator) -> str:
        """The same without the host, which is the county's and stands nowhere in a test."""
        return re.sub(r"^https://[^/]+", "", self.scan(code))

    def _arrived(self, begun: float) -> None:
        self.page.wait_for_load_state()
        self.task.wait(begun)
        self.task.read += min(len(self.text()), SCREEN)

    def comes_in(self, slip: str, secret: str) -> None:
        """Use a slip as its QR code says, choose the text as it is, and a password or six digits."""
        self.arrive(slip)
        self.tap(self.button("是我，进入榕学"))
        self.tap(self.page.locator("button.sample.normal"))
        if self.page.locator("#pin").count():
            self.dial(secret)
            expect(self.page.get_by_text("好了，您进来了")).to_be_visible()
        else:
            self.write(self.page.get_by_label("新密码", exact=True), secret)
            self.write(self.page.get_by_label("再输一次新密码"), secret)
            self.tap(self.button("设好，继续"))
            self.page.wait_for_url(f"**{PORTAL}/**")
