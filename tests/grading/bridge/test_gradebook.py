import multiprocessing
import sqlite3

import pytest

from banyan.errors import TryLaterError
from grading.bridge.gradebook import Course, ensure_assignment
from grading.bridge.lock import locked
from grading.bridge.submission import grade
from tests.grading.bridge.sample import notebook, work


def make_at_once(course, together, made):
    together.wait()
    ensure_assignment(course, "exam-r1-t1", notebook())
    made.put((course.folder("release", "exam-r1-t1") / "exam.ipynb").stat().st_mtime_ns)


def test_two_workers_make_an_assignment_once_and_neither_takes_it_from_the_other(tmp_path, exam):
    course = Course(tmp_path / "gradebooks" / "x-9-sample")
    fork = multiprocessing.get_context("fork")
    together, made = fork.Barrier(2), fork.SimpleQueue()
    workers = [fork.Process(target=make_at_once, args=(course, together, made)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(90)

    assert [worker.exitcode for worker in workers] == [0, 0]
    assert made.get() == made.get(), "the second worker took away what the first was already grading with"
    with sqlite3.connect(course.database) as database:
        assert database.execute("SELECT name FROM assignment").fetchall() == [("exam-r1-t1",)]
    assert grade(course, work("h1", {"s02": "30"}), exam)["s02"].points == 3.0


def test_an_assignment_that_was_made_is_not_made_again(course):
    made = course.folder("release", "exam-r1-t1") / "exam.ipynb"
    before = made.stat().st_mtime_ns

    ensure_assignment(course, "exam-r1-t1", notebook())

    assert made.stat().st_mtime_ns == before


def test_what_nbgrader_refuses_is_told_with_its_reason(course):
    twice = notebook()
    twice.cells.append(twice.cells[1].copy())

    with pytest.raises(TryLaterError, match="failed to validate"):
        ensure_assignment(course, "exam-r1-t2", twice)


def test_a_lock_is_held_by_one_and_given_back(tmp_path):
    with locked(tmp_path / "locks" / "one") as mine, locked(tmp_path / "locks" / "one", wait=False) as theirs:
        assert (mine, theirs) == (True, False)
    with locked(tmp_path / "locks" / "one", wait=False) as later:
        assert later
