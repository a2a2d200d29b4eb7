"""An open line of requests: each is sent at its time, whether those before it were answered or not.

So nobody's waiting is left out of the figures.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

AT_ONCE = 256
HEAD = 1 << 16


@dataclass(frozen=True)
class Asked:
    """One request, ready to be sent; `kind` names it in the figures, `expected` is the status of its reply."""

    kind: str
    sent: bytes
    expected: int = 200


@dataclass(frozen=True)
class Answered:
    """`took` is in seconds from when the request was due; `fault` is "" where the reply was the expected one."""

    kind: str
    took: float
    fault: str = ""


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    told = {"host": "127.0.0.1", **headers} | ({"content-length": str(len(body))} if body else {})
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def send(asked: Sequence[Asked], port: int, each_second: float) -> list[Answered]:
    """Send requests at a steady pace and return how each was answered."""
    return asyncio.run(_send(asked, port, each_second))


async def _send(asked: Sequence[Asked], port: int, each_second: float) -> list[Answered]:
    lines = _Lines(port)
    began = time.perf_counter() + 0.2
    tasks = []
    for due, each in _due(asked, began, each_second):
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(lines.ask(each, due)))
    return list(await asyncio.gather(*tasks))


def _due(asked: Sequence[Asked], began: float, each_second: float) -> Iterator[tuple[float, Asked]]:
    return ((began + number / each_second, each) for number, each in enumerate(asked))


class _Lines:
    """Connections that are kept open and used again, as a proxy does before the portal."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.most = asyncio.Semaphore(AT_ONCE)

    async def ask(self, asked: Asked, due: float) -> Answered:
        async with self.most:
            kept = bool(self.free)
            try:
                reader, writer = self.free.pop() if kept else await self._open()
                try:
                    status = await _exchange(reader, writer, asked)
                except asyncio.IncompleteReadError as fault:
                    if not kept or fault.partial:
                        raise
                    reader, writer = await self._open()  # closed for having been idle, as a proxy meets it too
                    status = await _exchange(reader, writer, asked)
            except (OSError, asyncio.IncompleteReadError, ValueError) as fault:
                return Answered(asked.kind, time.perf_counter() - due, repr(fault))
        self.free.append((reader, writer))
        return Answered(asked.kind, time.perf_counter() - due, "" if status == asked.expected else f"status {status}")

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port, limit=HEAD)


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: Asked) -> int:
    writer.write(asked.sent)
    return await _reply(reader)


async def _reply(reader: asyncio.StreamReader) -> int:
    """Read a reply to its end and return its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    told = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    if "content-length" in told:
        await reader.readexactly(int(told["content-length"]))
    else:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return int(head[0].split(" ")[1])
