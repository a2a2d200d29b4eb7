"""Who is at home: one open file that `banyan serve` and `banyan upgrade` lock in turn, and whether the pages answer."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException

from banyan.errors import HomeError
from banyan.settings import Home, Settings

HEALTH = "/services/portal/health"


def hold(home: Home) -> int:
    """Return the lock on a home as an open file; HomeError while somebody else has it. It ends with its last holder."""
    home.run.mkdir(mode=0o700, exist_ok=True)
    lock = os.open(home.run / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise HomeError("{home} 已经有一个榕学在运行；请先停掉它", home=home.root) from None
    return lock


@contextmanager
def alone_with(home: Home) -> Iterator[None]:
    lock = hold(home)
    try:
        yield
    finally:
        os.close(lock)


def is_served(home: Home) -> bool:
    try:
        with alone_with(home):
            return False
    except HomeError:
        return True


def answers(home: Home, settings: Settings) -> bool:
    """Say whether the portal's health page comes through the house's own port, which `serve --port` may have chosen."""
    note = home.run / "serve.port"
    noted = note.read_text() if note.exists() else ""
    port = int(noted) if noted.isdecimal() else settings.port
    host = "127.0.0.1" if settings.address == "0.0.0.0" else settings.address  # noqa: S104 - compared, not bound
    connection = HTTPConnection(host, port, timeout=3)
    try:
        connection.request("GET", HEALTH)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
