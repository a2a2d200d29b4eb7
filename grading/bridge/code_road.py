"""Grading a notebook that a learner wrote code in: nbgrader's steps in nbgrader's order, its Execute replaced by the sandbox.

What learners and authors see in the graded notebook is what the stock command leaves there: each code cell with its
outputs, the author's tests with their hidden parts, errors with their traceback.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nbgrader.preprocessors as stock
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat import NotebookNode
from nbgrader import utils
from traitlets import Any as Anything
from traitlets import List

from banyan.errors import BanyanError
from grading.bridge.answers_only import AnswersOnly, OverwriteAtOnce, SaveAtOnce
from grading.bridge.restored import Changes, Fixed, restore
from grading.sandbox.names import Names
from grading.sandbox.run import Allowance, Kind, Ran, Run, running

Resources = Any
SKIPPED = "skip-execution"  # a tag that nbgrader heeds
CLEAN = SanitizeHTML()
MARKUP = {"text/html", "text/markdown", "text/latex"}


@dataclass(frozen=True)
class Prepared:
    """What a task needs for any submission: the author's files, the names in its tests, its cells as the gradebook has them."""

    own: Mapping[str, bytes]
    names: Names
    author: Mapping[str, Fixed]


class Restore(stock.NbGraderPreprocessor):
    """Puts the author's structure back before anything else looks at the notebook."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        road = self.parent.parent
        nb, road.changes = restore(nb, road.made.author)
        return nb, resources


class RunApart(stock.NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        road = self.parent.parent
        try:
            with running(road.made.own, road.brought, road.made.names, road.allowance) as run:
                road.ran = run_cells(run, nb)
        except BanyanError as fault:
            road.fault = fault  # nbgrader keeps only its words
            raise
        nb.metadata["language_info"] = {"name": "python"}
        return nb, resources


class CodeRoad(AnswersOnly):
    """nbgrader's autograder for one submission; what it found on the way stays in it."""

    made, brought, allowance = Anything(), Anything({}), Anything(Allowance())
    changes, ran, fault = Anything(Changes()), Anything({}), Anything(None)
    sanitize_preprocessors = List(
        [stock.ClearOutput, Restore, stock.OverwriteKernelspec, OverwriteAtOnce, stock.CheckCellMetadata]
    )
    autograde_preprocessors = List(
        [
            RunApart,
            stock.IgnorePattern,
            ClearMetadataPreprocessor,
            stock.LimitOutput,
            SaveAtOnce,
            stock.AssignLatePenalties,
            stock.CheckCellMetadata,
        ]
    )


def run_cells(run: Run, notebook: NotebookNode) -> dict[str, Ran]:
    """Run a notebook's code cells, put what they show into it, and return it by the names of cells (or their numbers)."""
    found = {}
    number = 0
    for cell in notebook.cells:
        if cell.cell_type != "code" or not cell.source.strip() or SKIPPED in cell.metadata.get("tags", ()):
            continue
        number += 1
        ran = run.cell(kind_of(cell), cell.source, number)
        cell.outputs, cell.execution_count = [_clean(each) for each in ran.outputs], number
        found[cell.metadata.get("nbgrader", {}).get("grade_id", str(number))] = ran
    return found


def kind_of(cell: NotebookNode) -> Kind:
    """Say whose a code cell is; what it says of itself has been put right before."""
    if not utils.is_locked(cell):
        return Kind.LEARNER
    return Kind.TEST if utils.is_grade(cell) else Kind.GIVEN


def _clean(output: NotebookNode) -> NotebookNode:
    """Return an output whose HTML can do nothing in a trainer's browser but be read."""
    for kind in MARKUP & output.get("data", {}).keys():
        output.data[kind] = CLEAN.sanitize_html_tags(output.data[kind])
    return output
