"""An exam of three slots: one choice, one number, one written answer."""

import json
from datetime import UTC, datetime

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grading.bridge.submission import Work

ITEMS = {
    "report": {
        "id": "report",
        "type": "multiple",
        "stem": "哪些要报？",
        "options": {"A": "时间", "B": "地点", "C": "传言"},
        "key": ["A", "B"],
        "indicators": ["C5.2.b"],
    },
    "minutes": {"id": "minutes", "type": "numeric", "stem": "多久？", "key": {"value": 30}, "indicators": ["C5.2.a"]},
    "note": {
        "id": "note",
        "type": "open",
        "stem": "写一份续报。",
        "rubric": [{"row": "说清变化", "points": 6, "indicator": "C5.2.c"}],
        "indicators": ["C5.2.c"],
    },
}
SLOTS = [("s01", "report", 5.0), ("s02", "minutes", 3.0), ("s03", "note", 6.0)]
AT = datetime(2026, 3, 1, 2, 3, 4, tzinfo=UTC)


def frozen(answers: dict[str, object]) -> str:
    slots = [{"name": name, "question": question, "points": points, "shuffle": 1} for name, question, points in SLOTS]
    return json.dumps({"form": {"slots": slots}, "answers": answers}, ensure_ascii=True)


def work(student: str, answers: dict[str, object]) -> Work:
    return Work("exam-r1-t1", student, frozen(answers), AT)


def notebook() -> NotebookNode:
    cells = [new_code_cell("from grading.bridge.cell import score", metadata=_grader("scoring", grade=False, locked=True))]
    cells += [
        new_code_cell(f'score("{name}")', metadata=_grader(name, points=points, locked=True)) for name, _, points in SLOTS[:2]
    ]
    cells.append(new_markdown_cell("（未作答）", metadata=_grader("s03", points=6.0, solution=True)))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _grader(name: str, **given: object) -> dict[str, object]:
    usual = {"schema_version": 3, "grade_id": name, "grade": True, "solution": False, "locked": False, "task": False}
    return {"nbgrader": usual | given}
