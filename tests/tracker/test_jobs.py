"""The grader as it is served: woken, killed, swept up after."""

import json
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from banyan.courseware.exam import Form
from banyan.domain.examination import GRACE, State
from banyan.records.audit import AuditRow
from banyan.records.competence import StandingRow
from banyan.records.engine import reading, writing
from banyan.records.examinations import Attempt, Submission
from banyan.tracker import jobs
from banyan.tracker.correcting import Choice, Proposal, decide
from banyan.tracker.jobs import FORGOTTEN, GradingRoom, Queue, sweep
from banyan.tracker.standing import differences
from tests.county import COURSE, NOW, TODAY
from tests.tracker.hall import Hall

LONG = timedelta(hours=1)  # on a busy machine
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def room(hall: Hall, tmp_path: Path) -> GradingRoom:
    return GradingRoom(hall.make, hall.rulebook, hall.gradebooks, tmp_path / "huey.sqlite")


@pytest.fixture
def handed_in(hall: Hall) -> Submission:
    """A submission without a written answer, made before any grader's clock could close its attempt."""
    return hall.sat(leave=[hall.slot_of("open")])


@pytest.fixture
def grader(room: GradingRoom, handed_in: Submission, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A served grader's process id; its sweeper takes the submission for a fresh one."""
    monkeypatch.setattr(jobs, "FORGOTTEN", LONG)
    since(room, handed_in, timedelta(0))

    def serve() -> None:
        os.setsid()
        room.make.kw["bind"].dispose(close=False)
        jobs.run(room)

    process = FORK.Process(target=serve)
    process.start()
    assert process.pid
    yield process.pid
    os.kill(process.pid, signal.SIGTERM)
    process.join(10)
    left = workers(process.pid) if process.is_alive() else []
    process.kill()
    assert (process.exitcode, left) == (0, [])


def since(room: GradingRoom, submission: Submission, waited: timedelta) -> None:
    """Let a submission have waited so long already, by the clock of the machine the grader reads."""
    with writing(room.make) as session:
        session.get_one(Submission, submission.id).submitted_at = datetime.now(UTC) - waited


def workers(grader: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{grader}/task/{grader}/children").read_text().split()]


def wait_for(claim: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_importing_the_queue_touches_nothing(tmp_path: Path) -> None:
    house = Path(__file__).parents[2]
    code = "import sys; sys.path.insert(0, sys.argv[1]); import banyan.tracker.jobs"
    subprocess.run([sys.executable, "-B", "-c", code, str(house)], cwd=tmp_path, check=True, env={"PATH": os.defpath}, timeout=60)

    assert list(tmp_path.iterdir()) == []


def test_a_woken_grader_grades(hall: Hall, room: GradingRoom, handed_in: Submission, grader: int) -> None:
    Queue(room.queue).wake(handed_in.id)

    wait_for(lambda: hall.row(handed_in).state == State.GRADED)
    assert hall.row(handed_in).tries == 1


def test_killed_workers_are_replaced_and_what_they_held_is_graded_once(
    hall: Hall, room: GradingRoom, handed_in: Submission, grader: int
) -> None:
    wait_for(lambda: len(workers(grader)) == 3)
    Queue(room.queue).wake(handed_in.id)
    wait_for(lambda: hall.row(handed_in).tries == 1)
    for each in workers(grader):
        os.kill(each, signal.SIGKILL)
    state = hall.row(handed_in).state
    since(room, handed_in, LONG)

    wait_for(lambda: hall.row(handed_in).state == State.GRADED)
    assert state == State.SUBMITTED
    with reading(hall.make) as session:
        assert len(session.scalars(select(AuditRow).where(AuditRow.action == "exam.grade")).all()) == 1


def test_a_submission_nobody_was_woken_for_is_found_by_the_sweeper(
    hall: Hall, room: GradingRoom, handed_in: Submission, grader: int
) -> None:
    since(room, handed_in, LONG)

    wait_for(lambda: hall.row(handed_in).state == State.GRADED)


def test_a_sweep_closes_what_is_overdue_and_names_what_waited_too_long(hall: Hall) -> None:
    overdue, fresh = hall.begin(), hall.sat(hall.neighbour)
    when = overdue.deadline_at + GRACE + timedelta(seconds=1)
    with writing(hall.make) as session:
        session.get_one(Submission, fresh.id).submitted_at = when - FORGOTTEN
        found = sweep(session, hall.rulebook, when)

    with reading(hall.make) as session:
        closed = session.get_one(Attempt, overdue.id).submission
        assert closed
        assert found == [closed.id]


def test_a_served_grader_does_what_a_correction_asks_and_a_sweep_names_what_is_left(
    hall: Hall, room: GradingRoom, handed_in: Submission, grader: int
) -> None:
    Queue(room.queue).wake(handed_in.id)
    wait_for(lambda: hall.row(handed_in).state == State.GRADED)
    note = Form.from_json(json.loads(handed_in.frozen)["form"]).slot(hall.slot_of("open")).question
    with writing(hall.make) as session:
        decide(session, Proposal(COURSE, 1, None, {note: Choice.VOID}), "题目印错了", hall.second, hall.rulebook, NOW)
    with writing(hall.make) as session:
        assert sweep(session, hall.rulebook, NOW) == [handed_in.id]

    Queue(room.queue).wake(handed_in.id)
    wait_for(lambda: hall.row(handed_in).score == 100.0)
    with writing(hall.make) as session:
        assert sweep(session, hall.rulebook, NOW) == []


def test_a_sweep_lets_lapse_what_ran_out_overnight(hall: Hall) -> None:
    with writing(hall.make) as session:
        over, who = TODAY - timedelta(days=1), hall.learner.person.id
        row = StandingRow(person_id=who, competency="C1.3", level=1, until=over, as_of=over)
        session.add(row)
        sweep(session, hall.rulebook, NOW)
        assert differences(session, hall.rulebook.framework, TODAY) == []


def test_a_queue_that_does_not_answer_costs_the_learner_nothing(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "huey.sqlite")
    queue.huey.storage.close()
    (tmp_path / "huey.sqlite").write_bytes(b"broken" * 1000)

    queue.wake(1)  # raises nothing
    assert (tmp_path / "huey.sqlite").read_bytes() == b"broken" * 1000


def test_work_is_left_under_the_name_a_grader_knows(tmp_path: Path) -> None:
    done: list[int] = []
    Queue(tmp_path / "huey.sqlite").wake(7)
    queue = Queue(tmp_path / "huey.sqlite", done.append)
    task = queue.huey.dequeue()
    queue.huey.execute(task)

    assert (done, queue.idle) == ([7], True)
    with sqlite3.connect(tmp_path / "huey.sqlite") as database:
        assert database.execute("SELECT count(*) FROM kv").fetchone() == (0,)
