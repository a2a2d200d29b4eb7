"""What all of a person's programs take together: the largest program ends before the server, and too much ends all."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from banyan.labs import watch as watching
from banyan.labs.order import Order
from banyan.labs.watch import TOLD, family, watch
from banyan.serve.processes import carries, send
from grading.confinement.folders import remove
from tests.grading.confinement.nested import nested

MB = 1 << 20
SERVER = """
import subprocess, sys, time
children = [subprocess.Popen([sys.executable, "-c", each]) for each in sys.argv[1:]]
time.sleep(60)
"""
FIRST = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', *sys.argv[1:]]); time.sleep(60)"
LARGE, SMALL = "kept = bytearray(b'x') * (300 << 20); import time; time.sleep(60)", "import time; time.sleep(60)"


@pytest.fixture
def order(tmp_path: Path) -> Order:
    own = (str(tmp_path),)
    return Order((), own, "/", (), memory=250 * MB, disk=1 * MB, processes=20, scratch="/tmp/unused")


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    """What a test starts; it ends with the test, wherever in the family it stood: here no process ids of their own see to it."""
    running: list[subprocess.Popen[bytes]] = []
    mark = f"BANYAN_WATCHED={os.getpid()}"
    yield running
    for process in (int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal()):
        if carries(process, mark):
            send([process], signal.SIGKILL)
    for each in running:
        each.wait()


def start(started: list[subprocess.Popen[bytes]], *programs: str, memory: int = 0) -> int:
    """Start what an attendant has below it: one process, a first one below that, a server, and these programs."""
    marked = os.environ | {"BANYAN_WATCHED": str(os.getpid())}
    started.append(subprocess.Popen([sys.executable, "-c", FIRST, FIRST, SERVER, *programs], env=marked))
    root = started[-1].pid
    until = time.monotonic() + 30
    while len(list(family(root))) < 2 + len(programs) or sum(each.memory for each in family(root)) < memory:
        assert time.monotonic() < until
        time.sleep(0.1)
    return root


def keep(root: int, order: Order, until, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep watch until something holds."""
    monkeypatch.setattr(watching, "ROUND", 0.1)
    monkeypatch.setattr(watching, "ROUNDS_FOR_DISK", 3)

    async def both() -> None:
        task = asyncio.get_running_loop().create_task(watch(root, order))
        for _ in range(200):
            if until():
                break
            await asyncio.sleep(0.1)
        task.cancel()

    asyncio.run(both())
    assert until()


def test_the_largest_program_is_ended_and_the_server_goes_on(started, order: Order, monkeypatch: pytest.MonkeyPatch):
    root = start(started, SMALL, LARGE, memory=300 * MB)
    before = list(family(root))
    largest = max(before, key=lambda each: each.memory).process

    keep(root, order, lambda: largest not in {each.process for each in living(root)}, monkeypatch)

    assert {each.process for each in living(root)} == {each.process for each in before} - {largest}
    assert "内存太多（上限 250 MB）" in Path(order.writable[0], TOLD).read_text()


def test_too_many_processes_end_all(started, order: Order, monkeypatch: pytest.MonkeyPatch):
    root = start(started, *[SMALL] * 5)
    keep(root, replace(order, processes=4), lambda: started[0].poll() is not None, monkeypatch)
    assert "进程太多" in Path(order.writable[0], TOLD).read_text()


def test_too_much_disk_ends_all(started, order: Order, monkeypatch: pytest.MonkeyPatch):
    root = start(started, SMALL)
    Path(order.writable[0], "large").write_bytes(os.urandom(2 * MB))
    keep(root, order, lambda: started[0].poll() is not None, monkeypatch)
    assert "文件夹太大" in Path(order.writable[0], TOLD).read_text()


def keep_in_any_case(started, order: Order, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have it end all, and return the word left behind."""
    keep(start(started, SMALL), order, lambda: started[0].poll() is not None, monkeypatch)
    return Path(order.writable[0], TOLD).read_text()


def test_folders_count_like_files_and_names_alone_do(started, order: Order, monkeypatch: pytest.MonkeyPatch):
    for number in range(150):
        Path(order.writable[0], f"folder {number}").mkdir()
        Path(order.writable[0], f"empty {number}").touch()
    assert "文件夹太大" in keep_in_any_case(started, order, monkeypatch)


@pytest.mark.parametrize("name", ["d", "d" * 250], ids=["deeper than Python recurses", "longer than a path"])
def test_folders_within_folders_end_all(started, order: Order, monkeypatch: pytest.MonkeyPatch, name: str):
    nested(Path(order.writable[0]), name)
    assert "套得太深（上限 60 层）" in keep_in_any_case(started, replace(order, disk=99 * MB), monkeypatch)
    remove(Path(order.writable[0], name))


def test_a_look_that_fails_is_told_once_and_the_watch_goes_on(
    started, order: Order, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    looks, look = [], watching._too_much

    def failing(order: Order) -> str:
        looks.append(order)
        if len(looks) < 3:
            raise RecursionError("too deep")
        return look(order)

    monkeypatch.setattr(watching, "_too_much", failing)
    Path(order.writable[0], "large").write_bytes(os.urandom(2 * MB))
    assert "文件夹太大" in keep_in_any_case(started, order, monkeypatch)
    assert capsys.readouterr().err.count("RecursionError: too deep") == 1


def test_a_word_is_not_written_through_a_link(order: Order, tmp_path_factory: pytest.TempPathFactory):
    records = tmp_path_factory.mktemp("house") / "records.sqlite"
    records.write_text("everything")
    Path(order.writable[0], TOLD).symlink_to(records)
    watching._tell(order, "memory", 1)
    assert records.read_text() == "everything"


def living(root: int) -> list[watching.Taken]:
    return [each for each in family(root) if "Z" not in Path(f"/proc/{each.process}/stat").read_text().rpartition(")")[2][:3]]
