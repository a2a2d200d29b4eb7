"""What a lesson's code may do wrong in one reader's kernel costs that reader a kernel, and nobody else anything."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tornado.websocket import WebSocketClientConnection

from tests.lessons.conftest import LESSONS, TRIAL, LittleHouse, Reader
from tests.lessons.test_kernels import Lent, connect, figures, message, touch

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def reader(new_reader: Callable[[], Reader]) -> Callable[[str], Reader]:
    def signed_in(number: str) -> Reader:
        reader = new_reader()
        reader.sign_in(number)
        return reader

    return signed_in


class Page:
    """A lesson as its script has it: the state that came with it, and a line to a kernel."""

    def __init__(self, reader: Reader, house: LittleHouse, lesson: str) -> None:
        self.reader, self.house, self.lesson = reader, house, lesson
        embedded = re.search(r'id="widget-state">(.*?)</script>', reader.lesson(lesson).text)
        assert embedded
        self.models = json.loads(embedded[1])["state"]

    def model(self, name: str) -> str:
        return next(model for model, each in self.models.items() if each["model_name"] == name)

    async def open(self) -> None:
        answer = touch(self.reader, self.lesson)
        assert answer.status_code == 201, answer.text
        self.lent: Lent = answer.json()
        self.line: WebSocketClientConnection = await connect(self.reader, self.house, self.lent)
        await self.line.write_message(message("kernel_info_request", {}))
        await self.hear(lambda said: said["channel"] == "iopub")

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

    async def answered(self, value: int) -> bool:
        await self.move(value)
        label = self.model("LabelModel")
        said = await self.hear(
            lambda said: said["header"]["msg_type"] == "comm_msg" and said["content"]["comm_id"] == label, patience=15
        )
        return said is not None and said["content"]["data"]["state"]["value"] == str(value)


def run(scene: Callable[[], Awaitable[None]]) -> None:
    async def act() -> None:
        await scene()

    asyncio.run(act())


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        pytest.param(1, "slow", id="loops for ever"),
        pytest.param(2, "loud", id="prints 1 GB"),
        pytest.param(4, "died", id="ends itself"),
    ],
)
def test_a_callback_that_runs_wild_ends_its_own_kernel_alone(
    deed: int, why: str, little: LittleHouse, reader: Callable[[str], Reader]
) -> None:
    async def scene() -> None:
        bad, good = Page(reader("YX0005"), little, "hostile"), Page(reader("YX0006"), little, "hostile")
        await bad.open()
        await good.open()
        before = figures(little).get(f'banyan_lessons_ended_total{{why="{why}"}}', 0)
        await bad.move(deed)
        assert await good.answered(7)
        assert await bad.hear(lambda _said: False) is None
        assert figures(little)[f'banyan_lessons_ended_total{{why="{why}"}}'] == before + 1
        path = f"{LESSONS}api/kernels/{bad.lent['kernel']}"
        assert bad.reader.get(path, headers=bad.reader.xsrf()).status_code == 404
        assert await good.answered(8)
        good.line.close()

    run(scene)


@pytest.mark.parametrize(
    ("deed", "name"), [pytest.param(3, "MemoryError", id="eats memory"), pytest.param(5, "PermissionError", id="forks for ever")]
)
def test_a_callback_that_takes_too_much_is_refused_it_and_the_kernel_goes_on(
    deed: int, name: str, little: LittleHouse, reader: Callable[[str], Reader]
) -> None:
    async def scene() -> None:
        page = Page(reader("YX0002"), little, "hostile")
        await page.open()
        await page.move(deed)
        said = await page.hear(lambda said: said["header"]["msg_type"] == "error")
        assert said is not None
        assert said["content"] == {"ename": "", "evalue": "", "traceback": []}, "an author's fault is no business of a reader"
        assert name in little.log
        assert await page.answered(8)
        page.line.close()

    run(scene)


def test_a_fault_while_widgets_are_answered_is_recorded_by_the_authors_line(
    little: LittleHouse, reader: Callable[[str], Reader]
) -> None:
    async def scene() -> None:
        page = Page(reader("YX0002"), little, "trial")
        await page.open()
        await page.move(28)
        assert await page.hear(lambda said: said["header"]["msg_type"] == "error")
        page.line.close()

    run(scene)
    line = next(number for number, text in enumerate(TRIAL.split("\n"), 1) if "1 / (28 - " in text)
    told = f"x-1/lessons/trial.md:{line}: ZeroDivisionError"
    until = time.monotonic() + 5
    while told not in little.log and time.monotonic() < until:
        time.sleep(0.05)
    assert told in little.log
