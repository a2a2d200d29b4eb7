"""A house of its own for the journeys, and the browsers people come with."""

from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import Visitor
from tests.chromium import PATIENCE
from tests.conftest import Served

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1280, "height": 900}}
Report = pytest.TestReport
V = TypeVar("V", bound=Visitor)
Comes = Callable[..., V]
VISITORS = pytest.StashKey[list[Visitor]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell a failed journey with what each browser saw of it."""
    report = yield
    if call.when == "call" and report.failed:
        report.sections += [("what the browser saw", each.told()) for each in item.stash.get(VISITORS, [])]
    return report


@pytest.fixture
def visitors(request: pytest.FixtureRequest) -> list[Visitor]:
    """Everybody who comes in this test."""
    return request.node.stash.setdefault(VISITORS, [])


@pytest.fixture
def comes(chromium: Browser, served: Served, visitors: list[Visitor]) -> Iterator[Comes[Visitor]]:
    """`comes(Learner, PHONE, "a name")` opens a browser of their own for somebody."""
    yield from visits(chromium, served, visitors)


@pytest.fixture
def arrives(chromium: Browser, served_installed: Served, visitors: list[Visitor]) -> Iterator[Comes[Visitor]]:
    """The same at the county that was installed in earnest."""
    yield from visits(chromium, served_installed, visitors)


def visits(chromium: Browser, served: Served, visitors: list[Visitor]) -> Iterator[Comes[Visitor]]:

    def open_context(kind: type[V], device: dict[str, object], name: str = "visitor", **more: object) -> V:
        context = chromium.new_context(base_url=served.url, locale="zh-CN", timezone_id="Asia/Shanghai", **device, **more)
        context.set_default_timeout(PATIENCE)
        visitor = kind(context, served, name)
        visitors.append(visitor)
        return visitor

    yield open_context
    for visitor in visitors:
        visitor.context.close()
