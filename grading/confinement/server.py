"""What shuts a person's JupyterLab in: programs of theirs run in it, so it is given little and keeps all of that to itself.

Unlike a lesson it starts programs, writes files and connects, but only its own: a network in which nothing answers but
what the caller lets in, a file tree with nothing of the house in it, process ids of its own. All three are namespaces and
all must stand, else nothing is started: here, the code is known to be whatever somebody types. Landlock and the filter of
calls stand behind them where the system has them.
"""

import fcntl
import os
import resource
import socket
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grading.confinement import filters, landlock, limits, namespaces
from grading.confinement.calls import MARKS, NEVER, PROGRAMS
from grading.confinement.confine import HOUSE, NEEDED
from grading.confinement.filters import NAMESPACES, ORDINARY, PUSH_INPUT, STREAM, UNIX, Check, Rule
from grading.confinement.limits import MB, bound
from grading.confinement.privileges import give_up

LOOPBACK, SET_FLAGS, UP_AND_RUNNING = b"lo", 0x8914, 0x41
INTERNET = 2
NULL, SHELLS = Path("/dev/null"), tuple(map(Path, ("/bin", "/sbin", "/etc/alternatives")))
OWN_COUNT = (5, 14)  # from this Linux on processes are counted within a user namespace, before it for the whole machine


@dataclass(frozen=True)
class ServerLimits:
    """Of one process each, in bytes; what all of a server's processes take together its parent watches."""

    memory: int = 1024 * MB
    file: int = 256 * MB
    files: int = 1024
    processes: int = 512
    niceness: int = 5


@dataclass(frozen=True)
class Walls:
    """What stands: `alone` are the namespaces, without which nothing may be started; the others stand behind them."""

    alone: bool
    landlock: int = 0
    filtered: bool = False


def shut_in(readable: Sequence[Path], writable: Sequence[Path], ports: Sequence[int]) -> tuple[Walls, list[socket.socket]]:
    """Shut in this process and what it starts; return what stands, and for each port a listening socket of its network.

    Programs connect to 127.0.0.1 and one of the ports; nobody answers until somebody outside takes the calls from these
    sockets. The process itself keeps its id; its children are those whose ids are their own. Call it with one thread.
    """
    limits.prepare()
    reading, writing = [each for each in (*NEEDED, *SHELLS, *readable) if each.exists()], [*writable, NULL]
    if not namespaces.enter(reading, writing, namespaces.WAYS_OF_A_SERVER):
        return Walls(alone=False), []
    _raise_loopback()
    doors = [socket.create_server(("127.0.0.1", port)) for port in ports]
    give_up()
    version = landlock.restrict_server(reading, writable, ports, listed=[HOUSE])
    return Walls(alone=True, landlock=version, filtered=filters.refuse(RULES)), doors


def limit_server(most: ServerLimits | None = None) -> None:
    """Bind this process and each it starts to their limits."""
    most = most or ServerLimits()
    bound(resource.RLIMIT_DATA, most.memory)
    bound(resource.RLIMIT_FSIZE, most.file)
    bound(resource.RLIMIT_NOFILE, most.files)
    bound(resource.RLIMIT_CORE, 0)
    if _release() >= OWN_COUNT:
        bound(resource.RLIMIT_NPROC, most.processes)
    with suppress(OSError):
        os.nice(most.niceness)


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", LOOPBACK, UP_AND_RUNNING))


def _release() -> tuple[int, int]:
    first, second, *_ = os.uname().release.split(".")
    return int(first), int("".join(each for each in second if each.isdecimal()) or 0)


_STREAMS = (Check(0, 0, 0xFFFF_FFFC), Check(0, 0, equal=False), Check(0, 3, equal=False), Check(1, STREAM, filters.KIND))
"""UNIX is 1 and INTERNET is 2: a filter tells them from the rest by their bits."""
_ALLOWED = {*PROGRAMS.split(), *MARKS.split()} - {"uselib"}
RULES = [
    Rule("socket", _STREAMS, filters.NO_KIND),  # no datagrams: no names are looked up, nothing is sent without connecting
    Rule("socketpair", (Check(0, UNIX), Check(1, STREAM, filters.KIND))),
    Rule("clone", (Check(0, 0, NAMESPACES),)),
    Rule("clone3", answer=filters.NO_SUCH),
    Rule("ioctl", (Check(1, PUSH_INPUT, equal=False),)),
    *(Rule(each, (Check(0, 0),)) for each in ("sched_setaffinity", "sched_setparam", "sched_setattr")),
    Rule("sched_setscheduler", (Check(1, ORDINARY),)),
    *(Rule(each) for each in NEVER if each not in _ALLOWED),
]
