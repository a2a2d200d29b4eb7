"""A notebook task on its whole way: handed in, on disk, graded shut in, marked, said to the learner, whoever is killed."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from banyan.courseware.catalogue import Catalogue
from banyan.domain.task import MOST_SUBMISSIONS, TaskState
from banyan.errors import BadInputError, NotFoundError, NotYetError, TamperedError
from banyan.records.bundles import Bundles
from banyan.records.engine import Sessions, reading, writing
from banyan.records.tasks import TaskSubmission
from banyan.tracker import hand_outs, parity, task_desk
from banyan.tracker.jobs import FORGOTTEN, waiting_tasks
from banyan.tracker.mark_task import sheet
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.tasks import Kept, feedback_of, hand_in, look_through, offer, offers, submissions_of, unwrapped
from grading.bridge.task import Task
from grading.bundle import packed
from tests.county import NOW, TODAY
from tests.grading.confinement.cell import needs_namespaces
from tests.tracker.workroom import COURSE, HALF, SOLVED, TASK, Workroom, open_workroom
from tests.tracker.workroom import made as prepared
from tests.tracker.workroom import releases as built

FORK = get_context("fork")
releases, made = built, prepared  # fixtures: the course with its task, and a gradebook with its assignment


@pytest.fixture
def workroom(make: Sessions, releases: Path, made: Path, tmp_path: Path) -> Workroom:
    return open_workroom(make, Catalogue(releases), Path(shutil.copytree(made, tmp_path / "gradebooks")))


def test_a_task_goes_all_the_way_from_the_release_to_the_feedback(workroom: Workroom) -> None:
    work = workroom.hand_in(SOLVED)
    assert workroom.grade(work) is TaskState.UNMARKED
    row = workroom.row(work)
    assert (row.score, row.total, row.late, row.feedback, row.remarks) == (7.0, 10.0, False, None, [])

    with reading(workroom.make) as session:
        asked = sheet(session, work, workroom.trainer, workroom.room, TODAY)
        assert [(each.name, each.text, each.most, each.points) for each in asked.parts] == [
            ("the-report", SOLVED["the-report"], 3.0, None)
        ]
        assert "镇值班" in asked.parts[0].asked
    workroom.mark(work, 2.5, "说清楚了")
    row = workroom.row(work)
    assert (row.state, row.score, row.scores and row.scores["the-report"]["comment"]) == (TaskState.GRADED, 9.5, "说清楚了")

    with pytest.raises(NotFoundError), reading(workroom.make) as session:
        feedback_of(session, workroom.learner, work, workroom.room.bundles)
    with writing(workroom.make) as session:
        assert task_desk.release_feedback(session, workroom.trainer, COURSE, TASK, NOW) == 1
        assert task_desk.release_feedback(session, workroom.trainer, COURSE, TASK, NOW) == 0
    with reading(workroom.make) as session:
        pages = feedback_of(session, workroom.learner, work, workroom.room.bundles)
        with pytest.raises(NotFoundError):
            feedback_of(session, workroom.neighbour, work, workroom.room.bundles)
    assert list(pages) == [f"{TASK}.html"]
    assert "说清楚了" in pages[f"{TASK}.html"].decode()


def test_what_is_wrong_earns_less_and_is_said_cell_by_cell(workroom: Workroom) -> None:
    work = workroom.hand_in(HALF)
    workroom.grade(work)
    scores = workroom.row(work).scores or {}
    assert {name: each["points"] for name, each in scores.items()} == {
        "counts-them-all": 4.0,
        "knocks-at-the-right-door": 0.0,
        "the-report": 0.0,
    }


def test_who_hands_in_again_is_graded_on_what_came_last(workroom: Workroom) -> None:
    first = workroom.hand_in(HALF)
    second = workroom.hand_in(SOLVED)
    assert (workroom.row(first).state, workroom.grade(first)) == (TaskState.REPLACED, TaskState.REPLACED)
    assert workroom.row(second).score == 7.0, "graded on the way, its own wake-up may have found the lock taken"
    assert workroom.grade(second) is TaskState.UNMARKED

    third = workroom.hand_in(HALF)
    workroom.grade(third)
    assert (workroom.row(third).score, workroom.row(second).score) == (4.0, 7.0)
    with reading(workroom.make) as session:
        assert [each.number for each in submissions_of(session, workroom.learner, COURSE, TASK)] == [1, 2, 3]


def test_what_is_no_longer_the_last_is_neither_marked_nor_graded_again(workroom: Workroom) -> None:
    """The gradebook holds a person's last work on a task; a mark on an earlier one would land on it."""
    first = workroom.hand_in(HALF)
    workroom.grade(first)
    stuck = workroom.hand_in(SOLVED | {"missing-people": "import os\nos._exit(1)"})
    for _ in range(3):
        workroom.grade(stuck)
    last = workroom.hand_in(SOLVED)
    workroom.grade(last)
    with pytest.raises(NotYetError):
        workroom.mark(first, 1)
    with writing(workroom.make) as session:
        task_desk.put_back(session, stuck, workroom.trainer, NOW)
    assert workroom.grade(stuck) is TaskState.REPLACED
    workroom.mark(last, 3)
    assert [workroom.row(each).score for each in (first, stuck, last)] == [4.0, None, 10.0]


