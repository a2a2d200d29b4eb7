"""The ways to a kernel: asking for one, its websocket, its plain existence; each for the person it is lent to."""

import time
from typing import Any

import nbformat
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado.web import HTTPError
from tornado.websocket import WebSocketHandler

from banyan.errors import NotFoundError, TryLaterError
from banyan.lessons import figures
from banyan.lessons.api import Api
from banyan.lessons.capability import About, grant, holds
from banyan.lessons.faults import fault_in
from banyan.lessons.identity import Signed, in_thread
from banyan.lessons.leases import LOUD, Lease, Leases, Place, Wish
from banyan.lessons.line import KernelLine
from banyan.lessons.prepared import Version
from banyan.lessons.waiting import again
from banyan.words.language import N_, TRADITIONAL

CHANGED = N_("这一课换了新的，请刷新页面")
CLOSED = "互动部分暂时打不开"
TOO_MUCH = 1008


class Doors(Signed):
    """What the ways have in common."""

    @property
    def leases(self) -> Leases:
        found: Leases = self.settings["leases"]
        return found

    def about(self, lease: Lease) -> About:
        return About(lease.id, lease.wish.person, lease.wish.course, lease.wish.lesson)

    @property
    def capability_key(self) -> bytes:
        key: bytes = self.settings["capability_key"]
        return key

    def told(self, lease: Lease) -> dict[str, str]:
        """Return what a page needs to reach its kernel."""
        return {"kernel": lease.id, "capability": grant(self.capability_key, self.about(lease), time.time())}


class Kernels(Doors, Api):
    """A page asks for a kernel when a simulation is first touched."""

    async def post(self) -> None:
        course, lesson, snapshot = self.given("course", "lesson", "snapshot")
        try:
            notebook = await in_thread(self._notebook, course, lesson, snapshot)
            lent = await self.leases.lend(Wish(self.current_user.username, course, lesson, notebook))
        except NotFoundError:
            raise HTTPError(409, CHANGED) from None
        except TryLaterError as fault:
            raise self.refused(503, fault) from None
        except (OSError, RuntimeError):  # the machine is short of something, or the kernel died while starting
            self.log.exception("no kernel for %s/%s", course, lesson)
            raise HTTPError(503, CLOSED) from None
        if isinstance(lent, Place):
            self.reply({"place": lent.number, "again": again(lent.number)}, 202)
        else:
            self.reply(self.told(lent), 201)

    def _notebook(self, course: str, lesson: str, snapshot: str) -> Any:
        """Return the notebook that a page was made from; pages of another version of the programs are of no use."""
        version = Version.read(snapshot)
        if version is None or version.house != self.settings["version"]:
            raise NotFoundError(CHANGED)
        return self.settings["catalogue"].open(course, version.release).notebook(lesson)


class Lent(Doors):
    """Someone else's kernel does not exist."""

    async def prepare(self, **kwargs: Any) -> None:
        await super().prepare(**kwargs)
        if not self._finished and self.lease is None:
            raise HTTPError(404)

    @property
    def lease(self) -> Lease | None:
        return self.leases.of(self.path_kwargs["kernel_id"], self.current_user.username)

    def send_to_password(self) -> None:
        raise HTTPError(403)


class KernelDoor(Lent, Api):
    """Whether the kernel still lives, asked before a page joins again: then it is given another capability."""

    async def get(self, kernel_id: str) -> None:
        if lease := self.lease:
            self.reply(self.told(lease))

    async def delete(self, kernel_id: str) -> None:
        """End it: what a page says when it closes."""
        if lease := self.lease:
            await self.leases.take_back(lease)
        self.set_status(204)
        self.finish()


class Socket(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """A websocket of Jupyter's server, of which a kernel's is one."""

    def set_default_headers(self) -> None:
        """A websocket has none."""


class KernelSocket(Lent, Socket):
    """Widgets talk through it; a page of another origin does not get in, nor what names none or shows no capability."""

    line: KernelLine | None = None

    async def know(self) -> None:
        """Whoever shows a capability was known when it was given, two minutes ago at most."""

    async def prepare(self, **kwargs: Any) -> None:
        if not self.request.headers.get("Origin"):
            raise HTTPError(403)
        await super().prepare(**kwargs)
        shown = self.get_query_argument("capability", "")
        if self.lease is None or not holds(self.capability_key, shown, self.about(self.lease), time.time()):
            raise HTTPError(403)

    async def get(self, *args: Any, **kwargs: Any) -> None:
        await WebSocketHandler.get(self, *args, **kwargs)

    def open(self, *args: str, **kwargs: str) -> None:
        super().open(*args, **kwargs)
        lease = self.lease
        if lease is None:  # it ended while the line was being made
            self.close()
            return
        lease.seen, lease.heard = True, self.leases.clock()
        lease.lines.add(self)
        self.mine = lease
        turn = self.speech.written if self.speech.code == TRADITIONAL else None
        self.line = KernelLine(lease.kernel, self, turn)
        self.line.loud, self.line.answered, self.line.failed = self._loud, self._answered, self._failed

    def on_message(self, message: str | bytes) -> None:
        if self.line is None:
            return
        self.mine.heard = self.leases.clock()
        if not self.line.tell(message):
            self.close(TOO_MUCH)
        elif self.line.awaited:
            self.mine.asked = self.mine.heard

    def _answered(self) -> None:
        self.mine.asked = None

    def _failed(self, trace: str) -> None:
        """Record a fault of the lesson's code by its author's lines."""
        wish = self.mine.wish
        notebook = nbformat.read(wish.notebook, nbformat.NO_CONVERT)
        last = max(place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code")
        figures.FAULTS.inc()
        self.settings["faults"].tell(wish.course, wish.release, wish.lesson, fault_in(notebook, last, trace))

    def _loud(self) -> None:
        self.log.warning("a kernel of %s/%s says too much", self.mine.wish.course, self.mine.wish.lesson)
        self.settings["lessons"].spawn(self.leases.take_back(self.mine, LOUD))

    def on_close(self) -> None:
        super().on_close()
        if self.line is not None:
            self.line.close()
            self.mine.lines.discard(self)
            self.mine.heard = self.leases.clock()
