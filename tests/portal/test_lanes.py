import gc
import os
from collections.abc import Callable
from threading import Thread
from typing import Any

import anyio
from anyio import to_thread
from starlette.testclient import TestClient

from banyan.portal.lanes import CORES, PAGES, apart, on_one_core
from tests.portal.conftest import World


def test_a_portal_that_serves_makes_few_pages_at_once_and_sets_aside_what_stays_for_good(world: World) -> None:
    before = gc.get_freeze_count()
    try:
        with TestClient(world.app) as client:
            assert client.portal is not None
            assert client.portal.call(lambda: to_thread.current_default_thread_limiter().total_tokens) == PAGES
            assert gc.get_freeze_count() > before + 10_000
    finally:
        gc.unfreeze()


def in_a_thread(work: Callable[[], Any]) -> Any:
    said: list[Any] = []
    thread = Thread(target=lambda: said.append(work()))
    thread.start()
    thread.join()
    return said[0]


def test_a_portal_keeps_to_one_core_but_for_what_takes_long() -> None:
    def cores() -> frozenset[int]:
        return frozenset(os.sched_getaffinity(0))

    async def ask() -> list[frozenset[int]]:
        return [await to_thread.run_sync(cores), await apart(cores)(), await to_thread.run_sync(cores)]

    def portal() -> list[frozenset[int]]:
        on_one_core()
        return anyio.run(ask)

    page, long, again = in_a_thread(portal)
    assert len(page) == 1 <= len(CORES)
    assert long == CORES
    assert again == page
    assert cores() == CORES, "nobody else is kept there"
