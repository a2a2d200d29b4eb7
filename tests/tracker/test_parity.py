"""The standing parity check: nbgrader's own command, in a copy, gives what the gradebook holds, or it is said."""

import hashlib
import sqlite3
from pathlib import Path

from sqlalchemy import func, select

from banyan.domain.examination import State
from banyan.keeping import county_work
from banyan.keeping.finding import Level
from banyan.records.audit import AuditRow
from banyan.records.engine import reading
from banyan.tracker import jobs, parity
from grading.bridge.gradebook import Course
from tests.county import COURSE, NOW
from tests.tracker.hall import Hall


def finding(hall: Hall) -> Level:
    with reading(hall.make) as session:
        return county_work.parity(session).level


def whole(gradebooks: Path) -> dict[str, str]:
    files = (each for each in gradebooks.rglob("*") if each.is_file() and each.suffix not in (".db-shm", ".db-wal"))
    return {str(each): hashlib.sha256(each.read_bytes()).hexdigest() for each in files}


def test_what_the_stock_command_gives_is_compared_marks_aside_and_nothing_live_is_touched(hall: Hall) -> None:
    marked = hall.sat()
    hall.grade(marked)
    hall.mark(marked, 4, 3, 2, 1)
    waiting = hall.sat(hall.neighbour)
    hall.grade(waiting)
    with reading(hall.make) as session:
        assert parity.is_due(session, NOW)
    before = whole(hall.gradebooks)

    found = parity.check(hall.make, hall.rulebook, hall.gradebooks, NOW, sample=5)

    assert (found.checked, dict(found.differing)) == ((f"{marked.id}号答卷", f"{waiting.id}号答卷"), {})
    assert whole(hall.gradebooks) == before
    assert (hall.row(marked).state, hall.row(waiting).state) == (State.GRADED, State.UNMARKED)
    assert finding(hall) is Level.GOOD
    with reading(hall.make) as session:
        assert not parity.is_due(session, NOW)
        assert parity.is_due(session, NOW + parity.EVERY * 2)


def test_a_score_that_is_another_is_named_with_its_cell(hall: Hall) -> None:
    submission = hall.sat()
    hall.grade(submission)
    slot = next(seat.name for seat in hall.exam.seats if seat.name != hall.slot_of("open"))
    with sqlite3.connect(Course(hall.gradebooks / COURSE).database) as database:
        cells = "select id from base_cell where name = ?"
        database.execute(f"update grade set auto_score = 0.25 where cell_id in ({cells})", (slot,))

    found = parity.check(hall.make, hall.rulebook, hall.gradebooks, NOW)

    assert dict(found.differing) == {f"{submission.id}号答卷": slot}
    assert finding(hall) is Level.LOST


def test_a_submission_that_cannot_be_compared_is_said_too(hall: Hall) -> None:
    hall.grade(hall.sat())
    (Course(hall.gradebooks / COURSE).root / "nbgrader_config.py").write_text("raise SystemExit(3)")

    found = parity.check(hall.make, hall.rulebook, hall.gradebooks, NOW)

    (fault,) = found.differing.values()
    assert fault.startswith("nbgrader 的命令没有做完")


def test_nothing_graded_is_nothing_to_check(hall: Hall) -> None:
    with reading(hall.make) as session:
        assert not parity.is_due(session, NOW)
    assert finding(hall) is Level.GOOD
    assert parity.check(hall.make, hall.rulebook, hall.gradebooks, NOW) == parity.Parity((), {})


def test_the_grading_room_checks_once_a_day(hall: Hall, tmp_path: Path) -> None:
    hall.grade(hall.sat())
    room = jobs.GradingRoom(hall.make, hall.rulebook, hall.gradebooks, tmp_path / "huey.sqlite")
    queue = jobs.Queue(room.queue)

    queue.wake(1)
    jobs.check_parity(queue, room)  # somebody waits
    assert checks(hall) == 0

    queue.huey.flush()
    jobs.check_parity(queue, room)
    jobs.check_parity(queue, room)
    assert checks(hall) == 1


def checks(hall: Hall) -> int:
    with reading(hall.make) as session:
        return session.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.action == parity.ACTION)) or 0
