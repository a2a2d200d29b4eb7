"""Opening a lesson without a browser, at the least cost to the machine: the page, the first touch of its simulation, the answer.

Both houses speak Jupyter's protocol; the client is the same for both, and what it costs itself is not counted.
"""

import asyncio
import json
import re
import time
import uuid
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

import httpx
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.bench._school import COURSE, LESSON, PATH, Place, number
from tests.lessons.conftest import PASSWORD

API = "/services/lessons/api/"
PATIENCE = 120


@dataclass(frozen=True)
class Simulation:
    """The lesson's panel: its model, the name of its slider's state, where the slider may go."""

    model: str
    slider: str
    lowest: int
    highest: int

    @classmethod
    def of(cls, page: str) -> "Simulation":
        state = json.loads(re.search(r'id="widget-state">(.*?)</script>', page, re.DOTALL)[1])["state"]  # type: ignore[index]
        model, panel = next((model, each["state"]) for model, each in state.items() if each["state"].get("controls"))
        control = panel["controls"][0]
        return cls(model, control["name"], control["lowest"], control["highest"])


@dataclass
class Line:
    """A websocket to a kernel, and which simulation one moves over it."""

    socket: WebSocketClientConnection
    simulation: Simulation
    at: int = 0

    async def move(self) -> float:
        """Move the slider by one and return how long the answer took, in seconds."""
        simulation = self.simulation
        self.at = self.at + 1 if simulation.lowest <= self.at < simulation.highest else simulation.lowest
        data = {"method": "update", "state": {simulation.slider: self.at}, "buffer_paths": []}
        began = time.perf_counter()
        await self.say("comm_msg", {"comm_id": simulation.model, "data": data})
        await self.hear(lambda said: self.answers(said))
        return time.perf_counter() - began

    def answers(self, said: dict[str, Any]) -> bool:
        content = said["content"]
        if said["header"]["msg_type"] != "comm_msg" or content["comm_id"] != self.simulation.model:
            return False
        view = content["data"].get("state", {}).get("view")
        return bool(view) and view["values"][self.simulation.slider] == self.at

    async def say(self, kind: str, content: dict[str, Any]) -> None:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "s", "username": "", "version": "5.3"}
        said = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content, "buffers": []}
        await self.socket.write_message(json.dumps(said))

    async def hear(self, wanted: Any) -> None:
        async with asyncio.timeout(PATIENCE):
            while (frame := await self.socket.read_message()) is not None:
                if wanted(json.loads(frame)):
                    return
        raise ConnectionError("the line was closed")


