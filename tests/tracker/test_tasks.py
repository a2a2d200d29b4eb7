"""A notebook task on its whole way: handed in, on disk, graded shut in, marked, said to the learner, whoever is killed."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
import pytest
from sqlalchemy import func, select

from banyan.courseware.build import build_course
from banyan.courseware.catalogue import Catalogue
from banyan.domain.task import MOST_SUBMISSIONS, TaskState
from banyan.errors import BadInputError, NotFoundError, NotYetError, TamperedError
from banyan.records import audit
from banyan.records.bundles import Bundles
from banyan.records.engine import Sessions, reading, writing
from banyan.records.tasks import TaskSubmission
from banyan.tracker import hand_outs, task_desk
from banyan.tracker.grade_task import TaskRoom, ensure, grade_task
from banyan.tracker.jobs import FORGOTTEN, waiting_tasks
from banyan.tracker.mark_task import Marked, PartMark, mark_task, sheet
from banyan.tracker.people import Me, find_me
from banyan.tracker.tasks import Kept, feedback_of, hand_in, keep, look_through, offer, offers, submissions_of, unwrapped
from grading.bridge.gradebook import Course
from grading.bridge.task import Task
from grading.bundle import packed
from tests.county import NOW, TODAY, County, places
from tests.house import ROOT

FORK = get_context("fork")
COURSE, TASK = "lesson-parts", "who-is-missing"
SOLVED = {
    "missing-people": "def missing_people(roll):\n    return sum(each[1] - each[2] for each in roll)",
    "first-door": "def first_door(roll):\n    return max(roll, key=lambda each: each[1] - each[2])[0]",
    "the-report": "应到14人，已到10人；第二户差1人，第四户差3人，原因待核。",
}
HALF = SOLVED | {"first-door": "def first_door(roll):\n    return roll[0][0]"}


@dataclass(frozen=True)
class Workroom:
    """A county whose course has a notebook task: who learns, who teaches them, who teaches elsewhere."""

    make: Sessions
    room: TaskRoom
    learner: Me
    neighbour: Me
    trainer: Me
    stranger: Me

    def filled(self, answers: dict[str, str]) -> dict[str, bytes]:
        """Return the task's files as a learner hands them in, with their answers in the notebook."""
        release = self.room.catalogue.newest(COURSE)
        files = {path.name: path.read_bytes() for path in release.task_folder(TASK).iterdir()}
        notebook = nbformat.reads(files[f"{TASK}.ipynb"].decode(), as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            cell.source = answers.get(name, cell.source)
        return files | {f"{TASK}.ipynb": nbformat.writes(notebook).encode()}

    def hand_in(self, answers: dict[str, str], me: Me | None = None, now: datetime = NOW) -> int:
        me, files = me or self.learner, self.filled(answers)
        with reading(self.make) as session:
            wanted = offer(session, me, self.room.catalogue, COURSE, TASK)
        look_through(wanted, files)
        kept = keep(self.room.bundles, files)
        with writing(self.make) as session:
            return hand_in(session, me, wanted, kept, now).id

    def grade(self, work: int) -> TaskState | None:
        return grade_task(self.make, work, self.room, NOW)

    def row(self, work: int) -> TaskSubmission:
        with reading(self.make) as session:
            return session.get_one(TaskSubmission, work)

    def mark(self, work: int, points: float, comment: str = "", by: Me | None = None) -> None:
        by = by or self.trainer
        with reading(self.make) as session:
            asked = sheet(session, work, by, self.room, TODAY)
        mark_task(self.make, Marked(asked, {"the-report": PartMark(points, comment)}), by, self.room, NOW)

    def audited(self, action: str, work: int) -> int:
        with reading(self.make) as session:
            query = select(func.count()).select_from(audit.AuditRow).filter_by(action=action, subject=f"task:{work}")
            return session.scalar(query) or 0


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("task-releases")
    build_course(ROOT / "content" / "examples", COURSE, ROOT / "content", folder, NOW)
    return folder


@pytest.fixture(scope="session")
def made(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gradebooks with the task's assignment made, to be copied: making it takes seconds."""
    gradebooks = tmp_path_factory.mktemp("task-gradebooks")
    ensure(Course(gradebooks / COURSE), Catalogue(releases).newest(COURSE), Task(TASK, 1))
    return gradebooks


@pytest.fixture
def workroom(make: Sessions, releases: Path, made: Path, tmp_path: Path) -> Workroom:
    gradebooks = Path(shutil.copytree(made, tmp_path / "gradebooks"))
    room = TaskRoom(Catalogue(releases), gradebooks, Bundles(tmp_path / "works"))
    with writing(make) as session:
        county = County(session)
        at = places(county)
        people = {
            "learner": county.person("陈晓明", at.xikou_1),
            "neighbour": county.person("林秀英", at.xikou_2),
            "trainer": county.person("黄老师", at.qingshi),
            "stranger": county.person("周老师", at.yunxi),
        }
        county.trust(people["trainer"], "trainer", at.qingshi, COURSE)
        county.trust(people["stranger"], "trainer", at.yunxi, COURSE)
        everybody = {name: find_me(session, person.staff_number, TODAY) for name, person in people.items()}
    return Workroom(make, room, **everybody)


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
