"""A notebook task as an author writes one, and what ordinary learners hand in for it, rightly and wrongly."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grading.bridge.gradebook import Course
from grading.bridge.task import Task, TaskWork, grade_task, released
from grading.sandbox.run import Allowance

TASK = Task("households", 1)
AT = datetime(2026, 3, 1, 2, 3, 4, tzinfo=UTC)
FILES = {"households.csv": "门牌,人数\n1,3\n2,5\n3,2\n".encode()}
SHORT = Allowance(cell=2, whole=20)
FULL = {"test-count": 3.0, "test-mean": 4.0, "test-largest": 4.0, "test-visits": 2.0, "report": 0.0}
"""What the right answers earn, the report being empty."""
SETUP = """
import csv
from dataclasses import dataclass

@dataclass
class Household:
    door: int
    people: int

def close(one, other):
    assert abs(one - other) < 1e-9, f"{one} is not {other}"

with open("households.csv", encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))
log = []
"""
SOLUTIONS = {
    "count": """
def total(rows):
    "Count the people of all households."
    return sum(int(row["人数"]) for row in rows)
""",
    "mean": """
import statistics
def mean(numbers):
    if not numbers:
        raise ValueError("nobody to count")
    print("counting", len(numbers))
    return statistics.fmean(numbers)
""",
    "largest": """
def largest(rows):
    best = max(rows, key=lambda row: int(row["人数"]))
    return Household(int(best["门牌"]), int(best["人数"]))
log.append("largest")
answer = largest(ROWS)
answer
""",
    "visits": """
class Visits:
    def __init__(self):
        self.doors = []
    def visit(self, door):
        self.doors.append(door)
        return len(self.doors)
    def __len__(self):
        return len(self.doors)
def twice(function, value):
    return function(function(value))
def remove_empty(rows):
    for row in [row for row in rows if not row]:
        rows.remove(row)
