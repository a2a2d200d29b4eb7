"""What lets an opened lesson be read without a line: the service worker, and the page for a lesson that was not opened.

The worker (assets/offline.js) says nothing of anybody and is given to whoever asks; what it keeps, it keeps on the phone.
"""

from tornado.web import RequestHandler

from banyan.domain.county_values import tel
from banyan.lessons.identity import in_thread
from banyan.lessons.page import STATIC, Plain, pages
from banyan.records.engine import reading
from banyan.tracker.county import settings_of

POLICY = "default-src 'none'; connect-src 'self'"  # what the worker itself may load: the pages and files it keeps


class Worker(RequestHandler):
    """Served below the service's address, which is as far as the worker reaches; a browser asks anew at every visit."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=UTF-8")
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-cache")
        self.finish((STATIC / "offline.js").read_bytes())


class Away(Plain):
    """Kept with the first lesson; the worker lists in it what can be read. Whom to ring needs no line of this kind."""

    async def get(self) -> None:
        desk = await in_thread(self._desk)
        told = {"desk": desk, "desk_tel": tel(desk[1]), "demo": self.settings["house"].demo}
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(pages.get_template("away.html").render(page=self.frame() | told))

    def _desk(self) -> tuple[str, str]:
        with reading(self.records) as session:
            return settings_of(session).for_units(self.learner.paths).desk
