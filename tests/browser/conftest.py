"""A house of its own for the journeys, and the browsers people come with."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import Visitor
from tests.chromium import PATIENCE
from tests.conftest import Served

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1280, "height": 900}}
V = TypeVar("V", bound=Visitor)
Comes = Callable[..., V]


@pytest.fixture
def comes(chromium: Browser, served: Served) -> Iterator[Comes[Visitor]]:
    """`comes(Learner, PHONE, "a name")` opens a browser of their own for somebody."""
    yield from visits(chromium, served)


@pytest.fixture
def arrives(chromium: Browser, served_installed: Served) -> Iterator[Comes[Visitor]]:
    """The same at the county that was installed in earnest."""
    yield from visits(chromium, served_installed)


def visits(chromium: Browser, served: Served) -> Iterator[Comes[Visitor]]:
    contexts = []

    def open_context(kind: type[V], device: dict[str, object], name: str = "visitor", **more: object) -> V:
        context = chromium.new_context(base_url=served.url, locale="zh-CN", timezone_id="Asia/Shanghai", **device, **more)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return kind(context, served, name)

    yield open_context
    for context in contexts:
        context.close()