def test_late_is_marked_and_not_refused(workroom: Workroom) -> None:
    due = workroom.room.catalogue.newest(COURSE).task(TASK).due_at
    assert due
    in_time, late = workroom.hand_in(SOLVED, now=due), workroom.hand_in(SOLVED, now=due + timedelta(seconds=1))
    assert (workroom.row(in_time).late, workroom.row(late).late) == (False, True)


def test_what_was_acknowledged_is_on_disk_and_is_not_changed(workroom: Workroom) -> None:
    work = workroom.hand_in(SOLVED)
    row, bundles = workroom.row(work), workroom.room.bundles
    assert bundles.read(row.digest) == packed(workroom.filled(SOLVED))
    path = bundles.root / row.digest[:2] / row.digest
    path.write_bytes(b"other")
    with pytest.raises(TamperedError):
        bundles.read(row.digest)
    for _ in range(3):
        workroom.grade(work)
    assert workroom.row(work).state == TaskState.FAILED_TO_GRADE


def test_files_are_synced_before_they_have_their_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    synced, replaced = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (done.append(os.readlink(f"/proc/self/fd/{handle}")), synced(handle))[1])
    monkeypatch.setattr(os, "replace", lambda one, other: (done.append("named"), replaced(one, other))[1])
    digest = Bundles(tmp_path / "works").keep(b"x")
    assert [Path(each).name.startswith(".") for each in done[:1]] == [True]
    assert done[1] == "named"
    assert str(tmp_path / "works" / digest[:2]) in done[2:]
    assert str(tmp_path / "works") in done[2:]
    assert str(tmp_path) in done[2:]


def test_a_program_without_end_is_stopped_told_and_does_not_stop_the_others(workroom: Workroom) -> None:
    endless = workroom.hand_in(SOLVED | {"missing-people": "import os\nos._exit(1)"})
    other = workroom.hand_in(SOLVED, workroom.neighbour)
    states = [workroom.grade(endless) for _ in range(4)]
    assert states == [TaskState.SUBMITTED, TaskState.SUBMITTED, TaskState.FAILED_TO_GRADE, TaskState.FAILED_TO_GRADE]
    assert workroom.grade(other) is TaskState.UNMARKED

    with reading(workroom.make) as session:
        stuck = task_desk.stuck_tasks(session, workroom.trainer, TODAY)
        assert task_desk.stuck_tasks(session, workroom.stranger, TODAY) == []
    assert [(each.row.id, bool(each.row.fault)) for each in stuck] == [(endless, True)]
    with writing(workroom.make) as session:
        task_desk.put_back(session, endless, workroom.trainer, NOW)
    assert (workroom.row(endless).state, workroom.row(endless).tries) == (TaskState.SUBMITTED, 0)
    assert workroom.audited("task.stuck", endless) == workroom.audited("task.put_back", endless) == 1


