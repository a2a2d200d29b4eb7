"""Grading answers through nbgrader without a kernel, in one pass.

nbgrader's own steps in nbgrader's own order, three of them done for all cells at once, and one replaced: instead of
starting a Jupyter kernel that runs `score("s01")` in each cell, that call is made here. Learners send answers, never
notebooks: a cell that says anything else is refused. `nbgrader autograde` on the same folder gives the same scores; a
test and the bench hold us to it.
"""

import json
import re
from pathlib import Path
from typing import Any

import nbgrader.preprocessors as stock
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat import NotebookNode, from_dict
from nbgrader import api, utils
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter
from sqlalchemy.orm import joinedload
from traitlets import List, Unicode

from grading.bridge.cell import IMPORT, RESPONSES, earned
from grading.bridge.kept import KeptGradebook, Sheet

SCORE = re.compile(r'score\("([A-Za-z0-9_-]+)"\)')
Resources = Any


class ScoreCells(stock.NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute."""

    exam = Unicode(help="the private exam file of the release").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        frozen = json.loads((Path(resources["metadata"]["path"]) / RESPONSES).read_text(encoding="utf-8"))
        ours = (cell for cell in nb.cells if cell.cell_type == "code" and utils.is_locked(cell))
        for number, cell in enumerate(ours, start=1):
            cell.execution_count, cell.outputs = number, self._outputs(cell, frozen, number)
        return nb, resources

    def _outputs(self, cell: NotebookNode, frozen: dict[str, Any], number: int) -> list[NotebookNode]:
        if cell.source == IMPORT:
            return []
        asked, slot = SCORE.fullmatch(cell.source), cell.metadata.nbgrader["grade_id"]
        if asked is None or asked[1] != slot:
            raise RuntimeError(f"the cell {slot} of this exam does not ask for its own score")
        shown = {"text/plain": repr(earned(frozen, self.exam, asked[1]))}
        said = {"output_type": "execute_result", "data": shown, "metadata": {}, "execution_count": number}
        return [from_dict(said)]


class OverwriteAtOnce(stock.OverwriteCells):
    """nbgrader's way of restoring what the instructor wrote, with the cells read in one query."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        about = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.db_url = about["notebook"], about["assignment"], about["db_url"]
        with KeptGradebook(self.db_url) as opened:
            of = opened.find_notebook(self.notebook_id, self.assignment_id).id
            sources = opened.db.query(api.SourceCell).filter(api.SourceCell.notebook_id == of)
            graded = opened.db.query(api.GradeCell).filter(api.GradeCell.notebook_id == of)
            self.gradebook = Sheet(opened, sources=_named(sources), graded=_named(graded))
            return stock.NbGraderPreprocessor.preprocess(self, nb, resources)


class SaveAtOnce(stock.SaveAutoGrades):
    """nbgrader's way of writing scores, with the rows read in one query and written in one transaction."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        about = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = about["notebook"], about["assignment"], about["student"]
        with KeptGradebook(about["db_url"]) as opened:
            of = opened.find_submission_notebook(self.notebook_id, self.assignment_id, self.student_id).id
            rows = {kind: opened.db.query(kind).options(joinedload(kind.cell)) for kind in (api.Grade, api.Comment)}
            named = {kind: _named(query.filter(kind.notebook_id == of)) for kind, query in rows.items()}
            self.gradebook = sheet = Sheet(opened, grades=named[api.Grade], comments=named[api.Comment])
            found: tuple[NotebookNode, Resources] = stock.NbGraderPreprocessor.preprocess(self, nb, resources)
            sheet.keep()
        return found


def _named(rows: Any) -> dict[str, Any]:
    return {each.name: each for each in rows}


class AnswersOnly(Autograde):
    """nbgrader's autograder, which here cleans and grades a notebook in one go: nothing is written and read again between."""

    sanitize_preprocessors = List(
        [stock.ClearOutput, stock.DeduplicateIds, stock.OverwriteKernelspec, OverwriteAtOnce, stock.CheckCellMetadata]
    )
    autograde_preprocessors = List(
        [
            ScoreCells,
            stock.IgnorePattern,
            ClearMetadataPreprocessor,
            stock.LimitOutput,
            SaveAtOnce,
            stock.AssignLatePenalties,
            stock.CheckCellMetadata,
        ]
    )

    def convert_single_notebook(self, notebook_filename: str) -> None:
        self.exporter._preprocessors = []
        for each in (*self.sanitize_preprocessors, *self.autograde_preprocessors):
            self.exporter.register_preprocessor(each)
        with utils.setenv(NBGRADER_EXECUTION="autograde"):
            BaseConverter.convert_single_notebook(self, notebook_filename)
