"""A course as nbgrader keeps it: one folder, one gradebook; the record of scores.

The folder is a valid nbgrader course: `nbgrader export` in it works, and so does the stock `nbgrader autograde`.
An exam's assignment holds one notebook, `exam`, whose graded cells are its slots by name; a task's is in `task`.
"""

import hashlib
import logging
import os
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import BaseCell, Grade, Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import select
from traitlets.config import Config

from banyan.errors import DisturbedError, TryLaterError
from grading.bridge.kept import KeptGradebook
from grading.bridge.lock import locked

NOTEBOOK = "exam"
NO_FILES: Mapping[str, bytes] = {}
WAIT = 30  # seconds for another writer of the same gradebook
DISTURBED = re.compile(
    "database is locked|database or disk is full|disk I/O error|unable to open database file"
    "|No space left on device|Disk quota exceeded|Cannot allocate memory|Too many open files"
)
"""What nbgrader passes on of a machine's trouble, in SQLite's and the system's words; it raises one error for all faults."""


@dataclass(frozen=True)
class Course:
    """Where a course's gradebook stands: a folder of its own, named like the course."""

    root: Path

    @property
    def name(self) -> str:
        return self.root.name

    @property
    def database(self) -> Path:
        return self.root / "gradebook.db"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}?timeout={WAIT}"

    def folder(self, step: str, assignment: str, student: str = ".") -> Path:
        return self.root / step / student / assignment

    def config(self) -> Config:
        directory = {"root": str(self.root), "course_id": self.name, "db_url": self.url}
        return Config({"CourseDirectory": directory})

    def directory(self, config: Config, assignment: str, student: str = "*") -> CourseDirectory:
        return CourseDirectory(config=config, assignment_id=assignment, student_id=student)

    @contextmanager
    def gradebook(self) -> Iterator[Any]:
        with KeptGradebook(self.url, self.name) as opened:
            yield opened


@dataclass(frozen=True)
class CellScore:
    """What the gradebook holds for one slot of one submission."""

    points: float
    max_points: float
    needs_mark: bool


def assignment_name(release: int, number: int) -> str:
    """Return the assignment of a person's attempt; nbgrader takes one submission of each."""
    return f"exam-r{release}-t{number}"


def ensure_assignment(
    course: Course, assignment: str, source: NotebookNode, notebook: str = NOTEBOOK, files: Mapping[str, bytes] = NO_FILES
) -> None:
    """Make an assignment from its source notebook and the files beside it, once, however many workers ask for it."""
    text = nbformat.writes(source)
    mark, digest = course.root / "made" / assignment, digest_of(text, files)
    if not _says(mark, digest):
        with locked(course.root / "locks" / "course"):
            if not _says(mark, digest):  # another worker may have made it while we waited, and grade with it already
                _make(course, assignment, {**files, f"{notebook}.ipynb": text.encode()})
                mark.parent.mkdir(exist_ok=True)
                mark.write_text(digest)
    _compared.add(mark)


def _make(course: Course, assignment: str, files: Mapping[str, bytes]) -> None:
    _prepare(course)
    folder = course.folder("source", assignment)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    config = course.config()
    run(GenerateAssignment(coursedir=course.directory(config, assignment), config=config, force=True))


_compared: set[Path] = set()
"""Marks of assignments that this process has compared with their source; a release's never changes."""


def stands(course: Course, assignment: str) -> bool:
    """Say whether an assignment is known to be what its source says, without looking at the source again."""
    mark = course.root / "made" / assignment
    return mark in _compared and mark.exists()


def digest_of(text: str, files: Mapping[str, bytes]) -> str:
    """Return what changes when a source notebook or a file beside it changes."""
    whole = hashlib.sha256(text.encode())
    for name in sorted(files):
        whole.update(f"\0{name}\0{len(files[name])}\0".encode() + files[name])
    return whole.hexdigest()


def _says(mark: Path, digest: str) -> bool:
    return mark.exists() and mark.read_text() == digest


def _prepare(course: Course) -> None:
    """Write what makes a folder an nbgrader course; a gradebook that writes ahead does not lock its readers out."""
    config = f"c = get_config()\nc.CourseDirectory.course_id = {course.name!r}\n"
    (course.root / "nbgrader_config.py").write_text(config, encoding="utf-8")
    with alembic_on_path():
        Gradebook(course.url, course.name).close()
    sqlite3.connect(course.database).execute("PRAGMA journal_mode=WAL").connection.close()


@contextmanager
def alembic_on_path() -> Iterator[None]:
    """A new gradebook asks the command `alembic` for its version; ours stands beside our Python, wherever PATH points."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before


def run(converter: BaseConverter) -> None:
    """Run one of nbgrader's converters, or raise TryLaterError with what it had to say.

    DisturbedError where the gradebook was locked or the disk full: the same would work at another time.
    """
    said = StringIO()
    handler = logging.StreamHandler(said)
    handler.setLevel(logging.ERROR)
    converter.log.addHandler(handler)
    try:
        converter.start()
    except (NbGraderException, RuntimeError) as fault:
        if found := DISTURBED.search(said.getvalue()):
            raise DisturbedError("成绩册正被占用，或者机器的磁盘、内存不够：{reason}", reason=found[0]) from fault
        raise TryLaterError("成绩册没有做完这一步：{reason}", reason=_reason(said.getvalue(), fault)) from fault
    finally:
        converter.log.removeHandler(handler)


def _reason(said: str, fault: Exception) -> str:
    """Return the last error nbgrader logged: it tells them all and then raises one that says nothing."""
    named = re.findall(r"^[\w.]+(?:Error|Exception|Entry)\b.*", said, re.MULTILINE)
    return str(named[-1] if named else fault)[:500]


def scores(course: Course, assignment: str, student: str, notebook: str = NOTEBOOK) -> dict[str, CellScore]:
    """Return what the gradebook holds for a submission, cell by cell (an exam's cells are its slots)."""
    with course.gradebook() as gradebook:
        of = gradebook.find_submission_notebook(notebook, assignment, student).id
        asked = select(BaseCell.name, Grade.score, Grade.max_score, Grade.needs_manual_grade).join(Grade.cell)
        return {name: CellScore(*held) for name, *held in gradebook.db.execute(asked.where(Grade.notebook_id == of))}


def without_marks(course: Course, assignment: str, student: str, cells: Iterable[str]) -> dict[str, CellScore]:
    """Take away the marks and comments that people gave some cells of an exam, and return what the gradebook then holds."""
    with course.gradebook() as gradebook:
        for name in cells:
            gradebook.find_grade(name, NOTEBOOK, assignment, student).manual_score = None
            gradebook.find_comment(name, NOTEBOOK, assignment, student).manual_comment = None
        gradebook.db.commit()
    return scores(course, assignment, student)


@dataclass(frozen=True)
class ManualMark:
    """A person's points for an open answer, and a word to whoever wrote it."""

    slot: str
    points: float
    comment: str = ""


def mark(course: Course, assignment: str, student: str, given: ManualMark, notebook: str = NOTEBOOK) -> None:
    """Write a mark into the gradebook, over an earlier one."""
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade(given.slot, notebook, assignment, student)
        grade.manual_score, grade.needs_manual_grade = given.points, False
        gradebook.find_comment(given.slot, notebook, assignment, student).manual_comment = given.comment or None
        gradebook.db.commit()
