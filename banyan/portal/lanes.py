"""Who waits for whom: pages, learners' own exams, and what takes long have threads of their own.

Threads that take turns at one interpreter only take longer the more they are: forty, as is usual, took twice the processor
time for each page. They take turns on one core: each turn that went to another one cost a sixth more, and on a busy machine
everybody waited. And whoever sends a photo keeps a thread until it is read, which may be a minute.
"""

import gc
import os
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

P = ParamSpec("P")
T = TypeVar("T")
PAGES, EXAMS, LONG = 4, 4, 2
CORES = os.sched_getaffinity(0)
_exams, _long = CapacityLimiter(EXAMS), CapacityLimiter(LONG)


def on_one_core() -> None:
    """Keep this thread, and those it will begin, to one core; several portals of a machine mostly to different ones."""
    cores = sorted(CORES)
    _keep_to({cores[os.getpid() % len(cores)]})


def _keep_to(cores: Collection[int]) -> None:
    with suppress(OSError):  # they were taken from us meanwhile, or it is not ours to choose: slower, but no fault
        os.sched_setaffinity(0, cores)


@contextmanager
def _on_any_core() -> Iterator[None]:
    """Let this thread and the processes it begins run where there is room."""
    kept = os.sched_getaffinity(0)
    _keep_to(CORES)
    try:
        yield
    finally:
        _keep_to(kept)


@asynccontextmanager
async def ready(_app: Any) -> AsyncIterator[None]:
    """Let few pages be made at the same time, and the collector go over what stays for good never again.

    Left to itself it goes over all of it every few thousand pages, and nobody is served for half a second.
    """
    to_thread.current_default_thread_limiter().total_tokens = PAGES
    gc.collect()
    gc.freeze()
    yield


async def in_an_exam(work: Callable[[], T]) -> T:
    """Do a short work of somebody's exam, for which they wait with the clock running."""
    return await to_thread.run_sync(work, limiter=_exams)


def apart(handler: Callable[P, Any]) -> Callable[P, Any]:
    """Return a handler that takes long as one that no page waits for."""

    def work(*args: P.args, **asked: P.kwargs) -> Any:
        with _on_any_core():
            return handler(*args, **asked)

    @wraps(handler)
    async def made(*args: P.args, **asked: P.kwargs) -> Any:
        return await to_thread.run_sync(partial(work, *args, **asked), limiter=_long)

    return made
