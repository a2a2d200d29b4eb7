"""A lesson as a reader takes it: what stands before the first heading, then one step per `## `.

The build has cut the prose at the headings and written on every cell which step it belongs to (banyan.courseware.notebook).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode

from banyan.courseware.release import StepOutline

HEADING = re.compile(r"\A\s*##? .*\n?")


@dataclass
class Step:
    """`name` goes into the address and the records."""

    name: str
    title: str
    cells: list[NotebookNode] = field(default_factory=list)


def steps_of(cells: Sequence[NotebookNode], outline: Sequence[StepOutline]) -> tuple[list[NotebookNode], list[Step]]:
    """Return the opening cells and the steps.

    The lesson's title and the headings are cut off, the page has its own places for them; each cell says in
    `metadata.place` which of the notebook it is.
    """
    opening: list[NotebookNode] = []
    steps = {each.name: Step(each.name, each.title) for each in outline}
    for place, cell in enumerate(cells):
        cell.metadata["place"] = place
        source = HEADING.sub("", cell.source) if cell.cell_type == "markdown" else cell.source
        step = steps.get(cell.metadata.banyan.step)
        if source.strip():
            (step.cells if step else opening).append(NotebookNode({**cell, "source": source}))
    return opening, list(steps.values())


def asked(cell: NotebookNode) -> str | None:
    """Return the practice question of a cell that asks one; the page itself shows it."""
    question: str | None = cell.metadata.banyan.get("ask")
    return question


def needs_kernel(cell: NotebookNode) -> bool:
    """Say whether a cell does more than ask or prepare."""
    return cell.cell_type == "code" and not asked(cell) and not cell.metadata.banyan.get("setup")
