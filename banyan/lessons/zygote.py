"""The process that runs a lesson once and forks a kernel for each reader.

`python -m banyan.lessons.zygote FD NOTEBOOK [SOCKETS]`

It talks over the socket FD, a line of JSON each way: first it says what the cells show; then each `{connection}` it
hears becomes a kernel, and it answers with `{pid}`. It has no thread, no loop and no zmq context when it forks.

SOCKETS is the folder in which kernels' sockets lie, each kernel's in a folder of its own; given that, it shuts itself in
before anything else is loaded.
"""

import gc
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

from banyan.lessons.parent import bind_to_parent
from grading.confinement import Mapped, confine, limit, mapped

if TYPE_CHECKING:
    from banyan.lessons.lesson_kernel import LessonKernel

HIGHEST = 256  # file descriptor; a zygote has few open


class Parents(NamedTuple):
    """What a fork needs to know: whose child it becomes, and what it has of memory at birth if it is to be limited."""

    service: int
    born_with: Mapped | None


def main() -> None:
    line, notebook, sockets = socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]), [Path(each) for each in sys.argv[3:]]
    service = os.getppid()
    bind_to_parent(service)
    if sockets:
        confine([notebook.parent], sockets)
    from banyan.lessons.lesson_kernel import LessonKernel  # behind the walls: it loads all that a lesson may use

    app = LessonKernel.instance()
    app.rehearse(notebook)
    parents = Parents(service, mapped() if sockets else None)
    with cast(BinaryIO, line.makefile("rwb")) as talk:
        _say(talk, {"shown": {place: each.plain() for place, each in app.shown.items()}, "state": app.state})
        gc.collect()
        gc.freeze()  # what is shared with the forks stays so
        for request in talk:
            _say(talk, {"pid": fork(app, json.loads(request), parents)})


def _say(talk: BinaryIO, said: dict[str, Any]) -> None:
    talk.write(json.dumps(said).encode() + b"\n")
    talk.flush()


def fork(app: "LessonKernel", connection: dict[str, Any], parents: Parents) -> int:
    """Return the process of a new kernel, which is the service's child: it goes on when this process dies."""
    heard, tell = os.pipe()
    between = os.fork()
    if between == 0:
        between = os.getpid()  # asked before the fork: it may be gone before the kernel asks
        pid = os.fork()
        if pid == 0:
            become(app, connection, between, parents)
        os.write(tell, str(pid).encode())
        os._exit(0)
    os.close(tell)
    os.waitpid(between, 0)
    pid = int(os.read(heard, 20))
    os.close(heard)
    return pid


def become(app: "LessonKernel", connection: dict[str, Any], between: int, parents: Parents) -> None:
    """Be a kernel until the end."""
    code = 1
    try:
        os.setpgid(0, 0)  # a group of its own, in the zygote's session: the service looks there for strays
        while os.getppid() == between:
            time.sleep(0.0002)
        bind_to_parent(parents.service)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.closerange(0, HIGHEST)  # the line to the service, too
        for _stream in ("in", "out", "err"):
            os.open(os.devnull, os.O_RDWR)
        if parents.born_with:
            limit(parents.born_with, own=Path(connection["ip"]).parent)
        app.open(connection)
        app.start()
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
