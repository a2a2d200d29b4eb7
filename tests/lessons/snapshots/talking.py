"""A lesson written, run and spoken to as any Jupyter client would."""

import asyncio
import os
import sys
import textwrap
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import nbformat
from jupyter_client import AsyncKernelManager, BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from traitlets import Unicode

from banyan.lessons.provisioner import NAME, SnapshotProvisioner
from banyan.lessons.snapshots import Outcome, Snapshot
from tests.house import ROOT

T = TypeVar("T")


def environment() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"PYTHONPATH": str(ROOT)}


def write(path: Path, cells: str) -> Path:
    code = [nbformat.v4.new_code_cell(textwrap.dedent(each).strip(), id=f"c{n}") for n, each in enumerate(cells.split("---"))]
    nbformat.write(nbformat.v4.new_notebook(cells=code), path)
    return path


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