""",
}
TESTS = {
    "count": (
        3,
        "assert total([]) == 0\n### BEGIN HIDDEN TESTS\nassert total(ROWS) == 10\n"
        'assert total([{"人数": "4"}, {"人数": "5"}]) == 9\n### END HIDDEN TESTS',
    ),
    "mean": (
        4,
        "close(mean([1, 2]), 1.5)\n### BEGIN HIDDEN TESTS\nassert abs(mean([0.1, 0.2, 0.6]) - 0.3) < 1e-9\n"
        'try:\n    mean([])\nexcept ValueError as fault:\n    assert "nobody" in str(fault)\n'
        'else:\n    raise AssertionError("nothing was raised")\n### END HIDDEN TESTS',
    ),
    "largest": (
        4,
        "### BEGIN HIDDEN TESTS\nright = [largest(ROWS) == Household(2, 5), answer.people == 5, 'largest' in log,\n"
        '    largest([{"门牌": "7", "人数": "1"}]).door == 7]\nsum(right)\n### END HIDDEN TESTS',
    ),
    "visits": (
        2,
        "### BEGIN HIDDEN TESTS\nvisits = Visits()\nassert [visits.visit(door) for door in (4, 8)] == [1, 2]\n"
        "assert visits.doors == [4, 8] and len(visits) == 2 and isinstance(visits, Visits)\n"
        "assert twice(lambda value: value + 3, 1) == 7\nrows = [{}, {1: 2}, {}]\nassert remove_empty(rows) is None\n"
        "assert rows == [{1: 2}]\n### END HIDDEN TESTS",
    ),
}
ORDINARY: dict[str, Mapping[str, str]] = {
    "right": SOLUTIONS | {"report": "三户十个人。"},
    "nothing done": {},
    "mistakes": {
        "count": "def total(rows):\n    return len(rows)",
        "mean": "def mean(numbers):\n    return sum(numbers) / len(numbers)",
        "largest": "def largest(rows):\n    return Household(2, 5)\nanswer = largest(ROWS)",
        "visits": SOLUTIONS["visits"].replace("class Visits:", "class Visits(list):"),
    },
    "errors": {
        "count": "def totals(rows):\n    return 10",
        "mean": "def mean(numbers)\n    return 1",
        "largest": SOLUTIONS["largest"] + "1 / 0",
        "visits": SOLUTIONS["visits"].replace("self.doors = []", "pass"),
    },
    "gives up": {
        "count": "import sys\ndef total(rows):\n    sys.exit('no')",
        "mean": "class Empty(ValueError): ...\ndef mean(n):\n    if not n: raise Empty('nobody here')\n"
        "    return sum(n) / len(n)",
        "largest": "def largest(rows):\n    return largest(rows)",
        "visits": SOLUTIONS["visits"] + "del twice",
    },
    "odd values": {
        "count": "class Ten: ...\ndef total(rows):\n    return Ten()",
        "mean": "from fractions import Fraction\ndef mean(n):\n    if not n: raise ValueError('nobody')\n"
        "    return sum(map(Fraction, n)) / len(n)",
        "largest": "largest = lambda rows: Household(*(int(each) for each in rows[0].values()))\nanswer = largest(ROWS)",
    },
    "shows": {
        "count": SOLUTIONS["count"] + "from IPython.display import HTML, display\ndisplay(HTML('<b>10</b>'))",
        "mean": "%precision 2\n" + SOLUTIONS["mean"] + "{'b': [1.234] * 30, 'a': {3, 1}}",
        "largest": "import warnings\ndef largest(rows):\n    warnings.warn('slow')\n    return None",
    },
    "brings a file": SOLUTIONS | {"count": "import helping\ntotal = helping.total", "helping.py": SOLUTIONS["count"]},
}


def source() -> NotebookNode:
    """Return the author's notebook."""
    cells = [new_markdown_cell("# 多少人？"), new_code_cell(SETUP, metadata=_grader("setup", locked=True))]
    for name, solution in SOLUTIONS.items():
        text = f"### BEGIN SOLUTION{solution}### END SOLUTION"
        points, test = TESTS[name]
        cells.append(new_code_cell(text, metadata=_grader(name, solution=True)))
        cells.append(new_code_cell(test, metadata=_grader(f"test-{name}", grade=True, locked=True, points=points)))
    cells.append(new_markdown_cell("写一句话。", metadata=_grader("report", grade=True, solution=True, points=5)))
    return notebook(cells)


def notebook(cells: list[NotebookNode]) -> NotebookNode:
    for number, cell in enumerate(cells):
        cell.id = f"source-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _grader(name: str, **given: object) -> dict[str, object]:
    usual = {"schema_version": 3, "grade_id": name, "grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": usual | given}


def work(course: Course, student: str, answers: Mapping[str, str]) -> TaskWork:
    """Return what somebody hands in who wrote these answers into the released notebook's cells; others are files."""
    blank = blank_notebook(course)
    for cell in blank.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name]
    files = {name: text.encode() for name, text in answers.items() if name.endswith(".py")}
    return TaskWork(TASK, student, FILES | files | {TASK.notebook: json.dumps(blank).encode()}, AT)


def points(course: Course, answers: Mapping[str, str], student: str = "h1") -> dict[str, float]:
    """Return what right work with these answers instead earns, cell by cell."""
    found = grade_task(course, work(course, student, SOLUTIONS | answers), SHORT)
    return {name: cell.points for name, cell in found.cells.items()}


def blank_notebook(course: Course) -> NotebookNode:
    found: NotebookNode = nbformat.read(released(course, TASK) / TASK.notebook, as_version=4)
    return found


def hand_in_to_stock(course: Course, each: TaskWork) -> None:
    """Put what was handed in, as it came, where the stock command looks for it."""
    folder: Path = course.folder("submitted", each.task.assignment, each.student)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in each.files.items():
        (folder / name).write_bytes(content)
    (folder / "timestamp.txt").write_text(f"{each.at:%Y-%m-%d %H:%M:%S.%f} UTC")
