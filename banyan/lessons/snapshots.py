"""Lessons that have been run once, and the processes that fork kernels from them.

A snapshot belongs to one built notebook, which never changes. Its zygote is started when the lesson is first wanted and
started again when it has died; kernels it forked are this process's children and go on.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from banyan.errors import TryLaterError
from banyan.lessons.parent import adopt_orphans, bury, in_session

PATIENCE = 240  # seconds a lesson may take to run
FORKING = 10  # seconds a fork may take
ENDING = 5  # seconds killed processes may take to go
SHORTLY = 0.005  # seconds between two looks at them
LARGEST_OUTCOME = 50_000_000  # bytes
NO_SNAPSHOT = "互动部分暂时打不开"


@dataclass(frozen=True)
class Fault:
    """Why a cell shows nothing; `line` counts from 1 within the cell."""

    name: str
    words: str
    line: int
    trace: str


@dataclass(frozen=True)
class Outcome:
    """What running a lesson showed: outputs (nbformat's) and faults by the place of their cell, and the widgets' state."""

    outputs: Mapping[int, list[dict[str, Any]]]
    faults: Mapping[int, Fault]
    state: Mapping[str, Any]


class Snapshot:
    """One lesson; `outcome` is that of the zygote that lives now."""

    outcome: Outcome

    def __init__(self, notebook: Path, environment: Mapping[str, str], sockets: Path | None = None) -> None:
        self.notebook, self.environment, self.sockets = notebook, environment, sockets
        self._alone = asyncio.Lock()
        self._wanted = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._told_of: set[int] = set()

    @property
    def is_wanted(self) -> bool:
        """Say whether somebody waits for it to run or fork."""
        return self._wanted > 0

    async def ready(self) -> "Snapshot":
        """Have a living zygote; TryLaterError when the lesson cannot be run."""
        with self._being_wanted():
            async with self._alone:
                await self._live()
        return self

    async def fork(self, connection: Mapping[str, Any]) -> int:
        """Return the process of a new kernel that listens at a connection's sockets."""
        with self._being_wanted():
            async with self._alone:
                for _again in range(2):  # the zygote may have died since
                    await self._live()
                    with suppress(TryLaterError):
                        return await self._fork(connection)
        raise TryLaterError(NO_SNAPSHOT)

    def close(self) -> None:
        """End the zygote; its kernels go on."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self._writer.close()

    @contextmanager
    def _being_wanted(self) -> Iterator[None]:
        self._wanted += 1
        try:
            yield
        finally:
            self._wanted -= 1

    async def _live(self) -> None:
        if self._process is None or self._process.poll() is not None:
            self.close()
            await self._start()

    async def _fork(self, connection: Mapping[str, Any]) -> int:
        pid = 0
        try:
            pid = int((await self._ask(connection, FORKING))["pid"])
            self._told_of.add(pid)
        finally:
            if not pid:  # nobody will ever be told of it, whatever became of it
                await self._give_up()
        return pid

    async def _give_up(self) -> None:
        """End the zygote and what it had begun to fork; the kernels we were told of go on."""
        process = self._process
        self.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDING):
                while process and bury(in_session(process.pid) - self._told_of):
                    await asyncio.sleep(SHORTLY)

    async def _start(self) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "banyan.lessons.zygote", str(theirs.fileno()), str(self.notebook)]
        command += [str(self.sockets)] if self.sockets else []
        with theirs:
            self._process = subprocess.Popen(
                command,
                env=dict(self.environment),
                cwd=self.notebook.parent,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # all that it forks stays in it, and so can be found
            )
        self._told_of = set()
        self._reader, self._writer = await asyncio.open_connection(sock=ours, limit=LARGEST_OUTCOME)
        try:
            said = await self._hear(PATIENCE)
        except (TryLaterError, asyncio.CancelledError):
            self.close()
            raise
        shown = {int(place): each for place, each in said["shown"].items()}
        faults = {place: Fault(**each["fault"]) for place, each in shown.items() if each["fault"]}
        self.outcome = Outcome({place: each["outputs"] for place, each in shown.items()}, faults, said["state"])

    async def _ask(self, request: Mapping[str, Any], patience: int) -> dict[str, Any]:
        self._writer.write(json.dumps(dict(request)).encode() + b"\n")
        return await self._hear(patience)

    async def _hear(self, patience: int) -> dict[str, Any]:
        try:
            async with asyncio.timeout(patience):
                return dict(json.loads(await self._reader.readline()))
        except (OSError, ValueError, TimeoutError) as fault:
            raise TryLaterError(NO_SNAPSHOT) from fault


class Snapshots:
    """The snapshots of one service, by notebook.

    `sockets` is the folder in which each kernel gets a folder for its own; without it nothing is shut in, which is for
    whoever uses a lesson's kernel from a Jupyter client of their own.
    """

    def __init__(self, environment: Mapping[str, str], sockets: Path | None = None) -> None:
        adopt_orphans()
        self.environment, self.sockets = environment, sockets
        self._of: dict[Path, Snapshot] = {}

    async def of(self, notebook: Path) -> Snapshot:
        """Return the snapshot of a built notebook, run once."""
        return await self._of.setdefault(notebook, Snapshot(notebook, self.environment, self.sockets)).ready()

    def keep(self, wanted: set[Path]) -> None:
        """Let go of all other lessons nobody waits for; their kernels go on."""
        for notebook in self._of.keys() - wanted:
            if not self._of[notebook].is_wanted:
                self._of.pop(notebook).close()

    def close(self) -> None:
        for each in self._of.values():
            each.close()
        self._of.clear()


class Forked:
    """A kernel's process, forked elsewhere and adopted here; speaks as `subprocess.Popen` does."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            try:
                found, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # somebody else has collected it
                found, status = self.pid, 0
            if found:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self) -> int:
        while (code := self.poll()) is None:
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)
