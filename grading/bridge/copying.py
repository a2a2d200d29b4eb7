"""A copy of a course's gradebook with only some of its learners in it, for formgrader to open.

Of the others nothing is left, not even in the free pages of the database. Marks made in a copy stay in it.
"""

import os
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from pathlib import Path

from grading.bridge.gradebook import Course

OF_ALL, OF_ONE = ("source", "release"), ("submitted", "autograded", "feedback")
FOREIGN = """
    DELETE FROM comment WHERE notebook_id IN (SELECT id FROM submitted_notebook WHERE assignment_id IN (SELECT id FROM gone));
    DELETE FROM grade WHERE notebook_id IN (SELECT id FROM submitted_notebook WHERE assignment_id IN (SELECT id FROM gone));
    DELETE FROM submitted_notebook WHERE assignment_id IN (SELECT id FROM gone);
    DELETE FROM submitted_assignment WHERE id IN (SELECT id FROM gone);
    DELETE FROM student WHERE id NOT IN (SELECT id FROM kept);
"""


def copy_course(source: Course, target: Course, learners: Collection[str]) -> None:
    """Copy a gradebook and the files of these learners, by their handles, into a folder that does not exist yet."""
    target.root.mkdir(mode=0o700, parents=True)
    with closing(sqlite3.connect(source.database, timeout=30)) as theirs, closing(sqlite3.connect(target.database)) as ours:
        theirs.backup(ours)
        _keep_only(ours, learners)
    for folder in _folders(source, learners):
        _copy(folder, target.root / folder.relative_to(source.root))


def _keep_only(gradebook: sqlite3.Connection, learners: Collection[str]) -> None:
    gradebook.execute("PRAGMA journal_mode=DELETE")
    gradebook.execute("CREATE TEMP TABLE kept (id TEXT PRIMARY KEY)")
    gradebook.executemany("INSERT INTO kept VALUES (?)", [(each,) for each in learners])
    gradebook.execute(
        "CREATE TEMP TABLE gone AS SELECT id FROM submitted_assignment WHERE student_id NOT IN (SELECT id FROM kept)"
    )
    gradebook.commit()
    gradebook.executescript(FOREIGN)
    gradebook.execute("VACUUM")


def _copy(folder: Path, target: Path) -> None:
    """Copy what is a file and still there: a grader may be at work, and a link could lead out of the course."""
    for place, _, names in os.walk(folder):
        into = target / Path(place).relative_to(folder)
        into.mkdir(parents=True, exist_ok=True)
        for path in (Path(place, name) for name in names):
            with suppress(FileNotFoundError):
                if path.is_file() and not path.is_symlink():
                    shutil.copyfile(path, into / path.name)


def _folders(source: Course, learners: Collection[str]) -> Iterator[Path]:
    yield from (source.root / step for step in OF_ALL if (source.root / step).is_dir())
    for step in OF_ONE:
        yield from (folder for each in learners if (folder := source.root / step / each).is_dir())
