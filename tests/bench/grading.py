"""Grading the shipped exam and a notebook task: our roads (grading.bridge) against the command `nbgrader autograde`, on the
same submissions; a task's hold code that learners wrote, which ours runs shut in.

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
from grading.bridge.task import TaskWork, ensure_task, grade_task
from tests import house
from tests.bench._report import machine, options, tell
from tests.county import COURSE
from tests.grading.bridge import task_sample
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
    """One assignment, graded over and over in folders that each begin empty."""

    assignment: str
    notebook = "exam"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.blank = Course(folder / "blank" / COURSE)

    def hand_in(self, course: Course, work: Any) -> None:
        raise NotImplementedError

    def grade(self, course: Course, work: Any) -> None:
        raise NotImplementedError

    def course(self, name: str) -> Course:
        return Course(Path(shutil.copytree(self.blank.root, self.folder / name / COURSE)))

    def stock(self, name: str, works: Sequence[Any]) -> float:
        """Return the seconds the command takes for all submissions, its start included."""
        course = self.course(name)
        for each in works:
            self.hand_in(course, each)
        command = [sys.executable, "-W", "ignore", "-m", "nbgrader", "autograde", self.assignment, "--force"]
        began = time.perf_counter()
        subprocess.run(command, cwd=course.root, check=True, capture_output=True)
        return time.perf_counter() - began

    def ours(self, name: str, works: Sequence[Any], workers: int) -> float:
        """Return the seconds some worker processes take for all submissions, their start included."""
        course = self.course(name)
        began = time.perf_counter()
        started = [FORK.Process(target=self.grade_all, args=(course, works[each::workers])) for each in range(workers)]
        for each in started:
            each.start()
        for each in started:
            each.join()
        assert not any(each.exitcode for each in started)
        return time.perf_counter() - began

    def grade_all(self, course: Course, works: Sequence[Any]) -> None:
        for each in works:
            self.grade(course, each)

    def differences(self, one: str, other: str, works: Sequence[Any]) -> int:
        """Count submissions for which two folders hold other scores, flags or totals."""
        here, there = (Course(self.folder / each / COURSE) for each in (one, other))
        return sum(
            len({str(scores(side, self.assignment, each.student, self.notebook)) for side in (here, there)}) > 1 for each in works
        )


class ExamRoom(Room):
    """The shipped exam."""

    def __init__(self, folder: Path, release: Release) -> None:
        super().__init__(folder)
        self.release, self.assignment = release, assignment_name(release.number, 1)
        ensure_assignment(self.blank, self.assignment, source_notebook(release.exam, self.assignment))

    def hand_in(self, course: Course, work: Work) -> None:
        hand_in(course, work)

    def grade(self, course: Course, work: Work) -> None:
        grade(course, work, self.release.exam_path)


class TaskRoom(Room):
    """A notebook task; the stock command gets what was handed in as it came."""

    assignment, notebook = task_sample.TASK.assignment, task_sample.TASK.name

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        ensure_task(self.blank, task_sample.TASK, task_sample.source(), task_sample.FILES)

    def works(self, many: int) -> list[TaskWork]:
        """Return ordinary work, right and wrong, that differs from person to person."""
        answers = list(task_sample.ORDINARY.values())
        return [
            task_sample.work(self.blank, f"h{number:03d}", {**answers[number % len(answers)], "report": f"{number}户。"})
            for number in range(many)
        ]

    def hand_in(self, course: Course, work: TaskWork) -> None:
        task_sample.hand_in_to_stock(course, work)

    def grade(self, course: Course, work: TaskWork) -> None:
        grade_task(course, work)


def measure(release: Release, folder: Path, few: int, many: int) -> dict[str, Any]:
    room = ExamRoom(folder, release)
    works = [work(release.exam, number) for number in range(many)]
    each, took = slopes(room, works, few, {"one": 1, "two": 2})
    return {
        "answers_ratio_1": round(each["stock"] / each["one"], 1),
        "answers_ratio_2": round(each["stock"] / each["two"], 1),
        "differences": sum(room.differences(f"{side}-{many}", f"stock-{many}", works) for side in ("one", "two")),
        "seconds_each": {side: round(value, 4) for side, value in each.items()},
        "seconds_in_all": took,
        "slots": len(release.exam.seats),
    }


def measure_code(folder: Path, few: int, many: int) -> dict[str, Any]:
    """Measure the road of notebook tasks, one worker; the stock command's kernels find what lies beside a notebook."""
    room = TaskRoom(folder)
    works = room.works(many)
    each, took = slopes(room, works, few, {"one": 1})
    return {
        "code_ratio_1": round(each["stock"] / each["one"], 1),
        "code_differences": room.differences(f"one-{many}", f"stock-{many}", works),
        "code_seconds_each": {side: round(value, 4) for side, value in each.items()},
        "code_seconds_in_all": took,
    }


def slopes(room: Room, works: Sequence[Any], few: int, workers: dict[str, int]) -> tuple[dict[str, float], dict[str, Any]]:
    """Return the seconds one more submission costs each side, and what all of it was computed from."""
    took: dict[str, dict[int, float]] = {side: {} for side in ("stock", *workers)}
    for n in (few, len(works)):
        for side, count in workers.items():
            took[side][n] = room.ours(f"{side}-{n}", works[:n], count)
        took["stock"][n] = room.stock(f"stock-{n}", works[:n])
    each = {side: (times[len(works)] - times[few]) / (len(works) - few) for side, times in took.items()}
    return each, {side: {str(n): round(value, 2) for n, value in times.items()} for side, times in took.items()}


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    chosen = options(__doc__ or "", argv, few=20, many=60)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as folder:
        release = house.rulebook(Path(folder) / "releases").catalogue.newest(COURSE)
        os.environ |= {EXAM: str(release.exam_path), "PYTHONPATH": str(HOUSE), "PYTHONSAFEPATH": "1"}  # for the kernels
        found = machine() | measure(release, Path(folder) / "exam", chosen.few, chosen.many)
        del os.environ["PYTHONSAFEPATH"]
        found |= measure_code(Path(folder) / "task", chosen.few, chosen.many)
    found["differences"] += found.pop("code_differences")
    tell(found, chosen.json)
    return found


if __name__ == "__main__":
    sys.exit(main()["differences"])
