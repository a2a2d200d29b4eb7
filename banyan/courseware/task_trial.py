"""Whether a task's own solution earns all its points: tried where learners' code is graded, shut in."""

import re
from collections.abc import Iterator

from banyan.courseware.faults import Fault
from banyan.courseware.task import Task
from banyan.courseware.task_notebook import task_notebook
from banyan.errors import CourseError
from grading.bridge.rehearsal import rehearsed

CELL = re.compile(r"题格 (?P<name>[\w-]+) ")


def trial_faults(task: Task, course: str) -> Iterator[Fault]:
    """Yield what keeps a task that is sound otherwise from being graded, each at the cell it is about."""
    try:
        rehearsed(task_notebook(task, course), {path.name: path.read_bytes() for path in task.data}, task.name)
    except CourseError as error:
        for each in error.faults:
            found, said = CELL.search(each), each.partition(": ")[2]
            line = next((part.line for part in task.parts if found and part.name == found["name"]), 1)
            yield Fault(task.file, line, said, "改检查，或改参考解法，到能得满分为止")
