"""Taking a learner, or some papers, out of a course's gradebook: rows, files, and what of them lies in its free pages."""

import shutil
import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from grading.bridge.copying import OF_ONE
from grading.bridge.gradebook import Course
from grading.bridge.lock import locked

OF_A_LEARNER = "INSERT INTO mine SELECT id FROM submitted_assignment WHERE student_id = ?"
OF_A_PAPER = """
    INSERT INTO mine SELECT handed.id FROM submitted_assignment AS handed JOIN assignment ON handed.assignment_id = assignment.id
    WHERE handed.student_id = ? AND assignment.name = ?
"""
STATEMENTS = (
    "CREATE TEMP TABLE books AS SELECT id FROM submitted_notebook WHERE assignment_id IN (SELECT id FROM mine)",
    "DELETE FROM comment WHERE notebook_id IN (SELECT id FROM books)",
    "DELETE FROM grade WHERE notebook_id IN (SELECT id FROM books)",
    "DELETE FROM submitted_notebook WHERE id IN (SELECT id FROM books)",
    "DELETE FROM submitted_assignment WHERE id IN (SELECT id FROM mine)",
)


@dataclass(frozen=True)
class Paper:
    """What somebody, by their handle, handed in of an assignment."""

    student: str
    assignment: str


def forget(course: Course, handle: str) -> None:
    """Forget a learner, by their handle, while nobody grades the course; forgotten twice is forgotten once."""
    with locked(course.root / "locks" / "course"):
        _delete(course, OF_A_LEARNER, [(handle,)], then=("DELETE FROM student WHERE id = ?", (handle,)))
        _leave(course.root / step / handle for step in OF_ONE)


def forget_papers(course: Course, papers: Collection[Paper]) -> None:
    """Forget what some learners handed in of some assignments, in the same way; the learners stay."""
    with locked(course.root / "locks" / "course"):
        _delete(course, OF_A_PAPER, [(each.student, each.assignment) for each in papers])
        _leave(course.root / step / each.student / each.assignment for step in OF_ONE for each in papers)


def _delete(course: Course, whose: str, values: list[tuple[str, ...]], then: tuple[str, tuple[str, ...]] | None = None) -> None:
    if not course.database.is_file() or course.database.is_symlink():
        return
    with closing(sqlite3.connect(course.database, timeout=30)) as gradebook:
        gradebook.execute("PRAGMA secure_delete=ON")
        if gradebook.execute("SELECT 1 FROM sqlite_master WHERE name = 'submitted_assignment'").fetchone():
            with gradebook:
                gradebook.execute("CREATE TEMP TABLE mine (id TEXT)")
                gradebook.executemany(whose, values)
                for statement in STATEMENTS:
                    gradebook.execute(statement)
                if then:
                    gradebook.execute(*then)
            gradebook.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _leave(folders: Iterable[Path]) -> None:
    for folder in folders:
        linked = any(each.is_symlink() for each in (folder, folder.parent, folder.parent.parent))
        if folder.is_dir() and not linked:
            shutil.rmtree(folder)
