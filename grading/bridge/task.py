"""A notebook task: a learner writes code, nbgrader grades it, and what they wrote runs only where it can reach nothing.

For whoever releases tasks and takes in what learners hand in:

- A task is an nbgrader assignment `task-<name>-r<release>` with one notebook `<name>.ipynb` and, if the author gives
  some, files beside it. `ensure_task` makes it from the author's source notebook (`### BEGIN SOLUTION`, `### BEGIN HIDDEN
  TESTS`), once; the author's own solution must earn full points first. What learners get is in `released`.
- What is handed in is a `TaskWork`: plain file names to bytes, with the moment. `check` says at once whether it can be
  taken; the portal calls it before it acknowledges anything.
- `grade_task` grades one, and only one. Doing it again after being broken off anywhere gives the same.
"""

import copy
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

from banyan.errors import CourseError, NotFoundError, TryLaterError
from grading.bridge.code_road import CodeRoad, Prepared
from grading.bridge.gradebook import CellScore, Course, digest_of, ensure_assignment, run, scores
from grading.bridge.kept import kept
from grading.bridge.lock import locked
from grading.bridge.received import PLAIN_NAME, TIMESTAMP, check_files, notebook_of
from grading.bridge.rehearsal import rehearsed
from grading.bridge.restored import structure
from grading.sandbox.names import Names
from grading.sandbox.run import Allowance

ALLOWANCE = Allowance()
TASK_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True)
class Task:
    """A task as one release of its course has it; `name` is that of its notebook, without `.ipynb`."""

    name: str
    release: int

    @property
    def assignment(self) -> str:
        return f"task-{self.name}-r{self.release}"

    @property
    def notebook(self) -> str:
        return f"{self.name}.ipynb"


@dataclass(frozen=True)
class TaskWork:
    """One submission: whose (an opaque handle), the notebook and any files beside it as they came, and when."""

    task: Task
    student: str
    files: Mapping[str, bytes]
    at: datetime


@dataclass(frozen=True)
class TaskRemark:
    """A sentence for the trainer about a submission that could be graded all the same; its lists are names of cells."""

    message: str
    params: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message.format(**{name: "、".join(each) for name, each in self.params.items()})


@dataclass(frozen=True)
class TaskScores:
    """What the gradebook holds, cell by cell, and what the trainer should know of it."""

    cells: Mapping[str, CellScore]
    remarks: tuple[TaskRemark, ...] = ()


def ensure_task(course: Course, task: Task, source: NotebookNode, files: Mapping[str, bytes]) -> None:
    """Make a task's assignment from its source notebook and the author's files, once, however many workers ask for it.

    CourseError if the author's own solution does not earn full points, or a test cannot be decided from outside the
    learner's program; each fault names its cell.
    """
    _check_author(task, files)
    digest, kept_names = digest_of(nbformat.writes(source), files), _names_file(course, task)
    if not _is_of(kept_names, digest):
        with locked(course.root / "locks" / task.assignment):
            if _is_of(kept_names, digest):
                return  # another worker made it while we waited
            names = rehearsed(copy.deepcopy(source), files, task.assignment)
            ensure_assignment(course, task.assignment, source, task.name, files)
            kept_names.write_text(json.dumps({"digest": digest, "names": names.to_json()}), encoding="utf-8")


def released(course: Course, task: Task) -> Path:
    """Return the folder with what a learner gets: the notebook without solutions and hidden tests, the author's files."""
    return course.folder("release", task.assignment)


def check(task: Task, files: Mapping[str, bytes]) -> None:
    """Raise BadInputError, naming the fault, unless these files can be graded as somebody's work on a task."""
    check_files(files, task.notebook)
    notebook_of(files[task.notebook])


