"""The process a lesson runs in: it ends with the service that started it, however that ends.

Started by `banyan.lessons.kernels` with an environment that names nobody. It binds itself before it loads anything.
"""

import ctypes
import os
import resource
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1
QUIET = ("--HistoryManager.enabled=False", "--IPKernelApp.capture_fd_output=True")


def bind_to_parent() -> None:
    """Be killed when the service dies; it may have died already."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != int(os.environ["JPY_PARENT_PID"]):
        sys.exit(1)


def main() -> None:
    bind_to_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.argv.extend(QUIET)
    runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
