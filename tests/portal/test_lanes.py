import gc

from anyio import to_thread
from starlette.testclient import TestClient

from banyan.portal.lanes import PAGES
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
