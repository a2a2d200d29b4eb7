"""Kernels forked from a lesson that was run once: the stock Jupyter client cannot tell, and no accident spreads."""

import ast
import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import nbformat
import psutil
import pytest
from jupyter_client import AsyncKernelManager, BlockingKernelClient, KernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from traitlets import Unicode

from banyan.errors import TryLaterError
from banyan.lessons.provisioner import NAME, SnapshotProvisioner
from banyan.lessons.snapshots import Outcome, Snapshot, Snapshots
from banyan.lessons.surroundings import empty_home
from banyan.lessons.surroundings import environment as surroundings
from tests.house import ROOT

pytestmark = pytest.mark.timeout(240)
T = TypeVar("T")
CELLS = """
import random, os
import ipywidgets as w
drawn = random.random()
print("ready", "榕")
---
slider = w.IntSlider(value=3, description="天")
said = w.Label("0")
slider.observe(lambda change: setattr(said, "value", f"{change['new']} {random.random()}"), "value")
w.VBox([slider, said])
---
1 / 0
---
print("after")
"""


def environment() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"PYTHONPATH": str(ROOT)}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a socket's may have 107 letters."""
    path = Path(tempfile.mkdtemp(prefix="bs-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def notebook(folder: Path) -> Path:
    return write(folder / "lesson.ipynb", CELLS)


def write(path: Path, cells: str) -> Path:
    code = [nbformat.v4.new_code_cell(textwrap.dedent(each).strip(), id=f"c{n}") for n, each in enumerate(cells.split("---"))]
    nbformat.write(nbformat.v4.new_notebook(cells=code), path)
    return path


@pytest.fixture
def shared() -> Iterator[Snapshots]:
    """The snapshots of this process, as the service has them."""
    SnapshotProvisioner.shared = Snapshots(environment())
    yield SnapshotProvisioner.shared
    SnapshotProvisioner.shared = None


def in_a_loop(talk: Callable[[], Awaitable[T]]) -> T:
    """Run what a service would do, and end its zygotes with it."""

    async def whole() -> T:
        try:
            return await talk()
        finally:
            if SnapshotProvisioner.shared:
                SnapshotProvisioner.shared.close()

    return asyncio.run(whole())


class Specs(KernelSpecManager):
    """A kernel spec that names a snapshot, as a kernel.json would."""

    notebook = Unicode()

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "banyan.lessons.lesson_kernel", "-f", "{connection_file}", self.notebook]
        chosen = {"kernel_provisioner": {"provisioner_name": NAME, "config": {"notebook": self.notebook}}}
        return KernelSpec(argv=argv, display_name=kernel_name, language="python", metadata=chosen)


@pytest.fixture
def kernels(folder: Path, notebook: Path, shared: Snapshots) -> Iterator[Callable[[], Any]]:
    """`await kernels()` is a manager with a kernel of the lesson, started as any Jupyter client starts one."""
    started: list[AsyncKernelManager] = []

    async def start() -> AsyncKernelManager:
        manager = AsyncKernelManager(kernel_name="lesson", transport="ipc", connection_file=str(folder / f"k{len(started)}.json"))
        manager.ip = str(folder / f"k{len(started)}")
        manager.kernel_spec_manager = Specs(notebook=str(notebook))
        started.append(manager)
        await manager.start_kernel()
        return manager

    yield start
    for manager in started:
        if manager.provisioner and manager.provisioner.process:
            manager.provisioner.process.kill()
            manager.provisioner.process.wait()


def client_of(manager: AsyncKernelManager) -> BlockingKernelClient:
    client = BlockingKernelClient()
    client.load_connection_info(manager.get_connection_info())
    client.start_channels()
    client.wait_for_ready(timeout=60)
    return client


def evaluate(client: BlockingKernelClient, expression: str) -> str:
    reply = client.execute("", user_expressions={"it": expression}, reply=True, timeout=60)
    return str(reply["content"]["user_expressions"]["it"]["data"]["text/plain"])


def move(client: BlockingKernelClient, model: str, value: int) -> dict[str, Any]:
    """Set a slider as a page does, and return what came back about other widgets."""
    told = {"method": "update", "state": {"value": value}, "buffer_paths": []}
    client.shell_channel.send(client.session.msg("comm_msg", {"comm_id": model, "data": told}))
    while True:
        said = client.get_iopub_msg(timeout=20)
        if said["msg_type"] == "comm_msg" and said["content"]["comm_id"] != model:
            return dict(said["content"]["data"]["state"])


def outcome_of(notebook: Path) -> Outcome:
    """Run a lesson and end its zygote."""

    async def run() -> Outcome:
        snapshot = await Snapshot(notebook, environment()).ready()
        snapshot.close()
        return snapshot.outcome

    return asyncio.run(run())


def test_running_a_lesson_tells_what_each_cell_shows(notebook: Path) -> None:
    outcome = outcome_of(notebook)
    assert outcome.outputs[0] == [{"output_type": "stream", "name": "stdout", "text": "ready 榕\n"}]
    shown = outcome.outputs[1][0]["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert outcome.state["state"][shown]["model_name"] == "VBoxModel"
    assert outcome.outputs[3][0]["text"] == "after\n"


def test_a_cell_that_raises_is_told_with_its_line_and_the_rest_goes_on(notebook: Path) -> None:
    faults = outcome_of(notebook).faults
    assert list(faults) == [2]
    assert (faults[2].name, faults[2].line) == ("ZeroDivisionError", 1)


@pytest.mark.parametrize(
    ("cell", "name", "line"),
    [
        ("x = (", "SyntaxError", 1),
        ("a = 1\ndef f():\n    return a / 0\nf()", "ZeroDivisionError", 3),
        ("import json\n\njson.loads('{')", "JSONDecodeError", 3),
        ("x = 1\nraise SystemExit(3)", "SystemExit", 2),
    ],
)
def test_a_fault_has_the_line_it_came_from(cell: str, name: str, line: int, folder: Path) -> None:
    fault = outcome_of(write(folder / "wrong.ipynb", cell)).faults[0]
    assert (fault.name, fault.line) == (name, line)


CAUGHT = """
import ipywidgets as w
from IPython.display import HTML, clear_output, display
out = w.Output()
with out:
    print("one"); print("two")
    display(HTML("<b>three</b>"))
print("outside")
---
seen = w.Output()
with seen:
    print("gone"); clear_output(); print("stays"); clear_output(wait=True)
---
def double(x):
    print("x is", x)
    return x * 2
w.interact(double, x=w.IntSlider(value=3, max=9))
---
lost = w.Output()
with lost:
    1 / 0
"""


def test_what_an_output_catches_is_in_it_from_the_start(folder: Path) -> None:
    outcome = outcome_of(write(folder / "caught.ipynb", CAUGHT))
    caught = [each["state"].get("outputs", []) for each in outcome.state["state"].values() if each["model_name"] == "OutputModel"]
    texts = [[each.get("text") or each["data"].get("text/html") or each["data"]["text/plain"] for each in one] for one in caught]
    assert texts == [["one\ntwo\n", "<b>three</b>"], ["stays\n"], ["x is 3\n", "6"], []]
    assert [each["text"] for each in outcome.outputs[0]] == ["outside\n"]
    assert (outcome.faults[3].name, outcome.faults[3].line) == ("ZeroDivisionError", 3)


def test_widgets_have_the_same_names_in_every_run(notebook: Path) -> None:
    assert list(outcome_of(notebook).state["state"]) == list(outcome_of(notebook).state["state"])


def test_a_stock_client_gets_a_kernel_that_has_the_lesson_in_it(kernels: Callable[[], Any]) -> None:
    async def talk() -> str:
        client = client_of(await kernels())
        told = evaluate(client, "slider.value")
        client.stop_channels()
        return told

    assert in_a_loop(talk) == "3"


def test_a_moved_slider_is_answered_and_only_in_its_own_kernel(kernels: Callable[[], Any], shared: Snapshots, notebook: Path):
    async def talk() -> tuple[dict[str, Any], str]:
        one, other = client_of(await kernels()), client_of(await kernels())
        state = (await shared.of(notebook)).outcome.state["state"]
        slider = next(name for name, each in state.items() if each["model_name"] == "IntSliderModel")
        moved, left = move(one, slider, 9), evaluate(other, "slider.value")
        for client in (one, other):
            client.stop_channels()
        return moved, left

    moved, left = in_a_loop(talk)
    assert moved["value"].startswith("9 ")
    assert left == "3"


def test_two_readers_draw_different_numbers(kernels: Callable[[], Any]) -> None:
    async def talk() -> list[str]:
        clients = [client_of(await kernels()) for _ in range(2)]
        drawn = [evaluate(each, "random.random()") for each in clients] + [evaluate(each, "drawn") for each in clients]
        for each in clients:
            each.stop_channels()
        return drawn

    one, other, run, again = in_a_loop(talk)
    assert one != other
    assert run == again, "what the lesson drew is part of the lesson"


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


def test_without_forking_the_same_kernel_comes_by_the_ordinary_way(notebook: Path, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr("banyan.lessons.provisioner.os.fork")
    manager = KernelManager(kernel_name="lesson", transport="ipc", connection_file=str(folder / "k.json"))
    manager.ip, manager.kernel_spec_manager = str(folder / "k"), Specs(notebook=str(notebook))
    manager.start_kernel()
    until = time.monotonic() + 60
    while not (folder / "k-5").exists():  # a client that comes before the heart beats takes it for dead
        assert time.monotonic() < until, "no kernel"
        time.sleep(0.05)
    try:
        client = client_of(manager)
        assert evaluate(client, "slider.value") == "3"
        client.stop_channels()
    finally:
        manager.shutdown_kernel(now=True)


ESCAPES = """
import os, socket, subprocess
from pathlib import Path
def tried(deed):
    try:
        return str(deed())
    except OSError as fault:
        return type(fault).__name__
found = [tried(lambda: Path({secret!r}).read_text()), tried(lambda: socket.create_connection(("127.0.0.1", {port}), 1)),
         tried(lambda: subprocess.run(["true"])), tried(lambda: Path({secret!r}).write_text("x")),
         tried(lambda: os.kill(os.getppid(), 9))]
"""


def test_a_lesson_of_the_service_is_shut_in_when_it_is_run_and_in_each_reader_s_kernel(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("secret")
    sockets = folder / "s"
    own = sockets / "one"
    own.mkdir(parents=True)
    (folder / "lessons").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as house:
        code = ESCAPES.format(secret=str(secret), port=house.getsockname()[1])
        notebook = write(folder / "lessons" / "escape.ipynb", f"{code}\nprint(found)")

        async def talk() -> tuple[str, str]:
            SnapshotProvisioner.shared = snapshots = Snapshots(surroundings(empty_home(sockets)), sockets)
            run = (await snapshots.of(notebook)).outcome.outputs[0][0]["text"]
            manager = AsyncKernelManager(kernel_name="l", transport="ipc", connection_file=str(own / "k.json"))
            manager.ip, manager.kernel_spec_manager = str(own / "k"), Specs(notebook=str(notebook))
            await manager.start_kernel()
            client = client_of(manager)
            forked = evaluate(client, f"exec({code!r}) or found")
            client.stop_channels()
            await manager.shutdown_kernel(now=True)
            return run, forked

        for said in in_a_loop(talk):
            found = ast.literal_eval(said)
            assert len(found) == 5
            assert set(found) <= {"PermissionError", "FileNotFoundError", "OSError"}, found
    SnapshotProvisioner.shared = None
    assert secret.read_text() == "secret"


def test_a_lesson_that_kills_its_process_is_said_not_to_open(folder: Path) -> None:
    with pytest.raises(TryLaterError):
        outcome_of(write(folder / "dead.ipynb", "import os\nos._exit(1)"))


def test_a_cell_that_prints_without_end_fills_nothing(folder: Path) -> None:
    lots = write(folder / "lots.ipynb", "for _ in range(20_000):\n    print('x' * 1000)\nprint('end')")
    outputs = outcome_of(lots).outputs[0]
    assert [len(each["text"]) for each in outputs] == [100_000]
