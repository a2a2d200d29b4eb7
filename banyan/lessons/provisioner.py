"""How a Jupyter client gets a kernel of a lesson: from the lesson's snapshot, in a few hundredths of a second.

Registered as `banyan-snapshot`; a kernel spec names it in its metadata with the notebook (see LessonKernelSpecs). Where
a system cannot fork, the spec's own command does the same in a process of its own, in seconds.
"""

import os
from pathlib import Path
from typing import Any, ClassVar

from jupyter_client.provisioning import LocalProvisioner
from traitlets import Unicode

from banyan.lessons.snapshots import Forked, Snapshots

NAME = "banyan-snapshot"


class SnapshotProvisioner(LocalProvisioner):
    """`shared` are the snapshots of this process; the first kernel makes them if nobody has."""

    notebook: str = Unicode(help="the built notebook").tag(config=True)  # type: ignore[assignment]
    shared: ClassVar[Snapshots | None] = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        if not hasattr(os, "fork"):
            return await super().launch_kernel(cmd, **kwargs)
        if SnapshotProvisioner.shared is None:
            SnapshotProvisioner.shared = Snapshots(kwargs.get("env") or dict(os.environ))
        snapshot = await SnapshotProvisioner.shared.of(Path(self.notebook))
        told = {name: each.decode() if isinstance(each, bytes) else each for name, each in self.connection_info.items()}
        self.pid = self.pgid = await snapshot.fork(told)
        self.process = Forked(self.pid)  # type: ignore[assignment]
        self.cwd = Path(self.notebook).parent
        return self.connection_info
