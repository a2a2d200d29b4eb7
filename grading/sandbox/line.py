"""A line between two processes: messages of JSON, each after its length; what comes in is limited before it is read."""

import json
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

HEAD = struct.Struct("!I")
MOST = 8 << 20  # bytes of one message


class BrokenLineError(Exception):
    """The other side is gone or does not keep to the form."""


class SilentLineError(Exception):
    """Nothing came, or not all went, in time."""


class Line:
    """One side of a line; `until` is a moment of the monotonic clock."""

    def __init__(self, side: socket.socket, most: int = MOST) -> None:
        self.side, self.most, self._came, self._going = side, most, bytearray(), bytearray()

    def say(self, message: Any, until: float | None = None) -> None:
        """Send a message; what of it does not go in time is kept, and goes before the next one is heard."""
        body = json.dumps(message).encode()
        if len(body) > self.most:
            raise ValueError("more than the line takes")
        self._going += HEAD.pack(len(body)) + body
        self._send(until)

    def hear(self, until: float | None = None) -> Any:
        """Return the next message; what has come of it is kept if it does not come to its end in time."""
        self._send(until)
        self._fill(HEAD.size, until)
        (length,) = HEAD.unpack_from(self._came)
        if length > self.most:
            raise BrokenLineError("a message that is too long")
        self._fill(HEAD.size + length, until)
        body = bytes(self._came[HEAD.size : HEAD.size + length])
        del self._came[: HEAD.size + length]
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as fault:
            raise BrokenLineError("a message that is no JSON") from fault

    def _fill(self, size: int, until: float | None) -> None:
        while len(self._came) < size:
            with self._within(until):
                part = self.side.recv(min(size - len(self._came), 1 << 16))  # never more: others wait for what is left to read
            if not part:
                raise BrokenLineError("the other side has ended")
            self._came += part

    def _send(self, until: float | None) -> None:
        while self._going:
            with self._within(until):
                del self._going[: self.side.send(self._going)]

    @contextmanager
    def _within(self, until: float | None) -> Iterator[None]:
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0:
            raise SilentLineError
        try:
            self.side.settimeout(left)
            yield
        except TimeoutError:
            raise SilentLineError from None
        except OSError as fault:
            raise BrokenLineError(str(fault)) from fault
