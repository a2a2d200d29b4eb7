"""No accident spreads, and no kernel is left that nobody knows of."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_client.connect import write_connection_file

from banyan.errors import TryLaterError
from banyan.lessons import snapshots as snapshots_module
from banyan.lessons.snapshots import Snapshots
from tests.house import ROOT
from tests.lessons.snapshots.talking import client_of, evaluate, in_a_loop, write

pytestmark = pytest.mark.timeout(240)


def test_a_kernel_is_the_services_child_and_goes_on_when_its_zygote_is_killed(
    kernels: Callable[[], Any], shared: Snapshots, notebook: Path
) -> None:
    async def talk() -> tuple[int, str, str]:
        manager = await kernels()
        client = client_of(manager)
        zygote = (await shared.of(notebook))._process
        assert zygote
        os.kill(zygote.pid, signal.SIGKILL)
        zygote.wait()
        still = evaluate(client, "slider.value")
        another = client_of(await kernels())
        again = evaluate(another, "slider.value")
        for each in (client, another):
            each.stop_channels()
        return psutil.Process(manager.provisioner.pid).ppid(), still, again

    assert in_a_loop(talk) == (os.getpid(), "3", "3")


def test_a_kernel_that_is_killed_is_noticed_and_leaves_no_trace(kernels: Callable[[], Any]) -> None:
    async def end() -> tuple[bool, int, int]:
        manager = await kernels()
        pid = manager.provisioner.pid
        os.kill(pid, signal.SIGKILL)
        while await manager.is_alive():
            await asyncio.sleep(0.02)
        return psutil.pid_exists(pid), manager.provisioner.process.returncode, pid

    exists, code, _pid = in_a_loop(end)
    assert (exists, code) == (False, -signal.SIGKILL)


SERVICE = """
import asyncio, json, sys
from pathlib import Path
from jupyter_client.connect import write_connection_file
from banyan.lessons.snapshots import Snapshots
async def serve():
    snapshots = Snapshots({"PATH": "/usr/bin:/bin", "PYTHONPATH": sys.argv[2]})
    snapshot = await snapshots.of(Path(sys.argv[1]))
    folder = Path(sys.argv[1]).parent
    told = write_connection_file(str(folder / "s.json"), transport="ipc", ip=str(folder / "s"), key=b"k")[1]
    pid = await snapshot.fork({name: each.decode() if isinstance(each, bytes) else each for name, each in told.items()})
    print(json.dumps([pid, snapshot._process.pid]), flush=True)
    await asyncio.sleep(600)
asyncio.run(serve())
"""


def test_nothing_outlives_a_service_that_is_killed(notebook: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVICE, notebook, ROOT], stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as service:
        assert service.stdout
        pids = json.loads(service.stdout.readline())
        assert all(map(psutil.pid_exists, pids))
        service.kill()
    until = time.monotonic() + 20
    while any(psutil.pid_exists(each) and psutil.Process(each).status() != psutil.STATUS_ZOMBIE for each in pids):
        assert time.monotonic() < until, "orphans"
        time.sleep(0.02)


def connection(folder: Path) -> dict[str, Any]:
    told = write_connection_file(str(folder / "s.json"), transport="ipc", ip=str(folder / "s"), key=b"k")[1]
    return {name: each.decode() if isinstance(each, bytes) else each for name, each in told.items()}


def begotten() -> set[int]:
    """Return the processes below this one, the dead that nobody has buried among them."""
    return {each.pid for each in psutil.Process().children(recursive=True)}


AT_A_FORK = """
import os, signal, time
zygote = os.getpid()
os.register_at_fork(after_in_parent=lambda: {deed})
"""


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param("os.getpid() == zygote and os.kill(zygote, signal.SIGKILL)", id="killed before it can tell of the kernel"),
        pytest.param("os.kill(os.getpid(), signal.SIGKILL)", id="killed with the process between"),
        pytest.param("os.getpid() == zygote and time.sleep(600)", id="never answers"),
        pytest.param("os.getpid() != zygote and time.sleep(600)", id="waits for the process between"),
    ],
)
def test_a_zygote_that_ends_in_the_middle_of_a_fork_leaves_no_kernel_behind(
    deed: str, folder: Path, shared: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots_module, "FORKING", 1)
    lesson = write(folder / "deadly.ipynb", AT_A_FORK.format(deed=deed))
    before = begotten()

    async def talk() -> set[int]:
        snapshot = await shared.of(lesson)
        with pytest.raises(TryLaterError):
            await snapshot.fork(connection(folder))
        return begotten() - before

    assert in_a_loop(talk) == set()


def test_kernels_that_are_lent_live_on_when_their_zygote_ends_in_the_middle_of_a_fork(
    notebook: Path, folder: Path, shared: Snapshots
) -> None:
    async def talk() -> bool:
        snapshot = await shared.of(notebook)
        lent = await snapshot.fork(connection(folder))
        zygote = snapshot._process
        assert zygote
        os.kill(zygote.pid, signal.SIGSTOP)
        forking = asyncio.create_task(snapshot.fork(connection(folder)))
        await asyncio.sleep(0)
        os.kill(zygote.pid, signal.SIGKILL)
        another = await forking
        lives = psutil.Process(lent).status() != psutil.STATUS_ZOMBIE
        for each in (lent, another):
            os.kill(each, signal.SIGKILL)
            os.waitpid(each, 0)
        return lives

    assert in_a_loop(talk)


def test_a_fork_nobody_waits_for_any_longer_leaves_no_kernel_and_the_next_gets_its_own(
    notebook: Path, folder: Path, shared: Snapshots
) -> None:
    before = begotten()

    async def talk() -> tuple[bool, set[int]]:
        snapshot = await shared.of(notebook)
        forking = asyncio.create_task(snapshot.fork(connection(folder)))
        await asyncio.sleep(0)
        forking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await forking
        left = begotten() - before
        mine = await snapshot.fork(connection(folder))
        told = psutil.Process(mine).ppid() == os.getpid()
        os.kill(mine, signal.SIGKILL)
        os.waitpid(mine, 0)
        return told, left

    assert in_a_loop(talk) == (True, set())


def test_a_lesson_let_go_of_while_it_forks_leaves_no_process(notebook: Path, folder: Path, shared: Snapshots) -> None:
    before = begotten()

    async def talk() -> set[int]:
        snapshot = await shared.of(notebook)
        forking = asyncio.create_task(snapshot.fork(connection(folder)))
        await asyncio.sleep(0)
        shared.keep(set())
        kernel = await forking
        shared.keep(set())
        os.kill(kernel, signal.SIGKILL)
        os.waitpid(kernel, 0)
        return begotten() - before

    assert in_a_loop(talk) == set()
