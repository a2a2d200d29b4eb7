"""Taking one learner out of a course's gradebook: rows, files, and what of them lies in the database's free pages."""

import shutil
import sqlite3
from contextlib import closing

from grading.bridge.copying import OF_ONE
from grading.bridge.gradebook import Course
from grading.bridge.lock import locked

STATEMENTS = (
    "CREATE TEMP TABLE mine AS SELECT id FROM submitted_assignment WHERE student_id = :who",
    "CREATE TEMP TABLE books AS SELECT id FROM submitted_notebook WHERE assignment_id IN (SELECT id FROM mine)",
    "DELETE FROM comment WHERE notebook_id IN (SELECT id FROM books)",
    "DELETE FROM grade WHERE notebook_id IN (SELECT id FROM books)",
    "DELETE FROM submitted_notebook WHERE id IN (SELECT id FROM books)",
    "DELETE FROM submitted_assignment WHERE id IN (SELECT id FROM mine)",
    "DELETE FROM student WHERE id = :who",
)


def forget(course: Course, handle: str) -> None:
    """Forget a learner, by their handle, while nobody grades the course; forgotten twice is forgotten once."""
    with locked(course.root / "locks" / "course"):
        if course.database.is_file() and not course.database.is_symlink():
            with closing(sqlite3.connect(course.database, timeout=30)) as gradebook:
                _delete(gradebook, handle)
        for step in OF_ONE:
            folder = course.root / step / handle
            if folder.is_dir() and not folder.is_symlink() and not folder.parent.is_symlink():
                shutil.rmtree(folder)


def _delete(gradebook: sqlite3.Connection, handle: str) -> None:
    gradebook.execute("PRAGMA secure_delete=ON")
    there = gradebook.execute("SELECT 1 FROM sqlite_master WHERE name = 'submitted_assignment'").fetchone()
    if there:
        with gradebook:
            for statement in STATEMENTS:
                gradebook.execute(statement, {"who": handle} if ":who" in statement else {})
        gradebook.execute("PRAGMA wal_checkpoint(TRUNCATE)")
