"""One event loop for every browser of a process of tests: a TestClient left to itself begins a thread and a loop for each
request, which takes longer than most pages.
"""

from functools import cache
from queue import Queue
from threading import Thread

import anyio
from anyio.abc import BlockingPortal


@cache
def one_loop() -> BlockingPortal:
    opened: Queue[BlockingPortal] = Queue()
    Thread(target=anyio.run, args=(_serve, opened), name="browsers", daemon=True).start()
    return opened.get()


async def _serve(opened: Queue[BlockingPortal]) -> None:
    async with BlockingPortal() as portal:
        opened.put(portal)
        await portal.sleep_until_stopped()
