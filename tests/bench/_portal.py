"""A portal as it is served, but for the hub: a door of the tests says who asks, as the real one does from its cache."""

import json
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from banyan.portal.app import create_app, serve
from banyan.portal.forms import fresh_token
from banyan.portal.house import House
from banyan.records import migrate
from banyan.records.engine import Sessions, open_engine, sessions
from banyan.serve.ports import free_ports, listens
from banyan.tracker.jobs import GradingRoom, Queue
from banyan.tracker.rulebook import Rulebook
from tests import house
from tests.portal.conftest import PORTAL, TestDoor

FORK = multiprocessing.get_context("fork")
SECRET = b"a secret of this bench"


def open_room(folder: Path) -> GradingRoom:
    """Return what portal and grader work with: empty records, the shipped course, two workers."""
    make = sessions(open_engine(f"sqlite:///{folder}/records.sqlite"))
    migrate.upgrade(make.kw["bind"])
    return GradingRoom(make, house.rulebook(folder / "releases"), folder / "gradebooks", folder / "huey.sqlite")


@contextmanager
def portal(room: GradingRoom) -> Iterator[tuple[BaseProcess, int]]:
    """Serve the portal in a process of its own; gives the process and its port, and ends as by a power cut."""
    port = free_ports(1)[0]
    process = FORK.Process(target=_serve, args=(room.make, room.rulebook, room, port), daemon=True)
    process.start()
    try:
        while not listens(port):
            assert process.is_alive()
            time.sleep(0.1)
        yield process, port
    finally:
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()


def _serve(make: Sessions, rulebook: Rulebook, room: GradingRoom, port: int) -> None:
    make.kw["bind"].dispose(close=False)
    unused: dict[str, Any] = {"press": lambda: None, "workshop": None, "entry_key": b"", "origin": ""}
    unused |= dict.fromkeys(("uploads", "answer_files", "works", "labs", "prints"), room.gradebooks)
    wake = Queue(room.queue).wake
    built = House(make, rulebook, SECRET, "榕溪县", gradebooks=room.gradebooks, wake=wake, **unused)
    serve(create_app(built, TestDoor()), "127.0.0.1", port)


@dataclass
class Line:
    """Somebody's phone, signed in, at their exam."""

    who: str
    attempt: int
    port: int
    line: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.line = HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method: str, path: str, body: Any = None, accept: str = "application/json") -> bytes:
        """Send a request as the exam page does and return the body of the reply, which must be 200."""
        headers = {"x-csrf-token": fresh_token(SECRET, f"session of {self.who}"), "cookie": f"who={self.who}"}
        headers |= {"content-type": "application/json", "accept": accept}
        sent = None if body is None else json.dumps(body)
        self.line.request(method, f"{PORTAL}/exams/{self.attempt}{path}", sent, headers)
        reply = self.line.getresponse()
        said = reply.read()
        assert reply.status == 200, said
        return said