def grade_task(course: Course, work: TaskWork, allowance: Allowance = ALLOWANCE) -> TaskScores:
    """Have nbgrader grade a submission and return what its gradebook then holds.

    BadInputError as from `check`. TaskFaultError if the learner's program had to be stopped or ended its own process: the
    gradebook then holds no new score. HomeError if this system cannot shut code in. TryLaterError if nbgrader failed.
    """
    check_files(work.files, work.task.notebook)
    notebook = notebook_of(work.files[work.task.notebook])
    road = _road(course, work, allowance)
    hand_in(course, work, notebook)
    with kept():
        try:
            run(road)
        except TryLaterError as fault:
            raise (road.fault or fault) from None
    cells = scores(course, work.task.assignment, work.student, work.task.name)
    return TaskScores(cells, tuple(_remarks(road)))


def hand_in(course: Course, work: TaskWork, notebook: NotebookNode) -> None:
    """Put a submission where nbgrader looks for it, in place of what an earlier try may have left."""
    folder = course.folder("submitted", work.task.assignment, work.student)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in work.files.items():
        (folder / name).write_bytes(content)
    (folder / work.task.notebook).write_text(nbformat.writes(notebook), encoding="utf-8")
    (folder / TIMESTAMP).write_text(f"{work.at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC")


def _road(course: Course, work: TaskWork, allowance: Allowance) -> CodeRoad:
    task, config = work.task, course.config()
    try:
        made = prepared(course, task, _names_file(course, task).stat().st_mtime_ns)
    except FileNotFoundError as fault:
        raise NotFoundError("作业“{name}”还没有准备好", name=task.assignment) from fault
    brought = {name: content for name, content in work.files.items() if name != task.notebook}
    config.Exporter = Config(optimistic_validation=True)  # the notebook is looked at once, when all is done to it
    directory = course.directory(config, task.assignment, work.student)
    return CodeRoad(coursedir=directory, config=config, force=True, made=made, brought=brought, allowance=allowance)


@lru_cache(maxsize=16)
def prepared(course: Course, task: Task, _made_at: int) -> Prepared:
    """Return what all submissions of a task need; it is read once."""
    names = Names.from_json(json.loads(_names_file(course, task).read_text(encoding="utf-8"))["names"])
    source = course.folder("source", task.assignment)
    own = {each.name: each.read_bytes() for each in source.iterdir() if each.name != task.notebook}
    blank = nbformat.read(released(course, task) / task.notebook, as_version=4)
    with course.gradebook() as opened:
        author = structure(opened, opened.find_notebook(task.name, task.assignment), blank)
    return Prepared(own, names, author)


def _remarks(road: CodeRoad) -> Iterator[TaskRemark]:
    """Yield what the trainer should know though there are scores."""
    changes = road.changes
    if changes.deleted:
        yield TaskRemark("学员删掉了老师的格子（{cells}），已经补回来再评分", {"cells": list(changes.deleted)})
    if changes.doubled:
        yield TaskRemark("作业本里有重复的格子（{cells}），只算最后一个", {"cells": list(changes.doubled)})
    if changes.rewritten:
        yield TaskRemark("学员改了不能改的格子（{cells}），已经恢复原样再评分", {"cells": list(changes.rewritten)})
    if late := [name for name, ran in road.ran.items() if ran.late]:
        yield TaskRemark("有的格子运行太久（{cells}），已经叫停；后面的照常评分", {"cells": late})
    if cut := [name for name, ran in road.ran.items() if ran.cut]:
        yield TaskRemark("有的格子输出太多（{cells}），只留了开头的一部分", {"cells": cut})


def _check_author(task: Task, files: Mapping[str, bytes]) -> None:
    if not TASK_NAME.fullmatch(task.name):
        raise CourseError([f"{task.name}: 作业的名字只用小写字母、数字和 -"])
    if bad := [name for name in files if not PLAIN_NAME.fullmatch(name) or name == TIMESTAMP or name.endswith(".ipynb")]:
        raise CourseError([f"{task.name}: 旁边的文件不能叫 {name}" for name in bad])


def _names_file(course: Course, task: Task) -> Path:
    return course.root / "made" / f"{task.assignment}.json"


def _is_of(kept_names: Path, digest: str) -> bool:
    return kept_names.exists() and bool(json.loads(kept_names.read_text(encoding="utf-8"))["digest"] == digest)
