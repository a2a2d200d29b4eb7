"""A house with hub and proxy whose people have JupyterLab, and what a browser does with it."""

import json
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
from sqlalchemy import select
from websocket import create_connection

from banyan.domain.permission import Duty
from banyan.records.engine import open_engine, sessions, writing
from banyan.records.labs import LabGrant, Purpose
from banyan.records.organisation import Unit
from banyan.records.people import ChargeRow, Person
from banyan.serve.ports import free_ports
from banyan.serve.processes import descendants
from banyan.settings import Home
from tests.hub.conftest import PASSWORD, Browser, people

TRAINER, LEARNER, NEIGHBOUR, NOBODY = "YX0001", "YX0002", "YX0003", "YX0004"
GRANTS = {TRAINER: Purpose.GRADING, LEARNER: Purpose.TASKS, NEIGHBOUR: Purpose.TASKS}


@dataclass
class LabHouse:
    """`process` is the one a person would end."""

    home: Home
    port: int
    process: subprocess.Popen[str]
    browsers: list[Browser] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def below(self, *words: str) -> list[int]:
        """Return the processes of this house whose command has these words."""
        return [each for each in descendants(self.process.pid) if all(word in command(each) for word in words)]

    def room(self, number: str) -> Path:
        return self.home.labs / f"h-{number}"

    def signed_in(self, number: str) -> Browser:
        self.browsers.append(Browser(base_url=self.url, headers={"Sec-Fetch-Mode": "navigate"}, timeout=60))
        assert self.browsers[-1].sign_in(number).status_code == 302
        return self.browsers[-1]

    def grant(self, number: str, purpose: Purpose | None) -> None:
        """Turn JupyterLab on for somebody, or off."""
        now = datetime.now(UTC)
        engine = open_engine(self.home.records_url)
        with writing(sessions(engine)) as session:
            person = session.scalars(select(Person).where(Person.staff_number == number)).one()
            for row in session.scalars(select(LabGrant).where(LabGrant.person_id == person.id)):
                row.taken_back_at = now
            if purpose:
                session.add(LabGrant(person_id=person.id, purpose=purpose, reason="试", given_by=person.id, given_at=now))
        engine.dispose()


def command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


@contextmanager
def open_house(folder: Path) -> Iterator[LabHouse]:
    home = Home.create(folder / "home", demo=True)
    people(home)
    engine = open_engine(home.records_url)
    with writing(sessions(engine)) as session:
        unit = Unit(code="350923", name="榕溪县", level=3, path="/350923/")
        session.add(unit)
        trainer = session.scalars(select(Person).where(Person.staff_number == TRAINER)).one()
        charge = ChargeRow(person_id=trainer.id, duty=Duty.TRAINER, course="x-9-sample", starts_on=date(2026, 1, 1))
        session.flush()
        charge.unit_id = unit.id
        session.add(charge)
    engine.dispose()
    port = free_ports(1)[0]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.hub.hub_alone", str(home.root), str(port)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert any("已就绪" in line for line in process.stdout)
        house = LabHouse(home, port, process)
        for number, purpose in GRANTS.items():
            house.grant(number, purpose)
        try:
            yield house
        finally:
            for each in house.browsers:
                each.close()
            process.terminate()
            process.communicate(timeout=20)


def open_lab(browser: Browser, number: str, page: str = "lab", seconds: float = 60) -> httpx.Response:
    """Ask for one's server as the portal's button does, wait as the page does, and return what it leads to."""
    answer = browser.get("/hub/spawn", params={"next": f"/user/{number}/{page}"}, follow_redirects=True)
    until = time.monotonic() + seconds
    while 'http-equiv="refresh"' in answer.text and time.monotonic() < until:
        time.sleep(0.3)
        answer = browser.get(answer.url, follow_redirects=True)
    return answer


@dataclass(frozen=True)
class Kernel:
    """A kernel of somebody's server, spoken to as JupyterLab does."""

    browser: Browser
    number: str
    id: str

    @classmethod
    def start(cls, browser: Browser, number: str) -> "Kernel":
        seal = {"X-XSRFToken": xsrf(browser, number)}
        answer = browser.post(f"/user/{number}/api/kernels", json={"path": "task.ipynb"}, headers=seal)
        assert answer.status_code == 201, answer.text
        return cls(browser, number, answer.json()["id"])

    def run(self, code: str, seconds: float = 40) -> str:
        """Return what code prints, or the name and words of the error it ends with."""
        address = f"ws://127.0.0.1:{self.browser.base_url.port}/user/{self.number}/api/kernels/{self.id}/channels"
        kept = "; ".join(f"{each.name}={each.value}" for each in self.browser.cookies.jar)
        with closing(create_connection(address, cookie=kept, timeout=seconds)) as line:
            asked = uuid.uuid4().hex
            header = {"msg_id": asked, "msg_type": "execute_request", "version": "5.3", "session": asked, "username": ""}
            content = {"code": code, "silent": False, "store_history": False, "stop_on_error": True}
            whole = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
            line.send(json.dumps(whole))
            return said(line, asked)


def said(line, asked: str) -> str:
    """Return what a kernel says until it has answered and is idle again; the two come on lines of their own."""
    told, awaited = "", {"execute_reply", "idle"}
    while awaited:
        heard = json.loads(line.recv())
        if heard["parent_header"].get("msg_id") != asked:
            continue
        kind, content = heard["msg_type"], heard["content"]
        if kind == "stream":
            told += content["text"]
        elif kind == "error":
            told += f"{content['ename']}: {content['evalue']}"
        awaited -= {kind, content.get("execution_state", "")}
    return re.sub(r"\x1b\[[0-9;]*m", "", told).strip()


def xsrf(browser: Browser, number: str) -> str:
    return next(each.value or "" for each in browser.cookies.jar if each.name == "_xsrf" and each.path == f"/user/{number}/")


__all__ = ["GRANTS", "LEARNER", "NEIGHBOUR", "NOBODY", "PASSWORD", "TRAINER", "Kernel", "LabHouse", "open_house", "open_lab"]
