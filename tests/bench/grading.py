"""Grading the shipped exam: our road (grading.bridge) against nbgrader's own autograder with its kernel, in turn.

Both grade the same submissions into gradebooks of their own. The stock side is spared what a person would also wait for
(the start of the command, handing in), so the ratio is the least that can be said. Their scores must not differ.
"""

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from nbgrader.converters import Autograde

from banyan.courseware.assignment import source_notebook
from banyan.courseware.exam import ReleaseExam, draw
from banyan.courseware.release import Release
from banyan.settings import HOUSE
from grading import questions
from grading.bridge.cell import EXAM
from grading.bridge.gradebook import Course, assignment_name, ensure_assignment, run, scores
from grading.bridge.submission import Work, grade, hand_in
from tests import house
from tests.bench._report import machine, options, tell
from tests.county import COURSE
from tests.tracker.hall import right

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def work(exam: ReleaseExam, number: int) -> Work:
    """Return somebody's submission: a form of their own, answered rightly, wrongly or not at all."""
    chance = random.Random(number)
    form = draw(exam, number.to_bytes(32, "big"))
    answers = {seat.name: answer(exam.items[seat.question], chance) for seat in form.slots}
    given = {slot: value for slot, value in answers.items() if value is not None}
    frozen = json.dumps({"form": form.to_json(), "answers": given})
    return Work(assignment_name(exam.release, 1), f"h{number:03d}", frozen, AT)


def answer(item: questions.Item, chance: random.Random) -> Any:
    listed = questions.type_of(item).answers(item)
    wrong = json.loads(questions.wire(next(iter(listed)))) if listed is not None else None
    return chance.choice([right(item), right(item), wrong])


def stock(course: Course, given: Work) -> None:
    config = course.config()
    run(Autograde(coursedir=course.directory(config, given.assignment, given.student), config=config, force=True))


def seconds(verb: Callable[[], object]) -> float:
    began = time.perf_counter()
    verb()
    return time.perf_counter() - began


def measure(release: Release, folder: Path, n: int) -> dict[str, Any]:
    ours, theirs = Course(folder / "ours" / COURSE), Course(folder / "stock" / COURSE)
    name = assignment_name(release.number, 1)
    for course in (ours, theirs):
        ensure_assignment(course, name, source_notebook(release.exam, name))
    times: dict[str, list[float]] = {"ours": [], "stock": []}
    differences = 0
    for number in range(n + 1):
        given = work(release.exam, number)
        hand_in(theirs, given)
        roads = {"ours": partial(grade, ours, given, release.exam_path), "stock": partial(stock, theirs, given)}
        for road in sorted(roads, reverse=bool(number % 2)):
            times[road].append(seconds(roads[road]))
        differences += scores(ours, name, given.student) != scores(theirs, name, given.student)
    first, mine, others = times["ours"].pop(0) + times["stock"].pop(0), median(times["ours"]), median(times["stock"])
    figures = {"ours_s": round(mine, 4), "stock_s": round(others, 4), "ratio": round(others / mine, 1)}
    return figures | {"differences": differences, "n": n, "slots": len(release.exam.seats), "first_of_both_s": round(first, 2)}


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    chosen = options(__doc__ or "", argv, n=20)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as folder:
        release = house.rulebook(Path(folder) / "releases").catalogue.newest(COURSE)
        os.environ |= {EXAM: str(release.exam_path), "PYTHONPATH": str(HOUSE), "PYTHONSAFEPATH": "1"}  # for the kernels
        found = measure(release, Path(folder), chosen.n) | machine()
    tell(found, chosen.json)
    return found


if __name__ == "__main__":
    sys.exit(main()["differences"])
