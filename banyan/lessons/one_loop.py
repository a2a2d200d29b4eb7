"""A kernel's sockets, all served by its one thread.

ipykernel has threads, each with a loop, for what a kernel says, for what it is told besides and for signs of life. To make
them takes longer than all else that a fork begins with, and writes to more of the memory it shares. One of ours has none:
while it computes it gives no sign of life and takes no word, which its lease allows for seconds.
"""

import threading
from collections.abc import Callable
from typing import Any

import zmq
from ipykernel.iostream import BackgroundSocket, IOPubThread, OutStream
from jupyter_client.session import Session
from tornado.ioloop import IOLoop

AT_ONCE = 64 * 1024  # characters printed that are sent without waiting for the answer to end


def on_news(loop: IOLoop, socket: zmq.Socket[bytes], take: Callable[[list[bytes]], Any]) -> Callable[[], None]:
    """Let each message of a socket be taken on a loop; return what must be called after sending on that socket.

    A zmq socket's descriptor tells of news once, and whoever sends may have heard it in passing.
    """

    def look() -> None:
        while int(socket.get(zmq.EVENTS)) & zmq.POLLIN:
            take(socket.recv_multipart())

    loop.asyncio_loop.add_reader(socket.FD, look)  # type: ignore[attr-defined]
    return look


def echo(loop: IOLoop, socket: zmq.Socket[bytes]) -> None:
    """Give signs of life."""
    on_news(loop, socket, socket.send_multipart)


class Voice(IOPubThread):
    """Says at once what a kernel says, where ipykernel hands it to a thread; what other threads say waits for the loop."""

    thread = None  # type: ignore[assignment]

    def __init__(self, socket: zmq.Socket[bytes], session: Session, loop: IOLoop) -> None:
        self.socket, self.session, self.io_loop = socket, session, loop
        self.background_socket = BackgroundSocket(self)
        self._owner = threading.get_ident()
        self._look = on_news(loop, socket, self._handle_subscription)

    def schedule(self, f: Callable[[], Any]) -> None:
        if threading.get_ident() == self._owner:
            f()
        else:
            self.io_loop.add_callback(f)

    def _really_send(self, msg: list[bytes], *args: Any, **kwargs: Any) -> None:
        self.socket.send_multipart(msg, *args, **kwargs)
        self._look()

    def stop(self) -> None:
        """There is nothing to stop."""


class Printed(OutStream):
    """What code prints, sent when an answer ends or much has come together."""

    _held = 0

    def write(self, string: str) -> int:
        written = super().write(string) or 0
        self._held += len(string)
        if self._held > AT_ONCE:
            self._held = 0
            self.flush()
        return written
