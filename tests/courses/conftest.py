"""The course as its files say it, and its models as a lesson imports them."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "courses/x-1-reporter"


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The course's folder on the path, as in a lesson's kernel; gone again afterwards with all it brought."""
    monkeypatch.syspath_prepend(COURSE)
    yield
    for name in [each for each in sys.modules if each == "models" or each.startswith("models.")]:
        del sys.modules[name]
