"""Putting up the walls, in the order in which one does not stand in the other's way."""

import ctypes
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from grading.confinement import filters, landlock, limits, namespaces
from grading.confinement.privileges import give_up
from grading.confinement.protection import Protection
from grading.confinement.system import PR_GET_PDEATHSIG, PR_SET_PDEATHSIG, prctl

HOUSE = Path(__file__).parents[2]
SYSTEM = (
    "/usr /lib /lib64 /lib32 /etc/ld.so.cache /etc/localtime /etc/timezone /etc/locale.conf /etc/fonts /etc/mime.types"
    " /dev/zero /dev/random /dev/urandom"
)
NEEDED = {Path(each) for each in SYSTEM.split()} | {Path(sys.prefix), Path(sys.base_prefix), Path(sys.exec_prefix)}
OURS = {HOUSE / "banyan", HOUSE / "widgets"}
NULL = Path("/dev/null")


def confine(readable: Sequence[Path], writable: Sequence[Path], scratch: Sequence[Path] = ()) -> Protection:
    """Shut this process and all it forks in, for good: they read `readable` and what Python needs, and write `writable`.

    In `writable` they make sockets and nothing else, in `scratch` ordinary files.

    Call it with one thread, before course code runs and before PR_SET_PDEATHSIG matters (it is kept). Sockets by path work
    in `writable`: binding and accepting, not connecting. Never raises: what the system forbids is told by the answer.
    """
    limits.prepare()
    tempfile.tempdir = "/tmp"  # noqa: S108 - only named: a shell calls its cells after it, and looking for one would now fail
    death = ctypes.c_int()
    with suppress(OSError):
        prctl(PR_GET_PDEATHSIG, ctypes.byref(death))
    reading = [each for each in (*NEEDED, *OURS, *readable) if each.exists()]
    writing = [each for each in writable if each.exists()]
    way = namespaces.enter(reading, [*writing, *scratch, NULL])
    give_up()
    version = landlock.restrict(reading, writing, listed=[HOUSE], scratch=scratch)
    filtered = filters.refuse(filters.always(os.getppid()))
    with suppress(OSError):
        prctl(PR_SET_PDEATHSIG, death.value)
    return Protection(network=bool(way & namespaces.NET), tree=bool(way & namespaces.MOUNT), landlock=version, filtered=filtered)
