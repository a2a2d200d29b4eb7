"""Where the owner's side keeps its warm process: one for each process that grades, started when it is first needed."""

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from banyan.errors import HomeError, TryLaterError
from grading.confinement import Limits, Protection
from grading.confinement.folders import remove
from grading.sandbox.line import Line

HOUSE = Path(__file__).parents[2]
PATIENCE = 60  # seconds for the warm process to be ready, and for any answer of it
MOST = 1 << 16
PREFIX = "banyan-rooms-"
OLD = 60  # seconds: a younger empty folder may be about to be used
ENVIRONMENT = {"PYTHONPATH": str(HOUSE), "PYTHONSAFEPATH": "1", "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}


@dataclass(frozen=True)
class Ended:
    """How a process ended: by itself with a code, or None if it was ended; seconds of processor and bytes it used."""

    code: int | None
    processor: float
    memory: int


class Nursery:
    """A warm process and its folder for rooms; TryLaterError when it has died, and the next one is asked for."""

    def __init__(self) -> None:
        _sweep()
        self.rooms = Path(tempfile.mkdtemp(prefix=PREFIX))
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(PATIENCE)
        (self.rooms / "shell").mkdir()
        command = [sys.executable, "-m", "grading.sandbox.zygote", str(theirs.fileno()), str(self.rooms)]
        environment = ENVIRONMENT | {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.rooms)}
        with theirs:
            self.process = subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()], cwd=self.rooms)
        self.line, self.owner = ours, os.getpid()
        self.protection = Protection(**self._heard()["protection"])

    def fork(self, be: str, folders: dict[str, str], limits: Limits, lines: tuple[socket.socket, socket.socket]) -> int:
        """Return the process that lives on the other side of these lines, the room's first."""
        asked = json.dumps({"do": "fork", "be": be, "limits": asdict(limits)} | folders).encode()
        with suppress(OSError):
            socket.send_fds(self.line, [asked], [each.fileno() for each in lines])
        return int(self._heard()["pid"])

    def interrupt(self, process: int) -> None:
        self._ask(do="interrupt", pid=process)

    def end(self, process: int, broken: bool = False) -> Ended:
        """End a process; one whose line is `broken` has a moment to end by itself, so that its code can be said."""
        return Ended(**self._ask(do="end", pid=process, broken=broken))

    def close(self) -> None:
        """End the warm process, and with it all it forked; a fork of the owner leaves it alone."""
        if os.getpid() != self.owner:
            return
        self.line.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        self.process.kill()
        self.process.wait()
        remove(self.rooms)

    def _ask(self, **asked: Any) -> Any:
        with suppress(OSError):
            self.line.send(json.dumps(asked).encode())
        return self._heard()

    def _heard(self) -> Any:
        try:
            said = self.line.recv(MOST)
        except OSError:
            said = b""
        if not said:
            _kept.cache_clear()
            self.close()
            raise TryLaterError("运行学员程序的进程中断了，会再试一次")
        return json.loads(said)


def _sweep() -> None:
    """Take away the empty folders of owners that were killed; one in use holds something."""
    for each in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if time.time() - each.stat().st_mtime > OLD:
                each.rmdir()


def nursery() -> Nursery:
    """Return this process's own; HomeError where the system cannot shut a program in: then none is run."""
    found = _kept(os.getpid())
    if found.protection.open:
        held = found.protection
        reason = f"还挡不住{'、'.join(held.open)}。{'。'.join(held.missing)}"
        raise HomeError("这台机器关不住学员写的程序，所以没有运行：{reason}", reason=reason)
    return found


@lru_cache(maxsize=1)
def _kept(_process: int) -> Nursery:
    made = Nursery()
    atexit.register(made.close)
    return made


def line_pair() -> tuple[Line, socket.socket]:
    """Return our side of a new line, and the other's."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    return Line(ours), theirs
