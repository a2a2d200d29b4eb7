"""Hostile notebooks and files: what a cell is, the gradebook says; what cannot be graded is refused before it is written."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from banyan.errors import BadInputError, CourseError, NotFoundError
from grading.bridge.gradebook import Course
from grading.bridge.received import from_folder
from grading.bridge.task import Task, TaskWork, check, ensure_task, grade_task
from tests.grading.bridge.task_sample import AT, FILES, FULL, SHORT, SOLUTIONS, TASK, blank_notebook, points, source, work


def changed(tasks: Course, change: Callable[[list[nbformat.NotebookNode]], None]) -> TaskWork:
    """Return right work on a notebook whose cells were changed."""
    handed_in = work(tasks, "h1", SOLUTIONS)
    said = nbformat.reads(handed_in.files[TASK.notebook].decode(), as_version=4)
    change(said.cells)
    return TaskWork(TASK, "h1", {**handed_in.files, TASK.notebook: json.dumps(said).encode()}, AT)


def at(cells: list[nbformat.NotebookNode], name: str) -> int:
    return next(place for place, each in enumerate(cells) if each.metadata.get("nbgrader", {}).get("grade_id") == name)


def rename(cells):
    cells[at(cells, "test-count")].metadata.nbgrader["grade_id"] = "test-nothing"


def worthless(cells):
    for each in cells:
        each.metadata["nbgrader"] = {"grade_id": each.metadata.get("nbgrader", {}).get("grade_id"), "points": 1e9, "grade": "no"}


CHANGES = {
    "a test deleted": (lambda cells: cells.pop(at(cells, "test-count")), "删掉了老师的格子（test-count"),
    "every cell but the learner's deleted": (
        lambda cells: [cells.pop(at(cells, each)) for each in ("setup", *(name for name in FULL if name.startswith("test-")))],
        "删掉了老师的格子（setup、test-count",
    ),
    "a test doubled": (lambda cells: cells.append(cells[at(cells, "test-visits")].copy()), "有重复的格子（test-visits"),
    "a test renamed": (rename, "删掉了老师的格子（test-count"),
    "a test emptied": (lambda cells: cells[at(cells, "test-count")].update(source="pass"), "改了不能改的格子（test-count"),
    "a test made a text": (lambda cells: cells[at(cells, "test-count")].update(cell_type="markdown"), ""),
    "other points": (lambda cells: cells[at(cells, "test-count")].metadata.nbgrader.update(points=300), ""),
    "unlocked": (lambda cells: cells[at(cells, "setup")].metadata.nbgrader.update(locked=False, solution=True, grade=True), ""),
    "a tag that skips": (lambda cells: cells[at(cells, "test-count")].metadata.update(tags=["skip-execution"]), ""),
    "all metadata": (worthless, ""),
    "no metadata": (lambda cells: [each.update(metadata={}) for each in cells], "删掉了老师的格子"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "remark"), CHANGES.values(), ids=CHANGES)
def test_the_gradebook_says_what_a_cell_is_and_the_trainer_reads_what_was_put_right(tasks, change, remark):
    found = grade_task(tasks, changed(tasks, change), SHORT)

    assert {name: (cell.points, cell.max_points) for name, cell in found.cells.items()}.keys() == FULL.keys()
    assert {name: cell.max_points for name, cell in found.cells.items()} == FULL | {"report": 5.0}
    assert found.cells["test-count"].points == (0.0 if remark == "删掉了老师的格子" else 3.0)
    assert remark in "".join(str(each) for each in found.remarks)
    assert bool(remark) == bool(found.remarks)


# ---- what is no notebook at all

NOT_TAKEN: dict[str, tuple[dict[str, bytes], str]] = {
    "nothing": ({}, "没有作业本"),
    "broken": ({TASK.notebook: b'{"cells": ['}, "打不开"),
    "no text": ({TASK.notebook: b"\xff\xfe\x00"}, "打不开"),
    "deep": ({TASK.notebook: b"[" * 100_000}, "打不开"),
    "deep in its metadata": (
        {TASK.notebook: b'{"nbformat": 4, "cells": [], "metadata": ' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"}"},
        "打不开",
    ),
    "of another form": ({TASK.notebook: b'{"nbformat": 3, "cells": [], "metadata": {}}'}, "打不开"),
    "half a character": (
        {TASK.notebook: b'{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "raw", "metadata": {}, "source": "\\ud800"}]}'},
        "打不开",
    ),
    "cells that are none": ({TASK.notebook: b'{"nbformat": 4, "cells": [1, []], "metadata": {}}'}, "打不开"),
    "a million cells": ({TASK.notebook: b'{"nbformat": 4, "cells": [' + b"{}," * 10**6 + b"{}]}"}, "打不开"),
    "too large": ({TASK.notebook: b" " * (6 << 20)}, "太多或太大"),
    "too many": ({TASK.notebook: b"{}", **{f"{number}.txt": b"" for number in range(30)}}, "太多或太大"),
    "a name that leads out": ({TASK.notebook: b"{}", "../../gradebook.db": b""}, "不能有"),
    "a name from the root": ({TASK.notebook: b"{}", "/etc/passwd": b""}, "不能有"),
    "a hidden name": ({TASK.notebook: b"{}", ".bashrc": b""}, "不能有"),
    "a name with nothing in it": ({TASK.notebook: b"{}", "a\0b": b""}, "不能有"),
    "a second notebook": ({TASK.notebook: b"{}", "other.ipynb": b""}, "不能有"),
    "another time": ({TASK.notebook: b"{}", "timestamp.txt": b"1999-01-01 00:00:00 UTC"}, "不能有"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "reason"), NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_what_cannot_be_graded_is_refused_before_anything_is_written(tasks, files, reason):
    with pytest.raises(BadInputError, match=reason):
        check(TASK, files)
    with pytest.raises(BadInputError, match=reason):
        grade_task(tasks, TaskWork(TASK, "h9", files, AT))

    assert not tasks.folder("submitted", TASK.assignment, "h9").exists()


@pytest.mark.parametrize(
    "make", [lambda path: path.symlink_to("/etc/passwd"), os.mkfifo, Path.mkdir], ids=["link", "pipe", "folder"]
)
def test_a_folder_with_anything_but_files_is_not_read(tmp_path, make):
    make(tmp_path / "households.csv")

    with pytest.raises(BadInputError, match=r"households\.csv"):
        from_folder(tmp_path)


def test_a_plain_folder_is_read(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"1")

    assert from_folder(tmp_path) == {"a.txt": b"1"}


# ---- what an author gets wrong


def test_a_task_that_is_not_there_is_said(tasks):
    with pytest.raises(NotFoundError, match="还没有准备好"):
        grade_task(tasks, TaskWork(Task("nothing", 1), "h1", {"nothing.ipynb": blank_json(tasks)}, AT))


def blank_json(tasks: Course) -> bytes:
    return json.dumps(blank_notebook(tasks)).encode()


@pytest.mark.parametrize(
    ("cell", "test"),
    [
        pytest.param("count", "assert total(ROWS) == 11", id="the solution is wrong"),
        pytest.param("count", "import inspect\nassert 'sum' in inspect.getsource(total)", id="a test of the text"),
        pytest.param("visits", "assert Visits() != 3 and 3 in Visits()", id="a test that asks the learner's object"),
        pytest.param("mean", "import statistics\nstatistics.fmean = max\nassert mean([1, 2]) == 2", id="a test that patches"),
    ],
)  # fmt: skip
def test_a_task_whose_solution_does_not_pass_is_refused_with_its_cell(tmp_path, cell, test):
    doctored = source()
    doctored.cells[at(doctored.cells, f"test-{cell}")].source = test

    with pytest.raises(CourseError, match=f"test-{cell}"):
        ensure_task(Course(tmp_path / "x-9-tasks"), TASK, doctored, FILES)

    assert not (tmp_path / "x-9-tasks" / "gradebook.db").exists()


def test_what_the_solution_changes_of_the_given_data_is_the_learners(tasks, tmp_path):
    changing = Course(tmp_path / "x-9-tasks")
    doctored = source()
    doctored.cells[at(doctored.cells, "largest")].source = "### BEGIN SOLUTION\nROWS.pop()\n### END SOLUTION"
    doctored.cells[at(doctored.cells, "test-largest")].source = "assert len(ROWS) == 2"
    ensure_task(changing, TASK, doctored, FILES)

    def earned(cell: str) -> float:
        return points(changing, {"largest": cell})["test-largest"]

    assert (earned("del ROWS[0]"), earned("pass")) == (4.0, 0.0)
