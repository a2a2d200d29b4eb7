"""A pytest plugin: nbgrader's own tests, as installed with it, meet our exchange and a real portal behind it.

Their commands run as they are; `nbgrader` finds our exchange in hub_config/nbgrader_config.py, as in JupyterLab. One
person plays teacher and pupil in them, which here nobody is to themselves: a command of a teacher's bears the trainer's token.
Where a test looks into the exchange's folder to see what was handed in, `Window` shows there what the portal holds.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbgrader.tests
import pytest
from nbgrader import utils
from nbgrader.tests.apps.base import BaseTestApp
from sqlalchemy import delete, select

from banyan.records.engine import reading, writing
from banyan.records.tasks import HandOut, TaskSubmission
from banyan.settings import HOUSE
from grading.bundle import unpacked
from grading.exchange.base import STAMP
from tests.grading.exchange.portal import Portal, portal

COURSES = ("abc101", "abc102", "xyz200")
OF_TRAINERS = ("release_assignment", "release", "release_feedback", "collect")
MARKS = (b"### BEGIN SOLUTION", b"### END SOLUTION")
run = nbgrader.tests.run_nbgrader


@pytest.fixture(scope="session")
def house() -> Iterator[Portal]:
    with tempfile.TemporaryDirectory() as folder, portal(Path(folder), examples=False) as opened:
        opened.trust(COURSES)
        opened.name_learner(utils.get_username())
        yield opened


@pytest.fixture(autouse=True)
def our_exchange(house: Portal, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin each test with an empty exchange, ours in place of nbgrader's."""
    with writing(house.make) as session:
        session.execute(delete(TaskSubmission))
        session.execute(delete(HandOut))
    seen = Path(request.getfixturevalue("exchange")) if "exchange" in request.fixturenames else None
    window = Window(house, seen)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(HOUSE / "tests" / "grading" / "exchange"))
    monkeypatch.setenv("BANYAN_PORTAL_URL", house.url)
    monkeypatch.setenv("USER", utils.get_username())
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")  # alembic

    def run_as(args: list[str], *rest: Any, **how: Any) -> Any:
        of_trainer = args[0] in OF_TRAINERS or "--inbound" in args or ("--remove" in args and "--cached" not in args)
        monkeypatch.setenv("JUPYTERHUB_API_TOKEN", house.trainer if of_trainer else house.learner)
        surroundings = os.environ
        try:
            return run(args, *rest, **how)
        finally:
            os.environ = surroundings  # noqa: B003 -- nbgrader leaves a copy there, whose changes monkeypatch does not undo
            window.show()

    monkeypatch.setattr(request.module, "run_nbgrader", run_as)


@pytest.fixture(autouse=True)
def released_means_without_solutions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests release a notebook with solutions in it, which the portal would not hand out."""
    copy = BaseTestApp._copy_file

    def copied(self: Any, src: str, dest: str) -> None:
        copy(self, src, dest)
        if "release" in Path(dest).parts:
            path = Path(dest)
            content = path.read_bytes()
            for mark in MARKS:
                content = content.replace(mark, b"")
            path.write_bytes(content)

    monkeypatch.setattr(BaseTestApp, "_copy_file", copied)


class Window:
    """Shows in a folder what the portal holds, in the way nbgrader's own exchange would keep it there; nothing reads it back."""

    def __init__(self, house: Portal, folder: Path | None) -> None:
        self.house, self.folder = house, folder

    def show(self) -> None:
        if self.folder is None:
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        with reading(self.house.make) as session:
            for row in session.scalars(select(HandOut).where(HandOut.withdrawn_at.is_(None))):
                self._put(self.folder / row.course / "outbound" / row.task, self.house.bundles.read(row.digest))
                (self.folder / row.course / "inbound").mkdir(exist_ok=True)
            for row in session.scalars(select(TaskSubmission)):
                self._show_work(row)

    def _show_work(self, row: TaskSubmission) -> None:
        assert self.folder
        moment = row.submitted_at.strftime(STAMP)
        place = self.folder / row.course / "inbound" / f"{row.person.handle}+{row.task}+{moment}"
        self._put(place, self.house.bundles.read(row.digest))
        (place / "timestamp.txt").write_text(moment)

    @staticmethod
    def _put(place: Path, data: bytes) -> None:
        for name, content in unpacked(data).items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the exchange's folder: tests/grading/exchange/test_nbgraders_own.py says which and why."""
    pattern = os.environ.get("BANYAN_LEFT_OUT", "")
    left_out = [each for each in items if pattern and re.search(pattern, each.nodeid)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [each for each in items if each not in left_out]
