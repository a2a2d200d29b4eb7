"""A lessons service as the front end's contract has it, small enough to be told how to misbehave; its kernels are real.

It runs in a thread of its own. A kernel is launched ahead of need, so that lending one is as quick as a fork.
"""

import asyncio
import itertools
import json
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_server.services.kernels.connection.base import deserialize_binary_message, serialize_binary_message
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler, StaticFileHandler
from tornado.websocket import WebSocketHandler

from tests.house import ROOT
from tests.lessons.front_lesson import cells
from tests.lessons.front_page import page

STATIC = ROOT / "banyan" / "portal" / "static"
POLICY = (
    "default-src 'self'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self' ws://{host}; object-src 'none'; base-uri 'none'"
)
HEARD = {"comm_open", "comm_msg", "comm_close", "kernel_info_request"}
SEAL = "seal"
NUMBERS = itertools.count()


@dataclass
class Lent:
    manager: AsyncKernelManager
    client: AsyncKernelClient
    sockets: list["Channels"] = field(default_factory=list)


@dataclass
class Service:
    """`answers` are given to the next requests for a kernel before one is lent; `heard` is what pages sent to kernels."""

    folder: Path
    pace: float = 0.0
    strange: bool = False
    port: int = 0
    lost: bool = False
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    lent: dict[str, Lent] = field(default_factory=dict)
    given_back: list[str] = field(default_factory=list)
    spare: "asyncio.Task[Lent] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def told(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "told.json").read_text(encoding="utf-8")))

    def updates(self, name: str) -> list[Any]:
        """Return the values of a state that pages set, in order."""
        contents = [each["content"]["data"] for each in self.heard if each["header"]["msg_type"] == "comm_msg"]
        return [each["state"][name] for each in contents if each.get("method") == "update" and name in each["state"]]

    # ---- on the loop

    async def launch(self) -> Lent:
        manager = AsyncKernelManager(kernel_name="python3", transport="ipc")
        manager.ip = str(self.folder / f"k{next(NUMBERS)}")
        await manager.start_kernel(cwd=str(ROOT))
        client = manager.client()
        client.start_channels(hb=False, stdin=False)
        await client.wait_for_ready(timeout=60)
        said = await client.execute(cells(str(self.folder / "told.json"), self.pace, self.strange), reply=True, timeout=60)
        assert said["content"]["status"] == "ok", "\n".join(said["content"]["traceback"])
        while (await client.get_iopub_msg(timeout=10))["content"].get("execution_state") != "idle":
            pass
        return Lent(manager, client)

    async def prepare(self) -> None:
        self.spare = asyncio.create_task(self.launch())
        await self.spare

    async def lend(self) -> str:
        assert self.spare
        lent = await self.spare
        self.spare = asyncio.create_task(self.launch())
        name = f"k{next(NUMBERS)}"
        self.lent[name] = lent
        return name

    async def end(self, name: str) -> None:
        lent = self.lent.pop(name)
        for each in lent.sockets:
            each.close()
        lent.client.stop_channels()
        await lent.manager.shutdown_kernel(now=True)

    async def cut(self) -> None:
        """Let the line be lost, as on a train: sockets close, and nothing answers."""
        self.lost = True
        for lent in self.lent.values():
            for each in list(lent.sockets):
                each.close()

    async def close(self) -> None:
        for name in list(self.lent):
            await self.end(name)
        if self.spare:
            left = await self.spare
            left.client.stop_channels()
            await left.manager.shutdown_kernel(now=True)


class Told(RequestHandler):
    @property
    def service(self) -> Service:
        found: Service = self.settings["service"]
        return found

    def prepare(self) -> None:
        self.service.requests.append(f"{self.request.method} {self.request.path}")
        if self.service.lost:
            self.detach().close()

    def check_xsrf_cookie(self) -> None:
        if self.request.method == "POST" and self.request.headers.get("X-XSRFToken") != SEAL:
            raise HTTPError(403)


