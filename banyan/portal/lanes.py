"""Who waits for whom: pages, learners' own exams, and what takes long have threads of their own.

Threads that take turns at one interpreter only take longer the more they are: forty, as is usual, took twice the processor
time for each page. And whoever sends a photo keeps a thread until it is read, which may be a minute.
"""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

P = ParamSpec("P")
T = TypeVar("T")
PAGES, EXAMS, LONG = 4, 4, 2
_exams, _long = CapacityLimiter(EXAMS), CapacityLimiter(LONG)


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

    @wraps(handler)
    async def made(*args: P.args, **asked: P.kwargs) -> Any:
        return await to_thread.run_sync(partial(handler, *args, **asked), limiter=_long)

    return made