def test_a_worker_killed_midway_leaves_a_task_that_is_graded_once(workroom: Workroom) -> None:
    work = workroom.hand_in(SOLVED)

    def grade() -> None:
        workroom.make.kw["bind"].dispose(close=False)
        workroom.grade(work)

    doomed = FORK.Process(target=grade)
    doomed.start()
    submitted = workroom.room.gradebooks / COURSE / "submitted" / workroom.learner.person.handle
    until = time.monotonic() + 30
    while not submitted.exists() and time.monotonic() < until:
        time.sleep(0.001)
    assert doomed.pid
    os.kill(doomed.pid, signal.SIGKILL)
    doomed.join(10)
    assert (workroom.row(work).state, workroom.row(work).tries) == (TaskState.SUBMITTED, 1)

    with reading(workroom.make) as session:
        assert waiting_tasks(session, NOW + FORGOTTEN) == []
        assert waiting_tasks(session, NOW + FORGOTTEN + timedelta(seconds=1)) == [work]
    assert workroom.grade(work) is TaskState.UNMARKED
    assert (workroom.row(work).score, workroom.audited("task.grade", work)) == (7.0, 1)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        pytest.param({"other.ipynb": b"{}"}, "不能有", id="another notebook"),
        pytest.param({f"{TASK}.ipynb": b"no notebook"}, "打不开", id="no notebook"),
        pytest.param({f"{TASK}.ipynb": json.dumps([[]] * 9).encode()}, "打不开", id="another shape"),
        pytest.param({"roll.csv": b"x"}, "没有作业本", id="none"),
        pytest.param({f"{TASK}.ipynb": b"{}", "deep/roll.csv": b"x"}, "不能有", id="a folder within"),
    ],
)
def test_what_cannot_be_graded_is_refused_before_anything_is_kept(workroom: Workroom, files: Any, told: str) -> None:
    with reading(workroom.make) as session:
        wanted = offer(session, workroom.learner, workroom.room.catalogue, COURSE, TASK)
    with pytest.raises(BadInputError, match=told):
        look_through(wanted, files)
    assert not workroom.room.bundles.root.exists()


def test_nobody_hands_in_without_end(workroom: Workroom) -> None:
    with writing(workroom.make) as session:
        wanted = offer(session, workroom.learner, workroom.room.catalogue, COURSE, TASK)
        kept = Kept("0" * 64, (TASK,))
        for _ in range(MOST_SUBMISSIONS):
            hand_in(session, workroom.learner, wanted, kept, NOW)
        with pytest.raises(NotYetError, match="不能再交"):
            hand_in(session, workroom.learner, wanted, kept, NOW)
        hand_in(session, workroom.neighbour, wanted, kept, NOW)


def test_one_folder_zipped_around_the_files_is_taken_off() -> None:
    assert unwrapped({"a/b.ipynb": b"1", "a/c.csv": b"2"}) == {"b.ipynb": b"1", "c.csv": b"2"}
    assert unwrapped({"a/b.ipynb": b"1", "c.csv": b"2"}) == {"a/b.ipynb": b"1", "c.csv": b"2"}


def test_only_ones_own_trainer_reads_and_marks(workroom: Workroom) -> None:
    work = workroom.hand_in(SOLVED)
    workroom.grade(work)
    for other in (workroom.stranger, workroom.neighbour, workroom.learner):
        with pytest.raises(NotFoundError), reading(workroom.make) as session:
            sheet(session, work, other, workroom.room, TODAY)
        with reading(workroom.make) as session:
            assert task_desk.handed_in(session, other, TODAY) == []
    with pytest.raises(BadInputError, match="0 到 3 分"):
        workroom.mark(work, 3.5)


