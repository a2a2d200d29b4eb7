"""A notebook task: a learner writes code, nbgrader grades it, and what they wrote runs only where it can reach nothing.

For whoever releases tasks and takes in what learners hand in:

- A task is an nbgrader assignment `task-<name>-r<release>` with one notebook `<name>.ipynb` and, if the author gives
  some, files beside it. `ensure_task` makes it from the author's source notebook (`### BEGIN SOLUTION`, `### BEGIN HIDDEN
  TESTS`), once; the author's own solution must earn full points first. What learners get is in `released`.
- What is handed in is a `TaskWork`: plain file names to bytes, with the moment. `check` says at once whether it can be
  taken; the portal calls it before it acknowledges anything.
- `grade_task` grades one, and only one. Doing it again after being broken off anywhere gives the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from grading.bridge.gradebook import CellScore, Course


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
class Remark:
    """A sentence for the trainer about what was found in a submission that could be graded all the same."""

    message: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message.format(**self.params)


@dataclass(frozen=True)
class TaskScores:
    """What the gradebook holds, cell by cell, and what the trainer should know of it."""

    cells: Mapping[str, CellScore]
    remarks: tuple[Remark, ...] = ()


def ensure_task(course: Course, task: Task, source: NotebookNode, files: Mapping[str, bytes]) -> None:
    """Make a task's assignment from its source notebook and the author's files, once, however many workers ask for it.

    CourseError if the author's own solution does not earn full points, or a test cannot be decided from outside the
    learner's program; each fault names its cell.
    """
    raise NotImplementedError


def released(course: Course, task: Task) -> Path:
    """Return the folder with what a learner gets: the notebook without solutions and hidden tests, the author's files."""
    return course.folder("release", task.assignment)


def check(task: Task, files: Mapping[str, bytes]) -> None:
    """Raise BadInputError, naming the fault, unless these files can be graded as somebody's work on a task."""
    raise NotImplementedError


def grade_task(course: Course, work: TaskWork) -> TaskScores:
    """Have nbgrader grade a submission and return what its gradebook then holds.

    BadInputError as from `check`. TaskFaultError if the learner's program had to be stopped or ended its own process: the
    gradebook then holds no new score. HomeError if this system cannot shut code in. TryLaterError if nbgrader failed.
    """
    raise NotImplementedError
