"""Holding our roads to the stock command: what was graded is graded once more by it, in a copy that is thrown away.

The live gradebook is only read. The copy holds one assignment and one submission; the command runs in it as a person would
run it, with a kernel, and shut in if the submission holds a learner's code.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import BaseCell, Grade, Gradebook
from sqlalchemy import select

from banyan.errors import HomeError, TryLaterError
from grading.bridge.gradebook import NOTEBOOK, Course
from grading.confinement.folders import remove
from grading.sandbox.stock import NOT_ALLOWED

PATIENCE = 300  # seconds for the command
HOUSE = Path(__file__).parents[2]
PLACE = "banyan-parity-"
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Handed:
    """One submission in a gradebook; any notebook but an exam's holds code of the learner's."""

    assignment: str
    student: str
    notebook: str = NOTEBOOK

    @property
    def holds_code(self) -> bool:
        return self.notebook != NOTEBOOK


@dataclass(frozen=True)
class Auto:
    """What an autograder gave a cell: points, None where a person decides; of how many; whether a person's mark is needed."""

    points: float | None
    max_points: float
    needs_mark: bool


def held(course: Course, handed: Handed) -> dict[str, Auto]:
    """Return what was given without a person; a mark that was made since does not count."""
    with course.gradebook() as gradebook:
        of = gradebook.find_submission_notebook(handed.notebook, handed.assignment, handed.student).id
        asked = select(BaseCell.name, Grade.auto_score, Grade.max_score, Grade.needs_manual_grade, Grade.manual_score)
        rows = gradebook.db.execute(asked.join(Grade.cell).where(Grade.notebook_id == of))
        return {name: Auto(auto, most, waits or marked is not None) for name, auto, most, waits, marked in rows}


def by_stock(course: Course, handed: Handed, environment: Mapping[str, str] = NOTHING) -> dict[str, Auto]:
    """Return what the stock command gives a submission.

    TryLaterError with its last words if it does not get to its end; HomeError if it would run a learner's code and this
    system cannot shut the command in.
    """
    with _place() as folder:
        copy = _copied(course, handed, Path(folder) / course.name)
        about = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}", "HOME": folder, "LANG": "C.UTF-8"}
        shut_in = ["-m", "grading.sandbox.stock", str(copy.root)] if handed.holds_code else ["-W", "ignore", "-m", "nbgrader"]
        command = [sys.executable, *shut_in, "autograde", handed.assignment, "--force"]
        try:
            done = subprocess.run(
                command,
                cwd=copy.root,
                env={**about, "PYTHONPATH": str(HOUSE), **environment},
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as fault:
            raise TryLaterError("nbgrader 的命令 {seconds} 秒没有做完", seconds=PATIENCE) from fault
        if done.returncode == NOT_ALLOWED:
            raise HomeError("这台机器建不了命名空间，关不住 nbgrader 的命令，有学员程序的作业没有核对")
        if done.returncode:
            raise TryLaterError("nbgrader 的命令没有做完：{reason}", reason=done.stderr[-500:])
        return held(copy, handed)


@contextmanager
def _place() -> Iterator[str]:
    """Yield a folder of one's own; it goes again, whatever a learner's program made of it."""
    folder = tempfile.mkdtemp(prefix=PLACE)
    try:
        yield folder
    finally:
        remove(Path(folder))


def differing(ours: Mapping[str, Auto], theirs: Mapping[str, Auto]) -> list[str]:
    """Return the cells that two sides score or flag differently, or that only one has."""
    return sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))


def _copied(course: Course, handed: Handed, root: Path) -> Course:
    """Return a course with one assignment and one submission, which nobody has graded yet."""
    copy = Course(root)
    for step, student in (("source", "."), ("release", "."), ("submitted", handed.student)):
        shutil.copytree(course.folder(step, handed.assignment, student), copy.folder(step, handed.assignment, student))
    shutil.copy(course.root / "nbgrader_config.py", root)
    with sqlite3.connect(course.database) as live, sqlite3.connect(copy.database) as spare:
        live.backup(spare)
    live.close()
    spare.close()
    with Gradebook(copy.url, copy.name) as gradebook:
        gradebook.remove_submission(handed.assignment, handed.student)
    return copy
