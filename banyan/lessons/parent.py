"""Ties between a lesson's processes: none of them outlives the service, however it ends."""

import ctypes
import os
import signal
import sys

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
