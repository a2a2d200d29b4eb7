"""Carrying connections from a server's own network to one port of this machine, byte for byte."""

import asyncio
import socket
from contextlib import suppress

CHUNK = 1 << 16
MOST = 64  # connections at once through one door; more wait


async def carry(door: socket.socket, port: int) -> None:
    """Take every connection that comes to a door on to 127.0.0.1 and this port, for ever."""
    held = asyncio.Semaphore(MOST)

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with held:
            with suppress(OSError):
                inner, outer = await asyncio.open_connection("127.0.0.1", port)
                await asyncio.gather(_pour(reader, outer), _pour(inner, writer))
            writer.close()

    async with await asyncio.start_server(take, sock=door) as server:
        await server.serve_forever()


async def _pour(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
    """Pass on what comes until it ends; a side that breaks off ends both."""
    try:
        while data := await source.read(CHUNK):
            into.write(data)
            await into.drain()
        if into.can_write_eof():
            into.write_eof()
    except OSError:
        into.close()
