"""`python -m banyan.labs ORDER LISTENING TELLING`: attend to one person's server until it or the hub ends.

LISTENING is the open socket that the proxy reaches the server by, TELLING the pipe on which the hub hears that the server
serves, or that no walls stand; it hears nothing of a server that ends before. Nothing of Jupyter is loaded out here.
"""

import asyncio
import os
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from banyan.labs.family import follow
from banyan.labs.order import NO_WALLS, STANDS, Order
from banyan.labs.relay import carry
from banyan.labs.watch import watch
from grading.confinement.folders import remove
from grading.confinement.server import limit_server, shut_in
from grading.confinement.system import PR_SET_PDEATHSIG, prctl

PATIENCE = 4  # seconds a server has to end what it runs
DOORS_MOST = 8


@dataclass(frozen=True)
class Given:
    """What is handed in from outside, for the server alone."""

    listening: socket.socket
    telling: int

    def tell(self, what: str) -> None:
        os.write(self.telling, what.encode())
        os.close(self.telling)

    def close(self) -> None:
        self.listening.close()
        os.close(self.telling)


def main() -> None:
    order, given = Order.heard(sys.argv[1]), Given(socket.socket(fileno=int(sys.argv[2])), int(sys.argv[3]))
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    scratch = _new_scratch(Path(order.scratch))
    here, there = socket.socketpair()
    child = os.fork()
    if not child:
        here.close()
        _begin(order, given, there)
    there.close()
    given.close()
    doors = _doors(here, len(order.ports))
    try:
        asyncio.run(attend(child, order, doors))
    finally:
        remove(scratch)


async def attend(child: int, order: Order, doors: Sequence[socket.socket]) -> None:
    """Carry what comes to the doors to the ports they stand for, and keep watch, until the child has ended."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, asked.set)
    work = [loop.create_task(carry(door, port)) for door, port in zip(doors, order.ports, strict=True)]
    work.append(loop.create_task(watch(child, order)))
    ended = loop.run_in_executor(None, os.waitpid, child, 0)
    ended.add_done_callback(lambda _: asked.set())
    await asked.wait()
    if not ended.done():
        await _end(child, ended)
    for task in work:
        task.cancel()


async def _end(child: int, ended: asyncio.Future[tuple[int, int]]) -> None:
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGTERM)
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(ended), PATIENCE)
        return
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)  # the first of its own ids hears of it and takes all others along
    await ended


def _begin(order: Order, given: Given, there: socket.socket) -> NoReturn:
    """Put up the walls, hand the doors out, and let the first of the server's own process ids look after the rest."""
    attendant = os.getppid()
    walls, doors = shut_in([Path(each) for each in order.readable], order.own, order.ports)
    if not walls.alone:
        there.close()
        given.tell(NO_WALLS)
        os._exit(1)
    print(f"walls: {walls}", flush=True)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != attendant:
        os._exit(1)
    socket.send_fds(there, [b"doors"], [each.fileno() for each in doors])
    there.close()
    for each in doors:
        each.close()
    for _ in ("the first of its own process ids", "the server"):
        if child := os.fork():
            given.close()
            follow(child)
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    _serve(order, given)


def _serve(order: Order, given: Given) -> NoReturn:
    code = 1
    try:
        limit_server()
        os.chdir(order.begins_in)
        from banyan.labs.server import serve  # of Jupyter no other process is to know

        serve(given.listening, lambda: given.tell(STANDS))
        code = 0
    finally:
        if fault := sys.exc_info()[1]:
            traceback.print_exception(fault)
        sys.stderr.flush()
        os._exit(code)


def _doors(here: socket.socket, count: int) -> list[socket.socket]:
    """Return the listening sockets that a child sends once its walls stand; none if it ends before."""
    with here:
        _, handed, _, _ = socket.recv_fds(here, 16, DOORS_MOST)
    return [socket.socket(fileno=each) for each in handed[:count]]


def _new_scratch(scratch: Path) -> Path:
    """Make the short-named folder for sockets and passing files afresh; what somebody else put there stays and stops us."""
    if scratch.is_symlink() or (scratch.exists() and scratch.stat().st_uid != os.geteuid()):
        raise PermissionError(f"{scratch} is somebody else's")
    remove(scratch)
    scratch.mkdir(mode=0o700)
    return scratch


if __name__ == "__main__":
    main()
