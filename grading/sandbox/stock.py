"""nbgrader's own command on a notebook with a learner's code, shut in: `python -m grading.sandbox.stock FOLDER ARGUMENT…`

The command starts kernels, as programs, and talks to them; so it cannot live behind our filter of calls. It gets namespaces
instead: a network with nothing but itself, a file tree with FOLDER and what Python needs, process ids of its own, which all
end with the first. Where the system allows no such namespaces the command is not run (exit code 78).
"""

import fcntl
import os
import resource
import signal
import socket
import struct
import sys
from pathlib import Path

from grading.confinement import namespaces
from grading.confinement.confine import NEEDED, NULL
from grading.confinement.privileges import give_up
from grading.confinement.system import PR_SET_PDEATHSIG, prctl

PROCESSES = 0x2000_0000  # a namespace of process ids
WAY = namespaces.USER | namespaces.NET | namespaces.IPC | namespaces.MOUNT | PROCESSES
NOT_ALLOWED = 78
SET_FLAGS, UP = 0x8914, 0x1 | 0x40
MB = 1 << 20
MOST_PROCESSES, MOST_SECONDS, LARGEST = 400, 240, 64 * MB


def main() -> None:
    folder, arguments = Path(sys.argv[1]), sys.argv[2:]
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if not namespaces.enter([each for each in NEEDED if each.exists()], [folder, NULL], (WAY,)):
        sys.exit(NOT_ALLOWED)
    first = os.fork()
    if first:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]) & 0xFF)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    _answer_oneself()
    for what, most in (
        (resource.RLIMIT_NPROC, MOST_PROCESSES), (resource.RLIMIT_CPU, MOST_SECONDS), (resource.RLIMIT_FSIZE, LARGEST),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    give_up()
    os.chdir(folder)
    os.execv(sys.executable, [sys.executable, "-W", "ignore", "-m", "nbgrader", *arguments])  # noqa: S606 - no shell is the point


def _answer_oneself() -> None:
    """Bring up the loopback of the new network: a kernel is talked to over it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", UP))


if __name__ == "__main__":
    main()