class Lesson(Told):
    def get(self, which: str) -> None:
        self.set_header("Content-Security-Policy", POLICY.format(host=self.request.host))
        self.set_cookie("_xsrf", SEAL)
        self.write(page(self.service.told if which != "plain" else {"shown": {}, "state": {}}, elder=which == "elder"))


class Kernels(Told):
    async def post(self) -> None:
        self.service.asked.append(json.loads(self.request.body))
        if self.service.answers:
            status, said = self.service.answers.pop(0)
            self.set_status(status)
            self.write(said)
            return
        self.set_status(201)
        self.write({"kernel": await self.service.lend(), "capability": "let/me=in"})


class Kernel(Told):
    def get(self, name: str) -> None:
        if name not in self.service.lent:
            raise HTTPError(404)
        self.write({"id": name})

    async def delete(self, name: str) -> None:
        self.service.given_back.append(name)
        if name in self.service.lent:
            await self.service.end(name)
        self.set_status(204)


class Channels(WebSocketHandler):
    """What jupyter_server does, without its buffering: what is said to a lost line is lost."""

    lent: Lent | None = None
    pump: "asyncio.Task[None] | None" = None

    async def get(self, *args: Any, **kwargs: Any) -> None:
        service: Service = self.settings["service"]
        if (
            service.lost
            or kwargs.get("name", args[0] if args else "") not in service.lent
            or self.get_query_argument("capability") != "let/me=in"
        ):
            raise HTTPError(404)
        await super().get(*args, **kwargs)

    def open(self, name: str) -> None:
        self.service: Service = self.settings["service"]
        self.lent = self.service.lent[name]
        self.lent.sockets.append(self)
        self.client = self.lent.manager.client()
        self.client.start_channels(hb=False, stdin=False)
        self.pump = asyncio.create_task(self.listen())

    async def listen(self) -> None:
        while True:
            said = await self.client.get_iopub_msg()
            said["channel"] = "iopub"
            if said.get("buffers"):
                await self.write_message(serialize_binary_message(said), binary=True)
            else:
                await self.write_message(json.dumps(said, default=str))

    def on_message(self, frame: str | bytes) -> None:
        said = json.loads(frame) | {"buffers": []} if isinstance(frame, str) else deserialize_binary_message(frame)
        assert said["header"]["msg_type"] in HEARD
        self.service.heard.append(said)
        channel = self.client.shell_channel
        header = said["header"] | {"date": None}
        message = self.client.session.msg(said["header"]["msg_type"], said["content"], header=header, metadata=said["metadata"])
        self.client.session.send(channel.socket, message, buffers=said["buffers"])

    def on_close(self) -> None:
        if self.pump:
            self.pump.cancel()
            self.client.stop_channels()
        if self.lent and self in self.lent.sockets:
            self.lent.sockets.remove(self)


class Running:
    """A service in its thread; `do` runs a coroutine there and waits for it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def do(self, act: Callable[..., Coroutine[Any, Any, Any]], *args: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(act(*args), self.loop).result(90)

    async def start(self) -> None:
        await self.service.prepare()
        routes: list[Any] = [
            (r"/api/kernels", Kernels),
            (r"/api/kernels/(\w+)", Kernel),
            (r"/api/kernels/(\w+)/channels", Channels),
            (r"/static/(.*)", StaticFileHandler, {"path": str(STATIC)}),
            (r"/(\w+)", Lesson),
        ]
        self.server = HTTPServer(Application(routes, service=self.service, compress_response=True))
        sockets = bind_sockets(0, "127.0.0.1")
        self.service.port = sockets[0].getsockname()[1]
        self.server.add_sockets(sockets)

    async def stop(self) -> None:
        if self.service.port:
            self.server.stop()
        await self.service.close()


@contextmanager
def running(folder: Path, pace: float = 0.0, strange: bool = False) -> Iterator[Running]:
    it = Running(Service(folder, pace, strange))
    it.thread.start()
    try:
        it.do(it.start)
        yield it
    finally:
        it.do(it.stop)
        it.loop.call_soon_threadsafe(it.loop.stop)
        it.thread.join(10)
