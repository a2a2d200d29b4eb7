"""A notebook task as nbgrader knows it: the source with solutions and hidden tests, made from the Markdown."""

from collections.abc import Iterator

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from banyan.courseware.assignment import cell_metadata
from banyan.courseware.notebook import KERNEL
from banyan.courseware.task import Part, Task

HINT = "（在这里写）"


def task_notebook(task: Task, course: str) -> NotebookNode:
    """Return the source notebook of a task, the same for the same file; never for a learner's eyes."""
    cells = [cell for each in task.parts for cell in _cells(each)]
    for number, cell in enumerate(cells, start=1):
        cell.id = f"cell-{number:03d}"
    about = {"course": course, "task": task.name}
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}, "banyan": about})


def _cells(part: Part) -> Iterator[NotebookNode]:
    """Yield a part's cells; what is to be written has its hint in a cell of its own, since nbgrader empties the other."""
    if part.role in ("prose", "written") and part.text:
        yield new_markdown_cell(part.text)
    if part.role == "written":
        yield new_markdown_cell(HINT, metadata=cell_metadata(part.name, points=part.points, solution=True))
    elif part.role == "code":
        yield new_code_cell(part.text)
    elif part.role != "prose":
        yield _checked(part)


def _checked(part: Part) -> NotebookNode:
    locked = part.role in ("given", "check")
    about = cell_metadata(part.name, points=part.points, locked=locked, solution=part.role == "answer")
    return new_code_cell(part.text, metadata=about)
