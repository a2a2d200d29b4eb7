"""Between a page's websocket and its kernel: what widgets say goes through, as it is; nothing else does.

Text frames are messages as JSON, binary ones carry buffers too, as Jupyter's own server has them. A page that does not
read is not written to: then the kernel's socket fills up, not the service's memory.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from struct import error as struct_error
from typing import Any, Protocol

import zmq
from jupyter_client import AsyncKernelManager
from jupyter_client.session import DELIM, Session
from jupyter_server.services.kernels.connection.base import deserialize_binary_message, serialize_binary_message
from tornado.websocket import WebSocketClosedError

HEARD = {"comm_open", "comm_close", "comm_msg", "comm_info_request", "kernel_info_request"}
KEPT_BACK = 200  # messages of a kernel whose page does not read
LOUDEST, WHILE = 8_000_000, 10.0  # bytes a kernel may say in so many seconds
BUSIEST = 400  # messages a page may say in as long
SAID_NOTHING = b'{"ename":"","evalue":"","traceback":[]}'  # what a reader's page is told of an author's fault
FIELDS = (b'"header":', b'"parent_header":', b'"metadata":', b'"content":')


class Page(Protocol):
    """The websocket's other end."""

    def write_message(self, message: str | bytes, binary: bool = False) -> Any: ...


class Meter:
    """Counts what comes within a while; `add` says whether it is still bearable."""

    def __init__(self, most: int) -> None:
        self.most, self.sum, self.since = most, 0, 0.0

    def add(self, amount: int, now: float) -> bool:
        if now - self.since > WHILE:
            self.sum, self.since = 0, now
        self.sum += amount
        return self.sum <= self.most


class KernelLine:
    """One page's line to one kernel; `turn` turns what a message says into the reader's script.

    `loud` is called when the kernel says too much, `answered` when it has done what it was told last,
    `failed` with a fault of the lesson's code, of which the page learns no more than that there was one.
    """

    def __init__(self, kernel: AsyncKernelManager, page: Page, turn: Callable[[str], str] | None) -> None:
        self.page, self.turn = page, turn
        self.session: Session = kernel.session
        self.shell: Any = kernel.connect_shell()  # asyncio sockets, as the kernel's context makes them
        self.iopub: Any = kernel.connect_iopub()
        self.iopub.setsockopt(zmq.RCVHWM, KEPT_BACK)
        self.awaited = ""
        self.loud: Callable[[], None] = lambda: None
        self.answered: Callable[[], None] = lambda: None
        self.failed: Callable[[str], None] = lambda _trace: None
        self._meter, self._asked = Meter(LOUDEST), Meter(BUSIEST)
        pumps = (self._pump(self.iopub, "iopub"), self._pump(self.shell, "shell"))
        self._tasks = [asyncio.create_task(each) for each in pumps]

    def close(self) -> None:
        for each in self._tasks:
            each.cancel()
        for socket in (self.shell, self.iopub):
            socket.close(linger=0)

    # ---- from the page

    def tell(self, frame: str | bytes) -> bool:
        """Pass on what a page said, if a widget may say it; answer False when it says too much."""
        if not self._asked.add(1, asyncio.get_running_loop().time()):
            return False
        said = _read(frame)
        if said is None:
            return True
        kind = said["header"]["msg_type"]
        message = self.session.msg(kind, said["content"], header=said["header"] | {"date": None}, metadata=said["metadata"])
        if kind == "comm_msg":
            self.awaited = str(message["header"]["msg_id"])
        with suppress(zmq.Again):  # a kernel that takes nothing any more; its lease ends when the answer does not come
            self.session.send(zmq.Socket.shadow(self.shell.underlying), message, buffers=said["buffers"])
        return True

    # ---- from the kernel

    async def _pump(self, socket: Any, channel: str) -> None:
        with suppress(WebSocketClosedError, zmq.ZMQError):
            while True:
                frames = await socket.recv_multipart()
                if not self._meter.add(sum(map(len, frames)), asyncio.get_running_loop().time()):
                    self.loud()
                    return
                await self._pass(frames, channel)

    async def _pass(self, frames: list[bytes], channel: str) -> None:
        start = frames.index(DELIM) + 2  # after the signature, which says nothing to a page
        parts, buffers = frames[start : start + len(FIELDS)], frames[start + len(FIELDS) :]
        if channel == "iopub" and self.awaited and b'"idle"' in parts[3] and self.awaited.encode() in parts[1]:
            self.awaited = ""
            self.answered()
        if (trace := _complaint(parts)) is not None:
            if not trace:
                return
            self.failed(trace)
            parts[0] = json.dumps(json.loads(parts[0]) | {"msg_type": "error"}).encode()
            parts[3] = SAID_NOTHING
        text = self._text(parts, channel)
        if buffers:
            await self.page.write_message(serialize_binary_message(json.loads(text) | {"buffers": buffers}), binary=True)
        else:
            await self.page.write_message(text)

    def _text(self, parts: list[bytes], channel: str) -> str:
        *others, content = (part.decode("utf-8", "replace") for part in parts)
        if self.turn:
            content = self.turn(content)
        fields = ",".join(f"{name.decode()}{part}" for name, part in zip(FIELDS, (*others, content), strict=True))
        return f'{{"channel":"{channel}",{fields}}}'


def _complaint(parts: list[bytes]) -> str | None:
    """Return the traceback of an error, in whatever way it was shown; "" for a warning, nothing for all that a page may read."""
    kind = json.loads(parts[0])["msg_type"] if b'"error"' in parts[0] or b'"stream"' in parts[0] else ""
    content = json.loads(parts[3]) if kind else {}
    if kind == "error":
        return "\n".join(map(str, content["traceback"]))
    if content.get("name") == "stderr":
        return str(content["text"]) if "Traceback" in content["text"] else ""
    return None


def _read(frame: str | bytes) -> dict[str, Any] | None:
    """Return a message that a widget may send, or nothing."""
    try:
        said = json.loads(frame) | {"buffers": []} if isinstance(frame, str) else deserialize_binary_message(frame)
    except (ValueError, TypeError, KeyError, RecursionError, IndexError, OverflowError, struct_error):
        return None
    shape = {"header": dict, "content": dict, "metadata": dict, "channel": str}
    if not all(isinstance(said.get(name), kind) for name, kind in shape.items()) or said["channel"] != "shell":
        return None
    header = said["header"]
    if header.get("msg_type") not in HEARD or not all(isinstance(header.get(name), str) for name in ("msg_id", "session")):
        return None
    return dict(said)