def test_nbgraders_own_commands_work_on_a_course_folder_with_tasks_in_it(workroom: Workroom) -> None:
    work, other = workroom.hand_in(SOLVED), workroom.hand_in(HALF, workroom.neighbour)
    for each in (work, other):
        workroom.grade(each)
    workroom.mark(work, 3)
    folder, assignment = workroom.room.gradebooks / COURSE, Task(TASK, 1).assignment
    shutil.rmtree(folder / "feedback")
    surroundings = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for command in (["export", "--to", "out.csv"], ["generate_feedback", assignment]):
        subprocess.run(
            [sys.executable, "-m", "nbgrader", *command],
            cwd=folder,
            env=surroundings,
            check=True,
            capture_output=True,
            timeout=120,
        )

    exported = csv.DictReader((folder / "out.csv").read_text(encoding="utf-8").splitlines())
    assert {each["student_id"]: (float(each["score"]), float(each["max_score"])) for each in exported} == {
        workroom.learner.person.handle: (10.0, 10.0),
        workroom.neighbour.person.handle: (4.0, 10.0),
    }
    for person in (workroom.learner, workroom.neighbour):
        assert (folder / "feedback" / person.person.handle / assignment / f"{TASK}.html").is_file()


ORDER = hand_outs.Order(COURSE, "extra", Kept("1" * 64, ("extra",)))


def test_a_trainers_own_task_reaches_their_learners_alone(workroom: Workroom) -> None:
    catalogue = workroom.room.catalogue
    with writing(workroom.make) as session:
        hand_outs.hand_out(session, workroom.stranger, ORDER, catalogue, NOW)
        assert [each.task for each in offers(session, workroom.learner, catalogue)] == [TASK]
        hand_outs.hand_out(session, workroom.trainer, ORDER, catalogue, NOW)
        assert [each.task for each in offers(session, workroom.learner, catalogue, COURSE)] == [TASK, "extra"]
        with pytest.raises(NotYetError, match="已经发过"):
            hand_outs.hand_out(session, workroom.trainer, ORDER, catalogue, NOW)
        hand_outs.hand_out(session, workroom.trainer, replace(ORDER, force=True), catalogue, NOW)
        hand_outs.withdraw(session, workroom.trainer, COURSE, "extra", NOW)
        assert [each.task for each in offers(session, workroom.learner, catalogue)] == [TASK]
        for named, told in ((TASK, "换一个名字"), ("../up", "不能用")):
            with pytest.raises((NotYetError, BadInputError), match=told):
                hand_outs.hand_out(session, workroom.trainer, replace(ORDER, task=named), catalogue, NOW)
        for other in (workroom.learner, workroom.neighbour):
            with pytest.raises(NotFoundError):
                hand_outs.hand_out(session, other, ORDER, catalogue, NOW)


def test_solutions_are_not_handed_out_by_mistake() -> None:
    with pytest.raises(BadInputError, match="generate_assignment"):
        hand_outs.look_through({"a.ipynb": b'"source": "### BEGIN HIDDEN TESTS"'})


@needs_namespaces
def test_the_last_work_on_a_task_is_held_to_nbgraders_own_command(workroom: Workroom, rulebook: Rulebook) -> None:
    first = workroom.hand_in(HALF)
    workroom.grade(first)
    last = workroom.hand_in(SOLVED, now=NOW + timedelta(minutes=1))
    workroom.grade(last)
    workroom.mark(last, 3)
    other = workroom.hand_in(HALF, workroom.neighbour)
    workroom.grade(other)
    with writing(workroom.make) as session:
        session.get_one(TaskSubmission, other).remarks = ["有重复的格子"]  # what was put right, the command would not put right

    found = parity.check(workroom.make, replace(rulebook, catalogue=workroom.room.catalogue), workroom.room.gradebooks, NOW)

    assert (found.checked, dict(found.differing)) == ((f"{last}号作业",), {})
