"""An exam as it counts today: the release an attempt was begun on, with what was decided afterwards about its questions,
and with two markers where a programme asks for them.

Releases never change. A decision is a row beside them, and all decisions about a release are written into a private file
of their own beside its gradebook, named by the last one: nbgrader, ours or stock, grades by it.
"""

import json
import os
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.courseware.exam import ReleaseExam
from banyan.courseware.release import Release
from banyan.records.corrections import Correction
from banyan.records.examinations import Attempt
from banyan.tracker.attempts import exam_of
from banyan.tracker.rulebook import Rulebook
from grading.rulings import Ruling

FOLDER = "corrected"


class Corrected:
    """The exams of one look at the records, each put together once."""

    def __init__(self, session: Session, rulebook: Rulebook) -> None:
        self.session, self.rulebook = session, rulebook
        self._exams: dict[tuple[str, int], ReleaseExam] = {}

    def exam(self, attempt: Attempt) -> ReleaseExam:
        about = (attempt.course, attempt.release)
        if about not in self._exams:
            rulings, _ = rulings_on(self.session, *about)
            exam = with_rulings(exam_of(attempt, self.rulebook), rulings)
            self._exams[about] = exam.marked_by_two() if self.rulebook.wants_two_markers(attempt.course) else exam
        return self._exams[about]


def with_rulings(exam: ReleaseExam, rulings: dict[str, Ruling]) -> ReleaseExam:
    return replace(exam, rulings={**exam.rulings, **rulings}) if rulings else exam


def rulings_on(session: Session, course: str, release: int) -> tuple[dict[str, Ruling], int]:
    """Return what was decided about the questions of a release, the latest word on each, and the last decision's number."""
    query = select(Correction).where(Correction.course == course, Correction.release == release).order_by(Correction.id)
    found: dict[str, Ruling] = {}
    last = 0
    for row in session.scalars(query):
        found |= {question: Ruling.from_json(told) for question, told in row.rulings.items()}
        last = row.id
    return found, last


def private_file(session: Session, release: Release, gradebooks: Path) -> Path:
    """Return the file with the keys that count for a release today; made anew where it is missing."""
    rulings, last = rulings_on(session, release.course, release.number)
    if not last:
        return release.exam_path
    path = gradebooks / release.course / FOLDER / f"exam-r{release.number}-c{last}.json"
    if not path.exists():
        _write(path, with_rulings(release.exam, rulings))
    return path


def _write(path: Path, exam: ReleaseExam) -> None:
    """Put the file in its place at once, readable by its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(exam.to_json(), file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
