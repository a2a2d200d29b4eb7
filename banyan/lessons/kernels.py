"""A kernel for a lesson: how it starts from the lesson's snapshot, how it ends."""

import asyncio
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zmq.asyncio
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Unicode

from banyan.lessons.provisioner import NAME
from banyan.lessons.surroundings import HOUSE

KIND = "lesson"
SHORTLY = 0.005  # seconds a killed process takes to go


class LessonKernelSpecs(KernelSpecManager):
    """There is one kind of kernel, that of `notebook`, whatever else the machine has."""

    notebook = Unicode()

    def find_kernel_specs(self) -> dict[str, str]:
        return {KIND: str(HOUSE)}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "banyan.lessons.lesson_kernel", "-f", "{connection_file}", self.notebook]
        how = {"kernel_provisioner": {"provisioner_name": NAME, "config": {"notebook": self.notebook}}}
        return KernelSpec(argv=argv, display_name="榕学", language="python", metadata=how)

    def get_all_specs(self) -> dict[str, Any]:
        return {KIND: {"resource_dir": "", "spec": self.get_kernel_spec(KIND).to_dict()}}


@dataclass(frozen=True)
class Maker:
    """Starts kernels; `sockets` is a folder with a short path, a folder in it is made for each."""

    sockets: Path
    environment: dict[str, str]
    context: zmq.asyncio.Context

    async def start(self, kernel_id: str, notebook: Path) -> AsyncKernelManager:
        """Return a kernel that runs; TryLaterError when its lesson cannot be run now."""
        folder = self.sockets / kernel_id[:12]
        folder.mkdir(mode=0o700)
        kernel = AsyncKernelManager(
            kernel_name=KIND,
            kernel_spec_manager=LessonKernelSpecs(notebook=str(notebook)),
            connection_file=str(folder / "k.json"),
            transport="ipc",
            ip=str(folder / "k"),
            context=self.context,
        )
        try:
            await kernel.start_kernel(cwd=str(notebook.parent), env=self.environment)
        except BaseException:
            await end(kernel)
            raise
        return kernel


async def end(kernel: AsyncKernelManager) -> None:
    """End a kernel, whatever it does, and what it used of the disk."""
    if kernel.provisioner is not None:
        await kernel.provisioner.kill()
        while await kernel.provisioner.poll() is None:
            await asyncio.sleep(SHORTLY)
    await kernel.cleanup_resources()
    shutil.rmtree(Path(kernel.connection_file).parent, ignore_errors=True)


def process_of(kernel: AsyncKernelManager) -> int:
    """Return a kernel's process."""
    provisioner: KernelProvisionerBase | None = kernel.provisioner
    return int(getattr(provisioner, "pid", 0) or 0)
