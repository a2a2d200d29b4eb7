"""Grading the shipped exam: our road (grading.bridge) against the command `nbgrader autograde`, on the same submissions.

Both grade the same folders of submissions into gradebooks of their own. What counts is the slope between a few and many,
so that the start of the command and of our workers is out on both sides. Our road includes handing in and reading the
scores back, which the command does not do. Their scores, flags and totals must not differ.
"""

import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from banyan.courseware.assignment import source_notebook
from banyan.courseware.exam import ReleaseExam, draw
from banyan.courseware.release import Release
from banyan.settings import HOUSE
from grading import questions
from grading.bridge.cell import EXAM
from grading.bridge.gradebook import Course, assignment_name, ensure_assignment, scores
from grading.bridge.submission import Work, grade, hand_in
from tests import house
from tests.bench._report import machine, options, tell
from tests.county import COURSE
from tests.tracker.hall import right

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FORK = multiprocessing.get_context("fork")


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


class Room:
    """One exam, graded over and over in folders that each begin empty."""

    def __init__(self, release: Release, folder: Path) -> None:
        self.release, self.folder = release, folder
        self.assignment = assignment_name(release.number, 1)
        self.blank = Course(folder / "blank" / COURSE)
        ensure_assignment(self.blank, self.assignment, source_notebook(release.exam, self.assignment))

    def course(self, name: str) -> Course:
        return Course(Path(shutil.copytree(self.blank.root, self.folder / name / COURSE)))

    def stock(self, name: str, works: list[Work]) -> float:
        """Return the seconds the command takes for all submissions, its start included."""
        course = self.course(name)
        for each in works:
            hand_in(course, each)
        command = [sys.executable, "-W", "ignore", "-m", "nbgrader", "autograde", self.assignment, "--force"]
        began = time.perf_counter()
        subprocess.run(command, cwd=course.root, check=True, capture_output=True)
        return time.perf_counter() - began

    def ours(self, name: str, works: list[Work], workers: int) -> float:
        """Return the seconds some worker processes take for all submissions, their start included."""
        course = self.course(name)
        began = time.perf_counter()
        started = [FORK.Process(target=self.grade, args=(course, works[each::workers])) for each in range(workers)]
        for each in started:
            each.start()
        for each in started:
            each.join()
        assert not any(each.exitcode for each in started)
        return time.perf_counter() - began

    def grade(self, course: Course, works: list[Work]) -> None:
        for each in works:
            grade(course, each, self.release.exam_path)

    def differences(self, one: str, other: str, works: list[Work]) -> int:
        """Count submissions for which two folders hold other scores, flags or totals."""
        here, there = (Course(self.folder / each / COURSE) for each in (one, other))
        return sum(len({str(scores(side, self.assignment, each.student)) for side in (here, there)}) > 1 for each in works)


def measure(release: Release, folder: Path, few: int, many: int) -> dict[str, Any]:
    room, works = Room(release, folder), [work(release.exam, number) for number in range(many)]
    took: dict[str, dict[int, float]] = {"stock": {}, "one": {}, "two": {}}
    for n in (few, many):
        took["one"][n] = room.ours(f"one-{n}", works[:n], 1)
        took["stock"][n] = room.stock(f"stock-{n}", works[:n])
        took["two"][n] = room.ours(f"two-{n}", works[:n], 2)
    each = {side: (times[many] - times[few]) / (many - few) for side, times in took.items()}
    return {
        "answers_ratio_1": round(each["stock"] / each["one"], 1),
        "answers_ratio_2": round(each["stock"] / each["two"], 1),
        "differences": sum(room.differences(f"{side}-{many}", f"stock-{many}", works) for side in ("one", "two")),
        "seconds_each": {side: round(value, 4) for side, value in each.items()},
        "seconds_in_all": {side: {str(n): round(value, 2) for n, value in times.items()} for side, times in took.items()},
        "slots": len(release.exam.seats),
    }


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    chosen = options(__doc__ or "", argv, few=20, many=60)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as folder:
        release = house.rulebook(Path(folder) / "releases").catalogue.newest(COURSE)
        os.environ |= {EXAM: str(release.exam_path), "PYTHONPATH": str(HOUSE), "PYTHONSAFEPATH": "1"}  # for the kernels
        found = machine() | measure(release, Path(folder), chosen.few, chosen.many)
    tell(found, chosen.json)
    return found


if __name__ == "__main__":
    sys.exit(main()["differences"])
