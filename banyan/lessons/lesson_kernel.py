"""The kernel of a lesson: ipykernel's own, made in two halves.

The first half, `rehearse`, has everything that does not know who will talk to it: the shell, the lesson's namespace, its
widgets. The second, `open`, has sockets, the loop and fresh random numbers. Between the two a process may fork
(banyan.lessons.zygote). Run as a program it does both for itself, which is the way where nothing forks:

    python -m banyan.lessons.lesson_kernel -f CONNECTION_FILE NOTEBOOK
"""

import faulthandler  # noqa: F401 - what the second half would import is here before the fork, and so in shared memory
import json
import logging
import os
import random
import sys
import traceback
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import nbformat
import tornado.platform.asyncio  # noqa: F401 - the same
import zmq
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.connect import KernelConnectionInfo
from tornado.ioloop import IOLoop
from traitlets import DottedObjectName
from zmq.eventloop.zmqstream import ZMQStream

from banyan.lessons.one_loop import Voice, echo
from banyan.lessons.parent import bind_to_parent
from banyan.lessons.rehearsal import Shown, rehearse
from banyan.lessons.surroundings import empty_home, environment
from grading.confinement import confine, limit, mapped

QUIET = ("--HistoryManager.enabled=False", "--IPKernelApp.capture_fd_output=False", "--IPKernelApp.parent_handle=0")
ASK = "ask"
COMMS = ("Comm", "ipykernel.comm")  # where a widget's faults are logged


class Told(logging.Handler):
    """Sends a fault out as a cell's error is sent."""

    def __init__(self, kernel: Any) -> None:
        super().__init__(logging.ERROR)
        self.kernel = kernel

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            fault = record.exc_info[1]
            content = {"ename": type(fault).__name__, "evalue": str(fault), "traceback": traceback.format_exception(fault)}
            kernel = self.kernel
            kernel.session.send(kernel.iopub_socket, "error", content, parent=kernel.get_parent(), ident=kernel._topic("error"))


class LessonKernel(IPKernelApp):
    """`shown` is what each cell shows, by its place; `state` that of the widgets, both once rehearsed."""

    shown: dict[int, Shown]
    state: dict[str, Any]
    outstream_class = DottedObjectName("banyan.lessons.one_loop.Printed", allow_none=True)

    def rehearse(self, notebook: Path) -> None:
        """Make shell and kernel, and run the lesson's cells; nobody is listening."""
        super(IPKernelApp, self).initialize(list(QUIET))
        self.kernel = IPythonKernel.instance(parent=self, session=self.session, log=self.log, profile_dir=self.profile_dir)
        self.init_path()
        self.init_shell()
        key, cells = read(notebook)
        self.shown = rehearse(cast(InteractiveShell, self.kernel.shell), cells, key)
        widgets = sys.modules.get("ipywidgets")
        self.state = widgets.Widget.get_manager_state() if widgets else {"state": {}}

    def open(self, connection: Mapping[str, Any]) -> None:
        """Be reachable at a connection's sockets, as a process that is nobody's copy."""
        self.session.pid = os.getpid()
        self.session.session = str(uuid.uuid4())
        renew_chance()
        self.load_connection_info(cast(KernelConnectionInfo, connection))
        self.init_sockets()
        self.init_io()
        self.init_signal()
        self.listen()
        self.tell_faults()

    def tell_faults(self) -> None:
        """Let whoever listens hear of what goes wrong while widgets are answered: their own log goes nowhere."""
        for name in COMMS:
            logging.getLogger(name).addHandler(Told(self.kernel))

    def init_sockets(self) -> None:
        """Have all of them answered by the thread that answers for the lesson."""
        loop, self.context = IOLoop.current(), zmq.Context()
        self.shell_socket, self.shell_port = self._bound(zmq.ROUTER, self.shell_port)
        self.stdin_socket, self.stdin_port = self._bound(zmq.ROUTER, self.stdin_port)
        self.control_socket, self.control_port = self._bound(zmq.ROUTER, self.control_port)
        alive, self.hb_port = self._bound(zmq.ROUTER, self.hb_port)
        echo(loop, alive)
        told, self.iopub_port = self._bound(zmq.XPUB, self.iopub_port)
        told.set(zmq.XPUB_VERBOSE, 1)  # every page is welcomed, also the second
        self.iopub_thread = Voice(told, self.session, loop)
        self.iopub_socket = self.iopub_thread.background_socket

    def _bound(self, kind: int, port: int) -> tuple[Any, int]:
        socket = cast("zmq.Context[Any]", self.context).socket(kind)
        socket.linger = 1000
        return socket, self._bind_socket(socket, port)

    def listen(self) -> None:
        """Give the kernel, made without any, its sockets."""
        kernel, shell = self.kernel, self.kernel.shell
        kernel.shell_stream, kernel.control_stream = ZMQStream(self.shell_socket), ZMQStream(self.control_socket)
        kernel.iopub_thread = self.iopub_thread
        kernel.iopub_socket, kernel.stdin_socket = self.iopub_socket, self.stdin_socket
        kernel._stdout, kernel._stderr = sys.stdout, sys.stderr  # it looked before there were any
        shell.displayhook.pub_socket = shell.display_pub.pub_socket = self.iopub_socket


def read(notebook: Path) -> tuple[str, dict[int, str]]:
    """Return a name for exactly this notebook, and the code to run by place: all but what the page itself asks."""
    text = notebook.read_text(encoding="utf-8")
    found = nbformat.reads(text, nbformat.NO_CONVERT)
    code = {place: each for place, each in enumerate(found.cells) if each.cell_type == "code"}
    return text, {place: each.source for place, each in code.items() if not each.metadata.get("banyan", {}).get(ASK)}


def renew_chance() -> None:
    """Draw new random numbers: copies of one process would all draw the same."""
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


def main() -> None:
    bind_to_parent(int(os.environ["JPY_PARENT_PID"]))
    connection_file, notebook = (Path(each) for each in sys.argv[2:])
    connection = json.loads(connection_file.read_bytes())
    own = Path(connection["ip"]).parent if connection["transport"] == "ipc" else None
    if own:
        os.environ |= environment(empty_home(own))
        confine([notebook.parent], [own])
    app = LessonKernel.instance()
    app.rehearse(notebook)
    if own:
        limit(mapped(), own=own)
    app.open(connection)
    app.start()


if __name__ == "__main__":
    main()
