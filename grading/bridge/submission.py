"""From frozen answers to nbgrader's scores: the notebook is rebuilt from the assignment, graded, and read back.

Open answers go into the cell a person marks, inside a code fence longer than any they contain, so that nothing in
them is markup; a blank one leaves the cell as it was, which nbgrader counts as no response. Doing it again after being
broken off anywhere gives the same. A photo or document stands there by its hash.
"""

import json
import re
import shutil
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, v4
from nbgrader.utils import is_grade, is_solution
from traitlets.config import Config

from grading.bridge.answers_only import AnswersOnly
from grading.bridge.cell import RESPONSES
from grading.bridge.gradebook import NOTEBOOK, CellScore, Course, run, scores
from grading.bridge.kept import kept

SHORTEST_FENCE = 3
UNSEEN = frozenset({"Cc", "Cs", "Cn", "Co"})


@dataclass(frozen=True)
class Work:
    """One submission: whose (an opaque handle), for which assignment, the frozen answers to the letter, and when."""

    assignment: str
    student: str
    frozen: str
    at: datetime


def grade(course: Course, work: Work, exam: Path) -> dict[str, CellScore]:
    """Have nbgrader grade a submission and return what its gradebook then holds; `exam` is the release's private file."""
    hand_in(course, work)
    config = course.config()
    config.ScoreCells = Config(exam=str(exam))
    config.Exporter = Config(optimistic_validation=True)  # the notebook is looked at once, when all is done to it
    with kept():
        run(AnswersOnly(coursedir=course.directory(config, work.assignment, work.student), config=config, force=True))
    return scores(course, work.assignment, work.student)


def hand_in(course: Course, work: Work) -> None:
    """Put a submission where nbgrader looks for it, in place of what an earlier try may have left."""
    folder = course.folder("submitted", work.assignment, work.student)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # Read and written without nbformat's look at every cell: nbgrader made the one and looks at the other.
    blank = v4.reads((course.folder("release", work.assignment) / f"{NOTEBOOK}.ipynb").read_text(encoding="utf-8"))
    written = v4.writes(filled_in(blank, json.loads(work.frozen)["answers"]))
    (folder / f"{NOTEBOOK}.ipynb").write_text(written, encoding="utf-8")
    (folder / RESPONSES).write_text(work.frozen, encoding="utf-8")
    (folder / "timestamp.txt").write_text(f"{work.at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC")


def filled_in(notebook: NotebookNode, answers: Mapping[str, Any]) -> NotebookNode:
    """Return a notebook with the open answers in their cells."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and is_grade(cell) and is_solution(cell):
            answer = answers.get(cell.metadata.nbgrader["grade_id"])
            text = readable(answer if isinstance(answer, str) else named(answer))
            cell.source = fenced(text) if text else cell.source
    return notebook


def named(answer: Any) -> str:
    """Return what stands in a notebook for an answer kept elsewhere, a file: its hash, which names it for ever."""
    if not isinstance(answer, Mapping) or "digest" not in answer:
        return ""
    shown = f"{answer['pages']}页" if "pages" in answer else f"{answer['width']}×{answer['height']}"
    return f"{'文件' if 'pages' in answer else '照片'} {answer['media']} {shown}\nsha256:{answer['digest']}"


def readable(text: str) -> str:
    """Return a text without what nobody can see and a notebook cannot hold: control and surrogate characters."""
    return "".join(each for each in text if each in "\n\t" or unicodedata.category(each) not in UNSEEN).strip()


def fenced(text: str) -> str:
    """Return a text inside a code fence that nothing in the text can end."""
    longest = max((len(each) for each in re.findall(r"`+", text)), default=0)
    fence = "`" * max(SHORTEST_FENCE, longest + 1)
    return f"{fence}text\n{text}\n{fence}"
