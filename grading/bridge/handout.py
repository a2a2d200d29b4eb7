"""What a learner is given of a notebook task: nbgrader's own steps take out solutions, hidden tests and outputs."""

import copy

import nbgrader.preprocessors as stock
from nbformat import NotebookNode
from traitlets.config import Config

STEPS = (
    stock.ClearSolutions,
    stock.LockCells,
    stock.ClearOutput,
    stock.ClearHiddenTests,
    stock.ComputeChecksums,
    stock.CheckCellMetadata,
)
WORDS = Config(
    ClearSolutions={"code_stub": {"python": "# 在这里写代码\nraise NotImplementedError()"}, "text_stub": "（在这里写）"}
)


def handed_out(source: NotebookNode) -> NotebookNode:
    """Return the learner's copy of a source notebook; RuntimeError if a mark of what is secret stands where it does nothing."""
    notebook, resources = copy.deepcopy(source), {"language": "python"}
    for step in STEPS:
        notebook, resources = step(config=WORDS).preprocess(notebook, resources)
    return notebook
