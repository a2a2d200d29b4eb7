"""Many at once at our house: what a live kernel weighs, how soon a moved slider is answered, how many readers are served."""

import asyncio
import random
from collections.abc import Awaitable, Iterable
from statistics import mean, quantiles
from typing import Any

import psutil

from tests.bench._opens import Line, Reader
from tests.bench._school import Place

MB = 1 << 20


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


async def some(work: Iterable[Awaitable[Any]], at_once: int) -> list[Any]:
    """Return what each came to, faults too, never more than so many at once."""
    few = asyncio.Semaphore(at_once)

    async def one(each: Awaitable[Any]) -> Any:
        async with few:
            return await each

    return await asyncio.gather(*map(one, work), return_exceptions=True)


def faults(found: list[Any]) -> list[str]:
    return sorted({f"{type(each).__name__}: {each}"[:120] for each in found if isinstance(each, BaseException)})


async def readers_served(readers: list[Reader], at_once: int) -> dict[str, Any]:
    """Let everybody read the page and practise; nobody has a kernel."""
    found = await some((each.practise() for each in readers), at_once)
    return {"readers_ok": sum(each is None for each in found), "readers_faults": faults(found)}


async def live_kernels(readers: list[Reader], at_once: int) -> dict[str, Any]:
    """Let everybody open the lesson and keep it open, each answered once; then count who still has their kernel."""
    found = await some((each.open() for each in readers), at_once)
    lines = [each for each in found if isinstance(each, Line)]
    again = await some((each.move() for each in lines), at_once)
    alive = sum(isinstance(each, float) for each in again)
    for each in lines:
        each.socket.close()
    await some((each.give_back() for each in readers), at_once)
    return {"live_kernels_ok": alive, "live_kernels_faults": faults([*found, *again])}


async def moving(place: Place, readers: list[Reader], seconds: int) -> dict[str, float]:
    """Let everybody move the slider once a second; return what kernels weigh and how long answers took."""
    lines = await asyncio.gather(*(each.open() for each in readers))
    weight = weigh(place)

    async def one(line: Line) -> list[float]:
        await asyncio.sleep(random.random())
        took = []
        for _ in range(seconds):
            took.append(await line.move())
            await asyncio.sleep(max(0, 1 - took[-1]))
        return took

    took = [each for times in await asyncio.gather(*map(one, lines)) for each in times]
    for line in lines:
        line.socket.close()
    await asyncio.gather(*(each.give_back() for each in readers))
    return weight | {"roundtrip_p95_ms": round(p95(took) * 1000, 1), "roundtrip_mean_ms": round(mean(took) * 1000, 1)}


def weigh(place: Place) -> dict[str, float]:
    """Return the mean PSS of live kernels in MB, and what the process they were forked from weighs beside."""
    below = place.process.children(recursive=True)
    first = [each for each in below if each.parent() == place.process and "banyan.lessons.zygote" in each.cmdline()]
    pss = {each.pid: each.memory_full_info().pss / MB for each in first}
    oldest = min(first, key=psutil.Process.create_time)  # kernels keep the command line they were forked with
    kernels = [weight for pid, weight in pss.items() if pid != oldest.pid]
    shared = (sum(kernels) + pss[oldest.pid]) / len(kernels)
    return {"pss_mb": round(mean(kernels), 2), "pss_with_snapshot_mb": round(shared, 2), "kernels_weighed": len(kernels)}
