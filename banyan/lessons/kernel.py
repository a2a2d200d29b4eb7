"""The process a lesson runs in: it ends with the service that started it, however that ends.

Started by `banyan.lessons.kernels` with an environment that names nobody.
"""

import ctypes
import os
import resource
import signal
import sys

from ipykernel.kernelapp import IPKernelApp

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
    IPKernelApp.launch_instance([*sys.argv[1:], *QUIET])


if __name__ == "__main__":
    main()
