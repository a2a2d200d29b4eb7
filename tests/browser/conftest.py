"""A house of its own for the journeys, and the browsers people come with."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visitor import Visitor
from tests.conftest import Served

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1280, "height": 900}}
V = TypeVar("V", bound=Visitor)
Comes = Callable[..., V]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("BANYAN_CHROMIUM") or shutil.which("chromium")
    assert path, "no Chromium in PATH; ./dev test installs one or says why it cannot"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=Path(path), args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def comes(chromium: Browser, served: Served) -> Iterator[Comes[Visitor]]:
    """`comes(Learner, PHONE, "a name")` opens a browser of their own for somebody."""
    contexts = []

    def open_context(kind: type[V], device: dict[str, object], name: str = "visitor", **more: object) -> V:
        context = chromium.new_context(base_url=served.url, locale="zh-CN", timezone_id="Asia/Shanghai", **device, **more)
        context.set_default_timeout(40_000)
        contexts.append(context)
        return kind(context, served, name)

    yield open_context
    for context in contexts:
        context.close()
