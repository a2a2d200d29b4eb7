"""How much all of a person's programs take together, and ending what takes too much.

The limits of one process (grading.confinement.server) hold at once; these are looked at every few seconds.
"""

import asyncio
import os
import resource
import signal
import traceback
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from banyan.labs.order import Order
from grading.confinement.folders import UnseenError, entries

ROUND = 2.0  # seconds
ROUNDS_FOR_DISK = 10
DEEPEST = 60  # folders within each other
BLOCK = 4096  # bytes that a file or folder takes at least, whatever is in it: a disk can be full of names
TOLD = "停了-stopped.txt"
WORDS = {  # into a file, where nobody's language is known
    "memory": """您的程序用的内存太多（上限 {most} MB），已经停掉其中最大的一个。请把数据分小一点再算。
Your programs took too much memory (limit {most} MB); the largest was ended. Work on less data at a time.
""",
    "processes": """您的程序开的进程太多（上限 {most} 个），JupyterLab 已经停掉。请检查程序，再从门户打开。
Your programs started too many processes (limit {most}); JupyterLab was stopped. Check them, then open it again.
""",
    "deep": """您的文件夹套得太深（上限 {most} 层），或者有的看不了，JupyterLab 已经停掉。请从门户再打开，马上删掉不要的文件夹。
Your folders are nested too deeply (limit {most}) or cannot be read; JupyterLab was stopped. Open it again and delete them.
""",
    "disk": """您的文件夹太大（上限 {most} MB），JupyterLab 已经停掉。请从门户再打开，马上删掉不要的文件。
Your folder is too large (limit {most} MB); JupyterLab was stopped. Open it again and delete what you do not need.
""",
}
MB = 1 << 20


class Taken(NamedTuple):
    process: int
    parent: int
    memory: int


async def watch(root: int, order: Order) -> None:
    """Keep everything below a process within an order's limits, for ever: a round that fails is told, and the next begins.

    Below it stand the process that looks after the server and the server itself: what is too large is ended under these,
    what is too much ends all.
    """
    count, told = 0, ""
    while True:
        await asyncio.sleep(ROUND)
        count += 1
        try:
            await _look_around(root, order, disk=count % ROUNDS_FOR_DISK == 0)
        except Exception as fault:  # noqa: BLE001 - whatever it is, nobody else keeps watch
            if (new := repr(fault)) != told:
                told = new
                traceback.print_exc()


async def _look_around(root: int, order: Order, disk: bool) -> None:
    below = list(family(root))
    if len(below) > order.processes:
        _tell(order, "processes", order.processes)
        _kill(root)
    elif sum(each.memory for each in below) > order.memory:
        _tell(order, "memory", order.memory // MB)
        spared = {each.process for each in below if each.parent == root} | {root}
        rest = [each for each in below if each.parent not in spared and each.process not in spared]
        _kill(max(rest, key=lambda each: each.memory).process if rest else root)
    elif disk and (what := await asyncio.to_thread(_too_much, order)):
        _tell(order, what, DEEPEST if what == "deep" else order.disk // MB)
        _kill(root)


def family(root: int) -> Iterator[Taken]:
    """Yield every living process below one, with the bytes of memory it holds."""
    children: dict[int, list[Taken]] = defaultdict(list)
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal() and (taken := _taken(int(entry.name))):
            children[taken.parent].append(taken)
    found = list(children[root])
    for each in found:
        found.extend(children[each.process])
        yield each


def _taken(process: int) -> Taken | None:
    try:
        fields = Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None  # it ended while we looked
    return Taken(process, int(fields[1]), int(fields[21]) * resource.getpagesize())


def _too_much(order: Order) -> str:
    """Return what a person's folders have too much of, "" while they keep within the limits."""
    size = 0
    try:
        for each in (one for place in order.own for one in entries(place, DEEPEST)):
            size += max(each.st_blocks * 512, BLOCK)
            if size > order.disk:
                return "disk"
    except UnseenError:
        return "deep"
    return ""


def _tell(order: Order, what: str, most: int) -> None:
    """Leave a word in the person's folder; a link they may have put there is not followed."""
    with suppress(OSError):
        word = os.open(order.own[0] / TOLD, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
        with os.fdopen(word, "w", encoding="utf-8") as file:
            file.write(WORDS[what].format(most=most))


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
