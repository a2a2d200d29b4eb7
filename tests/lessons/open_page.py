"""A lesson opened by a reader without a window: its widgets' state, and a line to its kernel."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from tornado.websocket import WebSocketClientConnection

from tests.lessons.conftest import LESSONS, LittleHouse, Reader
from tests.lessons.test_kernels import Lent, connect, message, touch


class Page:
    """A lesson as its script has it: the state that came with it, and a line to a kernel."""

    def __init__(self, reader: Reader, house: LittleHouse, lesson: str) -> None:
        self.reader, self.house, self.lesson = reader, house, lesson
        self.text = reader.lesson(lesson).text
        embedded = re.search(r'id="widget-state">(.*?)</script>', self.text)
        assert embedded
        self.models = json.loads(embedded[1])["state"]

    def model(self, name: str) -> str:
        return next(model for model, each in self.models.items() if each["model_name"] == name)

    async def open(self) -> None:
        snapshot = re.search(r'data-snapshot="([^"]+)"', self.text)
        assert snapshot
        answer = touch(self.reader, self.lesson, snapshot=snapshot[1])
        assert answer.status_code == 201, answer.text
        self.lent: Lent = answer.json()
        await self.join()

    async def move(self, value: int) -> None:
        told = {"method": "update", "state": {"value": value}, "buffer_paths": []}
        await self.line.write_message(message("comm_msg", {"comm_id": self.model("IntSliderModel"), "data": told}))

    async def hear(self, wanted: Callable[[dict[str, Any]], bool], patience: float = 40) -> dict[str, Any] | None:
        """Return the first message of a kind; None when the line is closed."""
        async with asyncio.timeout(patience):
            while (frame := await self.line.read_message()) is not None:
                said = json.loads(frame)
                if wanted(said):
                    return dict(said)
        return None

    async def answered(self, value: int, says: str = "") -> bool:
        await self.move(value)
        label = self.model("LabelModel")
        said = await self.hear(
            lambda said: said["header"]["msg_type"] == "comm_msg" and said["content"]["comm_id"] == label, patience=15
        )
        return said is not None and said["content"]["data"]["state"]["value"] == (says or str(value))

    def come_back(self) -> bool:
        """Ask whether the kernel is still there, as before joining again; then there is another capability."""
        answer = self.reader.get(self.address, headers=self.reader.xsrf())
        if answer.status_code == 200:
            self.lent = answer.json()
        return bool(answer.status_code == 200)

    async def join(self) -> None:
        self.line: WebSocketClientConnection = await connect(self.reader, self.house, self.lent)
        await self.line.write_message(message("kernel_info_request", {}))
        await self.hear(lambda said: said["channel"] == "iopub")

    def leave(self) -> None:
        """Close, and give the kernel back."""
        self.line.close()
        assert self.reader.delete(self.address, headers=self.reader.xsrf()).status_code == 204

    @property
    def address(self) -> str:
        return f"{LESSONS}api/kernels/{self.lent['kernel']}"


def run(scene: Callable[[], Awaitable[None]]) -> None:
    async def act() -> None:
        await scene()

    asyncio.run(act())


def wait_for(claim: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)
