"""How much one learner's kernel may take: of memory, processor, files.

Sizes are in bytes, times in seconds. Memory is counted above what a fork shares with its parent. What Linux counts of a user
and not of a process (processes) is a last net only; that a kernel starts none at all is the filter's work.
"""

import ctypes
import os
import resource
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from grading.confinement import filters, landlock
from grading.confinement.system import LIBC

MB = 1 << 20
FIRST_TO_GO = 500  # of 1,000: when the machine's memory runs out, lessons end before the house does
M_ARENA_MAX = -8
ARENAS = 2  # one as forked, one for threads, who would else write into gaps all over the shared pages; 64 MB of addresses each
_sizes = -1


class Mapped(NamedTuple):
    """What a process has mapped: all of it, and what of it is its own to write."""

    all: int
    own: int


@dataclass(frozen=True)
class Limits:
    """`memory` is what a kernel may write beyond what it was forked with, `shared` what else it may map (libraries)."""

    memory: int = 256 * MB
    shared: int = 128 * MB
    processor: int = 120
    file: int = 1 * MB
    files: int = 256
    processes: int = 8192
    niceness: int = 5


def prepare() -> None:
    """Do what is out of reach once the walls stand; what is set here holds for every fork."""
    global _sizes
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(FIRST_TO_GO))
    with suppress(OSError):
        _sizes = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    with suppress(AttributeError):  # a C library without it
        LIBC.mallopt(ctypes.c_int(M_ARENA_MAX), ctypes.c_int(ARENAS))


def mapped() -> Mapped:
    """Return what the process that called `confine` has mapped now, as its forks will at birth.

    Call it there, when all is loaded and before a fork closes its files.
    """
    said = os.pread(_sizes, 200, 0) if _sizes >= 0 else Path("/proc/self/statm").read_bytes()
    pages = [int(each) * resource.getpagesize() for each in said.split()]
    return Mapped(pages[0], pages[5])


def limit(above: Mapped, limits: Limits | None = None, own: Path | None = None) -> None:
    """Bind a fork to its limits and to itself; call it there, with one thread, after PR_SET_PDEATHSIG.

    `own`, where given, is the only folder in which it may still make sockets and remove them.
    """
    limits = limits or Limits()
    bound(resource.RLIMIT_DATA, above.own + limits.memory)
    bound(resource.RLIMIT_AS, above.all + limits.memory + limits.shared)
    bound(resource.RLIMIT_CPU, limits.processor)
    bound(resource.RLIMIT_FSIZE, limits.file)
    bound(resource.RLIMIT_NOFILE, limits.files)
    bound(resource.RLIMIT_NPROC, limits.processes)
    bound(resource.RLIMIT_CORE, 0)
    with suppress(OSError):
        os.nice(limits.niceness)
    if own:
        landlock.narrow(own)
    filters.refuse_a_fork(os.getpid())


def bound(what: int, most: int) -> None:
    """Set a limit for good, or keep the one that is tighter already."""
    held = resource.getrlimit(what)[1]
    most = most if held == resource.RLIM_INFINITY else min(most, held)
    resource.setrlimit(what, (most, most))
