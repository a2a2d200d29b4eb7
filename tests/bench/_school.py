"""The two houses a lesson is opened in, and what they cost: ours, with the real proxy and hub, and stock Voilà."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from banyan.accounts.passwords import hash_password
from banyan.courseware.catalogue import Catalogue
from banyan.records.engine import open_engine, sessions, writing
from banyan.records.people import Person
from banyan.serve.ports import answers, free_ports
from banyan.settings import HOUSE, Home
from tests.county import COURSE
from tests.lessons.conftest import PASSWORD

LESSON = "cluster"  # X-1's lesson with the SEIR model
PATH = f"/services/lessons/{COURSE}/{LESSON}"
MOST = 320  # kernels the bench's house may lend


def number(reader: int) -> str:
    """Return a reader's staff number."""
    return f"YX{reader:04d}"


@dataclass(frozen=True)
class Place:
    """A running house; `process` is the one whose tree is measured."""

    url: str
    process: psutil.Process

    def spent(self) -> float:
        """Return the CPU-seconds of the process, all that live below it and all that ended there."""
        found = 0.0
        for each in (self.process, *self.process.children(recursive=True)):
            try:
                ended = each.cpu_times()
                found += time.clock_gettime(clock_of(each.pid)) + ended.children_user + ended.children_system
            except (psutil.NoSuchProcess, OSError):
                continue
        return found


def clock_of(pid: int) -> int:
    """Return the clock of a process's CPU time, as clock_getcpuclockid(3) does.

    It counts nanoseconds and ended threads; /proc rounds the few hundredths of a second that a kernel takes down.
    """
    return (~pid << 3) | 2


def make_home(folder: Path, readers: int) -> Home:
    """Make a demo's home, with more readers than it has."""
    subprocess.run(
        [sys.executable, "-m", "banyan.cli", "demo", "prepare", "--home", folder / "home"], check=True, capture_output=True
    )
    home = Home.open(folder / "home")
    now, kept = datetime.now(UTC), hash_password(PASSWORD)
    engine = open_engine(home.records_url)
    with writing(sessions(engine)) as session:
        for each in range(readers):
            person = Person(staff_number=number(each), handle=f"h{each}", name="林秀英", password_hash=kept, created_at=now)
            person.must_change_password = False
            session.add(person)
    engine.dispose()
    return home


@contextmanager
def ours(home: Home) -> Iterator[Place]:
    port = free_ports(1)[0]
    command = [
        sys.executable,
        "-m",
        "tests.lessons.house",
        str(home.root),
        str(port),
        "portal",
    ]  # which serves scripts and styles
    with started(command, HOUSE, {"BANYAN_LESSON_KERNELS": str(MOST)}) as process:
        wait(process, port, "/hub/login")
        wait(process, port, "/services/portal/health")
        service = next(each for each in process.children(recursive=True) if each.cmdline()[1:] == ["-m", "banyan.lessons"])
        until = time.monotonic() + 60
        while not any("banyan.lessons.zygote" in each.cmdline() for each in service.children()):
            if time.monotonic() > until:
                raise TimeoutError("no lesson is ready")
            time.sleep(0.1)
        yield Place(f"http://127.0.0.1:{port}", service)


@contextmanager
def stock(home: Home, folder: Path) -> Iterator[Place]:
    """Serve the same built notebook with the `voila` command."""
    notebooks = Path(shutil.copytree(Catalogue(home.releases).newest(COURSE).notebook(LESSON).parent, folder / "notebooks"))
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "voila", f"{LESSON}.ipynb", "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    with started(command, notebooks, {}) as process:
        wait(process, port, "/voila/static/voila.js")
        yield Place(f"http://127.0.0.1:{port}", process)


@contextmanager
def started(command: list[str], cwd: Path, more: dict[str, str]) -> Iterator[psutil.Process]:
    environment = os.environ | {"PYTHONPATH": str(HOUSE), "PYTHONWARNINGS": "ignore"} | more
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=cwd, env=environment, **quiet) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()


def wait(process: psutil.Process, port: int, path: str) -> None:
    until = time.monotonic() + 120
    while not answers("127.0.0.1", port, path):
        if not process.is_running() or time.monotonic() > until:
            raise TimeoutError(f"{process.cmdline()} does not answer")
        time.sleep(0.2)