@dataclass
class Reader:
    """Somebody signed in at our house."""

    place: Place
    client: httpx.AsyncClient
    kernels: list[str] = field(default_factory=list)

    @classmethod
    async def signed_in(cls, place: Place, who: int) -> "Reader":
        client = httpx.AsyncClient(base_url=place.url, timeout=PATIENCE, follow_redirects=True)
        form = await client.get(PATH, headers={"Sec-Fetch-Mode": "navigate"})
        found = dict(re.findall(r'(action|name="_xsrf" value)="([^"]*)"', form.text))
        fields = {"_xsrf": found['name="_xsrf" value'], "username": number(who), "password": PASSWORD}
        page = await client.post(form.url.join(unescape(found["action"])), data=fields, headers={"Sec-Fetch-Mode": "navigate"})
        page.raise_for_status()
        return cls(place, client)

    @property
    def seal(self) -> dict[str, str]:
        token = next(
            each.value for each in self.client.cookies.jar if each.name == "_xsrf" and each.path.startswith("/services/lessons")
        )
        return {"X-XSRFToken": str(token), "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}

    async def page(self) -> str:
        return (await self.client.get(PATH)).raise_for_status().text

    async def open(self) -> Line:
        """Open the lesson and have its simulation answer once."""
        page = await self.page()
        asked = {"course": COURSE, "lesson": LESSON, "snapshot": re.search(r'data-snapshot="([^"]+)"', page)[1]}  # type: ignore[index]
        lent = (await self.client.post(f"{API}kernels", json=asked, headers=self.seal)).raise_for_status().json()
        self.kernels.append(lent["kernel"])
        path = f"{API}kernels/{lent['kernel']}/channels?session_id={uuid.uuid4().hex}&capability={lent['capability']}"
        line = Line(await self.connect(path), Simulation.of(page))
        await line.hear(lambda said: said["channel"] == "iopub")  # its greeting
        await line.move()
        return line

    async def connect(self, path: str) -> WebSocketClientConnection:
        request = self.client.build_request("GET", self.place.url + path)
        headers = {"Cookie": request.headers["cookie"], "Origin": self.place.url}
        return await websocket_connect(HTTPRequest(self.place.url.replace("http", "ws", 1) + path, headers=headers))

    async def practise(self) -> None:
        """Read the page and answer its first practice question."""
        table = json.loads(re.search(r'id="practice-table">(.*?)</script>', await self.page(), re.DOTALL)[1])  # type: ignore[index]
        question, answers = next((name, each) for name, each in table.items() if each)
        said = {"course": COURSE, "lesson": LESSON, "question": question, "value": json.loads(next(iter(answers)))}
        (await self.client.post(f"{API}practice", json=said, headers=self.seal)).raise_for_status()

    async def give_back(self) -> None:
        for kernel in self.kernels:
            await self.client.delete(f"{API}kernels/{kernel}", headers=self.seal)
        self.kernels.clear()


async def sign_in(place: Place, count: int) -> list[Reader]:
    """Sign people in, a few at a time."""
    few = asyncio.Semaphore(8)

    async def one(who: int) -> Reader:
        async with few:
            return await Reader.signed_in(place, who)

    return list(await asyncio.gather(*(one(who) for who in range(count))))


@dataclass(frozen=True)
class StockPage:
    """A page of stock Voilà: its kernel, and the models it shows in their order."""

    kernel: str
    models: list[str]

    @classmethod
    async def got(cls, place: Place, client: httpx.AsyncClient) -> "StockPage":
        page = (await client.get(place.url + "/")).raise_for_status().text
        kernel = re.search(r'"kernelId": ?"([^"]+)"', page)[1]  # type: ignore[index]
        return cls(kernel, re.findall(r'"model_id": ?"([0-9a-f]{32})"', page))

    async def line(self, place: Place, simulation: Simulation) -> Line:
        path = f"/api/kernels/{self.kernel}/channels?session_id={uuid.uuid4().hex}"
        request = HTTPRequest(place.url.replace("http", "ws", 1) + path, headers={"Origin": place.url})
        return Line(await websocket_connect(request), simulation)


async def which_panel(place: Place, like: Simulation) -> int:
    """Return which of a stock page's models is the simulation; they are new in every page, their order is not."""
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        page = await StockPage.got(place, client)
        line = await page.line(place, like)
        for each in page.models:
            await line.say("comm_msg", {"comm_id": each, "data": {"method": "request_state"}})
        found: list[str] = []

        def told(said: dict[str, Any]) -> bool:
            state = said["content"].get("data", {}).get("state", {}) if said["header"]["msg_type"] == "comm_msg" else {}
            found.extend([said["content"]["comm_id"]] if state.get("controls") else [])
            return bool(found)

        await line.hear(told)
        line.socket.close()
        await client.post(f"{place.url}/voila/api/shutdown/{page.kernel}")
    return page.models.index(found[0])


async def open_stock(place: Place, client: httpx.AsyncClient, like: Simulation, which: int) -> tuple[str, Line]:
    """Open the lesson in stock Voilà; return its kernel too."""
    page = await StockPage.got(place, client)
    line = await page.line(place, replace(like, model=page.models[which]))
    await line.move()
    return page.kernel, line


async def class_of_ours(place: Place, readers: list[Reader]) -> dict[str, float]:
    """Let all readers open the lesson at once; return CPU-seconds an open and seconds until the last is answered."""
    before, began = place.spent(), time.perf_counter()
    lines = await asyncio.gather(*(each.open() for each in readers))
    wall, cpu = time.perf_counter() - began, place.spent() - before
    for each in lines:
        each.socket.close()
    await asyncio.gather(*(each.give_back() for each in readers))
    return {"cpu_s": cpu / len(readers), "wall_s": wall}


async def class_of_stock(place: Place, count: int, like: Simulation, which: int) -> dict[str, float]:
    async with httpx.AsyncClient(timeout=PATIENCE, limits=httpx.Limits(max_connections=count)) as client:
        before, began = place.spent(), time.perf_counter()
        opened = await asyncio.gather(*(open_stock(place, client, like, which) for _ in range(count)))
        wall, cpu = time.perf_counter() - began, place.spent() - before
        for kernel, line in opened:
            line.socket.close()
            await client.post(f"{place.url}/voila/api/shutdown/{kernel}")
    await asyncio.sleep(2)  # until its kernels have gone
    return {"cpu_s": cpu / count, "wall_s": wall}
