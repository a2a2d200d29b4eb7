"""The browser of every test that needs one: a real Chromium that speaks to nobody but the house.

One for each file of tests, not for the whole run: while Playwright lives, its thread counts as running an event loop,
and tests of other files that run a loop of their own would be refused.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (  # no sandbox for root, and not a word to anybody else
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 120_000  # milliseconds; two cores may be busy with other tests, and a wait that is not needed costs nothing
expect.set_options(timeout=PATIENCE)


def executable() -> str:
    path = os.environ.get("BANYAN_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise FileNotFoundError("no Chromium in PATH; ./dev test installs one or says why it cannot")
    return path


@contextmanager
def open_chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(QUIET), timeout=60_000)
        yield browser
        browser.close()


@contextmanager
def open_profile(like: Browser, folder: Path, screen: ViewportSize) -> Iterator[BrowserContext]:
    """Give a browser that remembers from one time to the next what it kept in a folder."""
    path, args = executable(), list(QUIET)
    phone = like.browser_type.launch_persistent_context(folder, executable_path=path, args=args, locale="zh-CN", viewport=screen)
    yield phone
    phone.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser
