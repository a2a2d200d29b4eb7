"""Ties between a lesson's processes: none of them outlives the service, however it ends."""

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
libc = ctypes.CDLL(None, use_errno=True)


def bind_to_parent(parent: int) -> None:
    """Be killed when the parent dies; it may have died already."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose own parent ends: so forks belong to the service, not to their zygote."""
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def in_session(leader: int) -> set[int]:
    """Return the processes of a session, the dead that nobody has buried among them; its leader may be gone."""
    return {each for each in _processes() if _session_of(each) == leader}


def _processes() -> Iterator[int]:
    with suppress(FileNotFoundError):  # a system without
        yield from (int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit())


def _session_of(process: int) -> int:
    with suppress(OSError):  # it has just gone
        return os.getsid(process)
    return 0


def bury(processes: set[int]) -> bool:
    """Kill processes and take the dead off the system's list; say whether there were any."""
    for each in processes:
        with suppress(OSError):  # gone, or not yet a child of ours: the next look finds it
            os.kill(each, signal.SIGKILL)
            os.waitpid(each, os.WNOHANG)
    return bool(processes)
