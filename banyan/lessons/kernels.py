"""Kernels are lent: to one person, for one open lesson, for as long as its page is open.

A kernel knows nobody: its environment is made here from nothing, and through the websocket it hears only what widgets say.
"""

import os
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_server._tz import utcnow
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyter_server.utils import ApiPath
from traitlets import Dict, Integer, Unicode

import banyan
from banyan.errors import TryLaterError

HOUSE = Path(banyan.__file__).parents[1]
HEARD = ["comm_open", "comm_close", "comm_msg", "comm_info_request", "kernel_info_request"]
KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
FULL = "现在一起学的人很多，互动部分暂时轮不上"


@dataclass
class Lease:
    """Who may talk to a kernel, and which lesson it runs.

    `seen` once its page has connected; `changed` when a page last came or went.
    """

    person: str
    course: str
    lesson: str
    seen: bool = False
    changed: datetime = field(default_factory=utcnow)


class LessonKernelSpecs(KernelSpecManager):
    """There is one kind of kernel, whatever a notebook asks for and whatever else the machine has."""

    def find_kernel_specs(self) -> dict[str, str]:
        return {"python3": str(HOUSE)}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "banyan.lessons.kernel", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="榕学", language="python")

    def get_all_specs(self) -> dict[str, Any]:
        return {"python3": {"resource_dir": "", "spec": self.get_kernel_spec("python3").to_dict()}}


class LessonKernels(AsyncMappingKernelManager):
    """Lends kernels and takes them back; the names of the limits say what they limit, times are in seconds."""

    most = Integer(60, help="live kernels at once").tag(config=True)
    most_each = Integer(4, help="live kernels of one person; one more ends their oldest").tag(config=True)
    unseen_for = Integer(180, help="how long a page may take to connect").tag(config=True)
    left_for = Integer(45, help="how long after its page has gone").tag(config=True)
    quiet_for = Integer(1800, help="how long an open page may rest").tag(config=True)
    empty_home = Unicode(help="a folder with nothing in it, which kernels take for home").tag(config=True)
    leases = Dict()

    async def lend(self, lease: Lease, path: str) -> str:
        """Start a kernel in a folder of the releases; TryLaterError when no more may live."""
        mine = [each for each, other in self.leases.items() if other.person == lease.person and each in self]
        for each in mine[: len(mine) + 1 - self.most_each]:
            await self.take_back(each)
        if len(self) >= self.most:
            raise TryLaterError(FULL)
        kernel_id = await self.start_kernel(kernel_name="python3", path=ApiPath(path), env=environment(self.empty_home))
        self.leases[kernel_id] = lease
        return kernel_id

    def lease_of(self, kernel_id: str, person: str) -> Lease | None:
        """Return the lease if the kernel lives and is lent to this person."""
        lease = self.leases.get(kernel_id)
        return lease if lease and lease.person == person and kernel_id in self else None

    async def take_back(self, kernel_id: str) -> None:
        if kernel_id in self:
            await self.shutdown_kernel(kernel_id, now=True)

    def remove_kernel(self, kernel_id: str) -> Any:
        self.leases.pop(kernel_id, None)
        return super().remove_kernel(kernel_id)

    def notify_connect(self, kernel_id: str) -> None:
        super().notify_connect(kernel_id)
        self._note(kernel_id)

    def notify_disconnect(self, kernel_id: str) -> None:
        super().notify_disconnect(kernel_id)
        self._note(kernel_id)

    def _note(self, kernel_id: str) -> None:
        if lease := self.leases.get(kernel_id):
            lease.seen, lease.changed = True, utcnow()

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """Take back what is no longer used: never connected to, left, or long quiet."""
        lease, kernel = self.leases.get(kernel_id), self._kernels[kernel_id]
        connected = self._kernel_connections.get(kernel_id, 0) > 0
        if lease is None:
            return  # about to be lent
        patience = self.quiet_for if connected else self.left_for if lease.seen else self.unseen_for
        if utcnow() - max(kernel.last_activity, lease.changed) > timedelta(seconds=patience):
            self.log.info("taking back a kernel of %s/%s", lease.course, lease.lesson)
            await self.take_back(kernel_id)


def environment(home: str) -> dict[str, str]:
    """Return all that a kernel is told of the world: where programs are and how text is written."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {
        "HOME": home,
        "IPYTHONDIR": home,
        "PYTHONPATH": str(HOUSE),
        "PYTHONDONTWRITEBYTECODE": "1",  # a release is never written to
        "PYTHONUTF8": "1",
    }
