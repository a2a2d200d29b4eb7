"""A machine in trouble is not the submission's fault: it waits as long as that takes, and says why."""

import errno
import os
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import Connection, event

from banyan.domain.examination import State
from banyan.tracker.grade import passes
from grading.bridge import gradebook
from tests.county import COURSE
from tests.tracker.hall import Hall


def test_a_gradebook_that_somebody_else_keeps_locked_costs_no_try(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradebook, "WAIT", 0.1)
    submission = hall.sat(leave=[hall.slot_of("open")])
    with closing(sqlite3.connect(hall.gradebooks / COURSE / "gradebook.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        assert [hall.grade(submission) for _ in range(5)] == [State.SUBMITTED] * 5
        waiting = hall.row(submission)
        assert (waiting.tries, "成绩册正被占用" in (waiting.fault or "")) == (0, True)
    assert hall.grade(submission) is State.GRADED
    assert (hall.row(submission).tries, hall.row(submission).fault) == (1, None)


def test_a_full_disk_costs_no_try(hall: Hall) -> None:
    """SQLite is told that its file must not grow, and says what it says of a full disk."""
    submission = hall.sat(leave=[hall.slot_of("open")])
    course = gradebook.Course(hall.gradebooks / COURSE)
    with closing(sqlite3.connect(course.database)) as packed:
        for pragma in ("PRAGMA journal_mode=DELETE", "PRAGMA page_size=512", "VACUUM", "PRAGMA journal_mode=WAL"):
            packed.execute(pragma)  # small pages, all of them full
    with course.gradebook() as opened:
        engine = opened.engine
    full = [True]
    event.listen(engine, "begin", lambda connection: limit(connection, 1 if full else 1_000_000))
    assert [hall.grade(submission) for _ in range(5)] == [State.SUBMITTED] * 5
    assert (hall.row(submission).tries, "disk is full" in (hall.row(submission).fault or "")) == (0, True)
    full.clear()
    assert hall.grade(submission) is State.GRADED


def limit(connection: Connection, pages: int) -> None:
    connection.connection.driver_connection.execute(f"PRAGMA max_page_count={pages}")


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EDQUOT, errno.EMFILE])
def test_what_the_system_lacks_for_a_while_passes_and_what_is_wrong_does_not(fault: int) -> None:
    assert passes(OSError(fault, os.strerror(fault)))
    assert not passes(PermissionError(errno.EACCES, "no"))
