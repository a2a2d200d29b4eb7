"""The standing parity check: a few recent papers and tasks, drawn at random, graded once more by nbgrader's own command.

Nothing of a person changes by it. What it found stands in the audit log, where the doctor looks; the grading room checks
once a day, when nothing waits to be graded.
"""

import logging
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from nbgrader.api import MissingEntry
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.examination import State
from banyan.domain.task import TaskState
from banyan.errors import BanyanError, HomeError
from banyan.records import audit
from banyan.records.corrections import CorrectedResult
from banyan.records.engine import Sessions, reading, writing
from banyan.records.examinations import Submission
from banyan.records.tasks import TaskSubmission
from banyan.tracker.attempts import form_of
from banyan.tracker.corrected import Corrected, private_file
from banyan.tracker.marks import is_void
from banyan.tracker.rulebook import Rulebook
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
    """`name` is for whoever reads what was found; `environment` is what the command's kernel needs to know.

    The points of the slots in `given` are everybody's, whatever the command makes of them.
    """

    name: str
    course: str
    handed: Handed
    environment: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()


def check(make: Sessions, rulebook: Rulebook, gradebooks: Path, now: datetime, sample: int = SAMPLE) -> Parity:
    """Grade a sample again with the stock command, in copies, and write down what differs."""
    with reading(make) as session:
        exams = Corrected(session, rulebook)
        drawn = [_graded(row, exams, gradebooks) for row in _drawn(session, sample)]
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
    """Return a sample of what was graded lately."""
    recent: list[Submission | TaskSubmission] = [*_papers(session), *_tasks(session)]
    chosen = random.sample(recent, min(sample, len(recent)))
    return sorted(chosen, key=lambda each: (each.submitted_at, each.id))


def _papers(session: Session) -> list[Submission]:
    """Return recent papers that a gradebook holds; what a correction still waits for will be another score soon."""
    soon = select(CorrectedResult.submission_id).where(CorrectedResult.done_at.is_(None))
    graded = Submission.state.in_((State.UNMARKED, State.GRADED)) & Submission.scored_at.is_not(None)
    query = select(Submission).where(graded, Submission.id.not_in(soon), Submission.frozen != "")
    return list(session.scalars(query.order_by(Submission.submitted_at.desc()).limit(RECENT)))


def _tasks(session: Session) -> list[TaskSubmission]:
    """Return recent tasks that the gradebook still holds: it keeps one of a person and task; nothing had to be put right."""
    graded = (TaskSubmission.state.in_((TaskState.UNMARKED, TaskState.GRADED)), TaskSubmission.release.is_not(None))
    query = select(TaskSubmission).where(*graded).order_by(TaskSubmission.id)
    last = {(row.person_id, row.course, row.task, row.release): row for row in session.scalars(query)}
    recent = sorted(last.values(), key=lambda each: each.submitted_at)[-RECENT:]
    return [row for row in recent if not row.remarks]


def _graded(row: Submission | TaskSubmission, exams: Corrected, gradebooks: Path) -> _Graded:
    if isinstance(row, TaskSubmission):
        task = Task(row.task, row.release or 0)
        return _Graded(f"{row.id}号作业", row.course, Handed(task.assignment, row.person.handle, task.name))
    attempt = row.attempt
    handed = Handed(assignment_name(attempt.release, attempt.number), attempt.person.handle)
    keys = private_file(exams.session, exams.rulebook.catalogue.open(attempt.course, attempt.release), gradebooks)
    form, exam = form_of(attempt), exams.exam(attempt)
    void = frozenset(seat.name for seat in form.slots if is_void(exam, form, seat.name))
    return _Graded(f"{row.id}号答卷", attempt.course, handed, {EXAM: str(keys), "PYTHONSAFEPATH": "1"}, void)


def _compared(drawn: list[_Graded], gradebooks: Path) -> Iterator[tuple[str, str]]:
    """Yield what differs, with its cells or with what kept the command from grading it."""
    for each in drawn:
        course = Course(gradebooks / each.course)
        try:
            ours, theirs = held(course, each.handed), by_stock(course, each.handed, each.environment)
            anew = held(course, each.handed) != ours  # it was graded again meanwhile
            cells = [] if anew else [cell for cell in differing(ours, theirs) if cell not in each.given]
        except HomeError as fault:
            log.warning("%s was not compared: %s", each.name, fault)
        except (BanyanError, OSError, MissingEntry) as fault:
            yield each.name, str(fault)
        else:
            if cells:
                yield each.name, "、".join(cells)
