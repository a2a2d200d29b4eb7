"""A lesson, the snapshots of this process, and kernels of the lesson."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client import AsyncKernelManager

from banyan.lessons.provisioner import SnapshotProvisioner
from banyan.lessons.snapshots import Snapshots
from tests.lessons.snapshots.talking import Specs, environment, write

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


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a socket's may have 107 letters."""
    path = Path(tempfile.mkdtemp(prefix="bs-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def notebook(folder: Path) -> Path:
    return write(folder / "lesson.ipynb", CELLS)


@pytest.fixture
def shared() -> Iterator[Snapshots]:
    """The snapshots of this process, as the service has them."""
    SnapshotProvisioner.shared = Snapshots(environment())
    yield SnapshotProvisioner.shared
    SnapshotProvisioner.shared = None


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
