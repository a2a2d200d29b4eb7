"""The standing parity check: a few recent papers and tasks, drawn at random, graded once more by nbgrader's own command.

Nothing of a person changes by it. What it found stands in the audit log, where the doctor looks; the grading room checks
once a day, when nothing waits to be graded.
"""

import logging
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nbgrader.api import MissingEntry
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.courseware.catalogue import Catalogue
from banyan.domain.examination import State
from banyan.domain.task import TaskState
from banyan.errors import BanyanError, HomeError
from banyan.records import audit
from banyan.records.engine import Sessions, reading, writing
from banyan.records.examinations import Submission
from banyan.records.tasks import TaskSubmission
from grading.bridge.cell import EXAM
from grading.bridge.gradebook import Course, assignment_name
from grading.bridge.parity import Handed, by_stock, differing, held
from grading.bridge.task import Task

ACTION, GRADER = "grading.parity", "grader"
SAMPLE = 3  # submissions a day: some seconds of a worker
RECENT = 200  # of so many the sample is drawn
EVERY = timedelta(hours=20)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parity:
    """What was graded again, and what of it differs: a paper or task → its cells, or why there is nothing to compare."""

    checked: tuple[str, ...]
    differing: Mapping[str, str]


@dataclass(frozen=True)
class _Graded:
    """`name` is for whoever reads what was found; `environment` is what the command's kernel needs to know."""

    name: str
    course: str
    handed: Handed
    environment: Mapping[str, str]


def check(make: Sessions, catalogue: Catalogue, gradebooks: Path, now: datetime, sample: int = SAMPLE) -> Parity:
    """Grade a sample again with the stock command, in copies, and write down what differs."""
    with reading(make) as session:
        drawn = [_graded(row, catalogue) for row in _drawn(session, sample)]
    found = dict(_compared(drawn, gradebooks))
    parity = Parity(tuple(each.name for each in drawn), found)
    with writing(make) as session:
        detail = {"checked": list(parity.checked), "differing": [f"{name}（{cells}）" for name, cells in found.items()]}
        audit.append(session, now, GRADER, ACTION, "gradebooks", **detail)
    return parity


def last_check(session: Session) -> audit.AuditRow | None:
    query = select(audit.AuditRow).where(audit.AuditRow.action == ACTION)
    return session.scalars(query.order_by(audit.AuditRow.position.desc()).limit(1)).first()


def is_due(session: Session, now: datetime) -> bool:
    """Say whether a check is due and there is something to check."""
    last = last_check(session)
    return (last is None or last.at < now - EVERY) and bool(_drawn(session, 1))


def _drawn(session: Session, sample: int) -> list[Submission | TaskSubmission]:
    papers = select(Submission).where(Submission.state.in_((State.UNMARKED, State.GRADED)), Submission.total.is_not(None))
    recent: list[Submission | TaskSubmission] = [*session.scalars(papers.order_by(Submission.submitted_at.desc()).limit(RECENT))]
    recent += _tasks(session)
    chosen = random.sample(recent, min(sample, len(recent)))
    return sorted(chosen, key=lambda each: (each.submitted_at, each.id))


def _tasks(session: Session) -> list[TaskSubmission]:
    """Return recent tasks that the gradebook still holds: it keeps one of a person and task; nothing had to be put right."""
    graded = (TaskSubmission.state.in_((TaskState.UNMARKED, TaskState.GRADED)), TaskSubmission.release.is_not(None))
    query = select(TaskSubmission).where(*graded).order_by(TaskSubmission.id)
    last = {(row.person_id, row.course, row.task, row.release): row for row in session.scalars(query)}
    recent = sorted(last.values(), key=lambda each: each.submitted_at)[-RECENT:]
    return [row for row in recent if not row.remarks]


def _graded(row: Submission | TaskSubmission, catalogue: Catalogue) -> _Graded:
    if isinstance(row, TaskSubmission):
        task = Task(row.task, row.release or 0)
        handed = Handed(task.assignment, row.person.handle, task.name)
        return _Graded(f"{row.id}号作业", row.course, handed, {})
    attempt = row.attempt
    handed = Handed(assignment_name(attempt.release, attempt.number), attempt.person.handle)
    exam = catalogue.open(attempt.course, attempt.release).exam_path
    return _Graded(f"{row.id}号答卷", attempt.course, handed, {EXAM: str(exam), "PYTHONSAFEPATH": "1"})


def _compared(drawn: list[_Graded], gradebooks: Path) -> Iterator[tuple[str, str]]:
    """Yield what differs, with its cells or with what kept the command from grading it."""
    for each in drawn:
        course = Course(gradebooks / each.course)
        try:
            ours, theirs = held(course, each.handed), by_stock(course, each.handed, each.environment)
            cells = differing(ours, theirs) if held(course, each.handed) == ours else []  # else it was graded anew meanwhile
        except HomeError as fault:
            log.warning("%s was not compared: %s", each.name, fault)
        except (BanyanError, OSError, MissingEntry) as fault:
            yield each.name, str(fault)
        else:
            if cells:
                yield each.name, "、".join(cells)
