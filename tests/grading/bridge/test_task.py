"""Notebook tasks: what ordinary learners hand in is graded as the stock command with a kernel grades it."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest

from grading.bridge.gradebook import Course, scores
from grading.bridge.task import TaskScores, grade_task
from tests.grading.bridge.task_sample import ORDINARY, TASK, hand_in_to_stock, work
from tests.grading.bridge.test_submission import stock

STUDENTS = {name: f"h{number}" for number, name in enumerate(ORDINARY)}


@pytest.fixture(scope="module")
def both(tasks: Course, tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, Course, dict[str, TaskScores]]:
    """Two courses with everybody's work, graded by us and by the stock command, and what ours returned."""
    ours, theirs = (
        Course(Path(shutil.copytree(tasks.root, tmp_path_factory.mktemp(each) / tasks.name))) for each in ("our", "their")
    )
    found = {name: grade_task(ours, work(ours, STUDENTS[name], answers)) for name, answers in ORDINARY.items()}
    for name, answers in ORDINARY.items():
        hand_in_to_stock(theirs, work(theirs, STUDENTS[name], answers))
    stock(theirs, "autograde", TASK.assignment, "--force")
    return ours, theirs, found


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_work_is_scored_as_by_the_stock_command(both, name):
    _ours, theirs, found = both

    assert found[name].cells == scores(theirs, TASK.assignment, STUDENTS[name], TASK.name)
    assert found[name].remarks == ()


def shown(course: Course, name: str) -> list[object]:
    """Return what the graded notebook shows, cell by cell, without what differs from run to run."""
    path = course.folder("autograded", TASK.assignment, STUDENTS[name]) / TASK.notebook
    cells = nbformat.read(path, as_version=4).cells
    return [(each.cell_type, each.source, [_plain(output) for output in each.get("outputs", [])]) for each in cells]


def _plain(output):
    if output.output_type == "error":  # where in which file is not the same
        return "error", output.ename, re.sub(r"\(\S+, line", "(line", output.evalue)
    if output.get("name") == "stderr":  # a warning names the file
        return "stderr"
    said = str(output.get("text", output.get("data")))
    return output.output_type, re.sub(r"0x[0-9a-f]+|\S*(ipykernel|ipython)\S*", "", said)


@pytest.mark.parametrize("name", ORDINARY)
def test_the_graded_notebook_shows_what_the_stock_commands_shows(both, name):
    ours, theirs, _found = both

    assert shown(ours, name) == shown(theirs, name)
