"""An exam as nbgrader knows it: a source notebook with one graded cell per slot, the same for every learner.

Which question sits in a slot differs from learner to learner and travels with the answers; the cell only names the slot.
What a person marks gets a cell of its own kind; all others ask the bridge for their points.
"""

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from banyan.courseware.exam import ReleaseExam, Seat, candidates
from banyan.courseware.notebook import KERNEL
from banyan.errors import CourseError
from grading.bridge.cell import IMPORT
from grading.questions import BY_HAND

SCHEMA = 3
BLANK = "（未作答）"
"""What the cell of a written answer says until there is one."""


def source_notebook(exam: ReleaseExam, name: str) -> NotebookNode:
    """Return the source notebook of an assignment; `name` is the assignment's."""
    cells = [new_code_cell(IMPORT, metadata=cell_metadata("scoring", locked=True))]
    cells += [_cell(exam, seat) for seat in exam.seats]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number:03d}"
    about = {"course": exam.course, "release": exam.release, "assignment": name}
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "banyan": about})


def marked_by_hand(exam: ReleaseExam, seat: Seat) -> bool:
    """Say whether a person marks a slot; a slot cannot be both, since its cell is one for all learners."""
    kinds = {exam.items[each].type in BY_HAND for each in candidates(seat.wants, exam.items)}
    if len(kinds) > 1:
        raise CourseError([f"{exam.course}/exam.yaml:1: 题位 {seat.name} 里既有老师批的题又有自动评分的题；分成两个题位"])
    return kinds == {True}


def _cell(exam: ReleaseExam, seat: Seat) -> NotebookNode:
    if marked_by_hand(exam, seat):
        return new_markdown_cell(BLANK, metadata=cell_metadata(seat.name, points=seat.points, solution=True))
    return new_code_cell(f'score("{seat.name}")', metadata=cell_metadata(seat.name, points=seat.points, locked=True))


def cell_metadata(grade_id: str, points: float | None = None, locked: bool = False, solution: bool = False) -> dict[str, Any]:
    """Return what nbgrader is told of a cell; with points it is graded."""
    about: dict[str, Any] = {
        "schema_version": SCHEMA,
        "grade_id": grade_id,
        "locked": locked,
        "solution": solution,
        "task": False,
    }
    about["grade"] = points is not None
    if points is not None:
        about["points"] = points
    return {"nbgrader": about}
