"""The parent and its supervisor, with real processes: who is restarted, who is ended, what is left behind."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from banyan.serve.processes import carries, turn_over
from banyan.serve.services import Service
from banyan.serve.supervisor import Supervisor
from banyan.settings import Settings

MARK = "BANYAN_TEST_HOUSE"


class House:
    """A little house in its own process, and everything that carries its mark."""

    def __init__(self, folder: Path, *services: str) -> None:
        self.folder = folder
        self.mark = f"{MARK}={uuid.uuid4()}"
        name, value = self.mark.split("=")
        command = [sys.executable, "-m", "tests.serve.little_house", str(folder), *services]
        self.keeper = subprocess.Popen(command, env=dict(os.environ) | {name: value}, stdout=subprocess.PIPE, text=True)
        for service in services:
            self.pid(service)

    def pid(self, name: str, other_than: int = 0) -> int:
        """Return the process a service noted, once it is not the one before."""
        note = self.folder / f"{name}.pid"
        for _ in until(10):
            text = note.read_text() if note.exists() else ""
            if text and int(text) != other_than:
                return int(text)
        raise AssertionError(f"{name} did not start")

    def living(self) -> list[int]:
        every = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
        return [each for each in every if carries(each, self.mark) and is_running(each)]

    @property
    def supervisor(self) -> int:
        return int(stat_of(self.pid("plain"))[1])


def until(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.02)


def stat_of(process: int) -> list[str]:
    """Return what Linux says of a process after its name: its state, its parent, …"""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def is_running(process: int) -> bool:
    try:
        return stat_of(process)[0] not in "ZX"
    except OSError:
        return False


def left_after(house: House, seconds: float) -> list[int]:
    for _ in until(seconds):
        if not house.living():
            return []
    return house.living()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., House]]:
    houses: list[House] = []

    def begin(*services: str) -> House:
        houses.append(House(tmp_path, *services))
        return houses[-1]

    yield begin
    for house in houses:
        for process in house.living():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        house.keeper.communicate()


def test_a_killed_service_is_started_again(start):
    house = start("plain")
    first = house.pid("plain")
    os.kill(first, signal.SIGKILL)
    assert house.pid("plain", other_than=first) != first
    assert not is_running(first)


def test_a_log_that_grew_long_is_set_aside_while_its_service_writes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("banyan.serve.processes.LOG_LIMIT", 100)
    log = tmp_path / "hub.log"
    with log.open("a") as writer:
        print("short", file=writer, flush=True)
        turn_over(log)
        assert log.read_text() == "short\n"
        print("x" * 200, file=writer, flush=True)
        turn_over(log)
        print("after", file=writer, flush=True)
    assert log.read_text() == "after\n"
    assert (tmp_path / "hub.old.log").read_text() == "short\n" + "x" * 200 + "\n"


def test_the_supervisor_looks_at_every_log_once_a_minute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("banyan.serve.processes.LOG_LIMIT", 100)
    log = tmp_path / "plain.log"
    log.write_text("x" * 200)
    watch = Supervisor([Service("plain", "", (), {})], tmp_path, Settings(demo=True, county=""))
    watch._turn_over_logs()
    assert log.read_text() == ""
    log.write_text("y" * 200)
    watch._turn_over_logs()
    assert log.read_text() == "y" * 200
    watch.logs_due = 0
    watch._turn_over_logs()
    assert log.read_text() == ""


def test_what_a_killed_service_left_behind_is_ended_and_others_are_not(start):
    house = start("plain", "prolific")
    plain, kernel, prolific = house.pid("plain"), house.pid("kernel"), house.pid("prolific")
    os.kill(prolific, signal.SIGKILL)
    house.pid("prolific", other_than=prolific)
    assert not is_running(kernel)
    assert is_running(plain)


def test_even_a_deaf_service_is_ended_in_ten_seconds(start):
    house = start("plain", "prolific", "deaf")
    began = time.monotonic()
    house.keeper.terminate()
    assert house.keeper.wait(10) == 0
    assert time.monotonic() - began < 10
    assert house.living() == []


@pytest.mark.parametrize("what", [signal.SIGTERM, signal.SIGINT])
def test_ending_takes_no_longer_than_the_services_need(start, what):
    house = start("plain", "prolific")
    began = time.monotonic()
    house.keeper.send_signal(what)
    assert house.keeper.wait(10) == 0
    assert time.monotonic() - began < 3
    assert house.living() == []


def test_nothing_outlives_a_kill_of_the_parent(start):
    house = start("plain", "prolific")
    house.keeper.kill()
    assert left_after(house, 10) == []


def test_nothing_outlives_a_kill_of_the_supervisor(start):
    house = start("plain", "prolific")
    os.kill(house.supervisor, signal.SIGKILL)
    assert left_after(house, 10) == []
    assert house.keeper.wait(10) == 1
