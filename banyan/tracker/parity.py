"""The standing parity check: a few recent submissions, drawn at random, graded once more by nbgrader's own command.

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

from banyan.domain.examination import State
from banyan.errors import BanyanError, HomeError
from banyan.records import audit
from banyan.records.corrections import CorrectedResult
from banyan.records.engine import Sessions, reading, writing
from banyan.records.examinations import Submission
from banyan.tracker.attempts import form_of
from banyan.tracker.corrected import Corrected, private_file
from banyan.tracker.marks import is_void
from banyan.tracker.rulebook import Rulebook
from grading.bridge.cell import EXAM
from grading.bridge.gradebook import Course, assignment_name
from grading.bridge.parity import Handed, by_stock, differing, held

ACTION, GRADER = "grading.parity", "grader"
SAMPLE = 3  # submissions a day: some seconds of a worker
RECENT = 200  # of so many the sample is drawn
EVERY = timedelta(hours=20)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parity:
    """Which submissions were graded again, and what differs: submission → cells, or why there is nothing to compare."""

    checked: tuple[int, ...]
    differing: Mapping[int, str]


@dataclass(frozen=True)
class _Graded:
    """`keys` is the private file that counts for it; the points of the slots in `given` are everybody's, whatever is there."""

    submission: int
    course: str
    keys: Path
    given: frozenset[str]
    handed: Handed


def check(make: Sessions, rulebook: Rulebook, gradebooks: Path, now: datetime, sample: int = SAMPLE) -> Parity:
    """Grade a sample again with the stock command, in copies, and write down what differs."""
    with reading(make) as session:
        exams = Corrected(session, rulebook)
        drawn = [_graded(row, exams, gradebooks) for row in _drawn(session, sample)]
    found = dict(_compared(drawn, gradebooks))
    parity = Parity(tuple(each.submission for each in drawn), found)
    with writing(make) as session:
        detail = {"checked": list(parity.checked), "differing": [f"{each}（{cells}）" for each, cells in found.items()]}
        audit.append(session, now, GRADER, ACTION, "gradebooks", **detail)
    return parity


def last_check(session: Session) -> audit.AuditRow | None:
    query = select(audit.AuditRow).where(audit.AuditRow.action == ACTION)
    return session.scalars(query.order_by(audit.AuditRow.position.desc()).limit(1)).first()


def is_due(session: Session, now: datetime) -> bool:
    """Say whether a check is due and there is something to check."""
    last = last_check(session)
    return (last is None or last.at < now - EVERY) and bool(_drawn(session, 1))


def _drawn(session: Session, sample: int) -> list[Submission]:
    """Return a sample of what was graded lately; what a correction still waits for will be another score soon."""
    soon = select(CorrectedResult.submission_id).where(CorrectedResult.done_at.is_(None))
    graded = Submission.state.in_((State.UNMARKED, State.GRADED)) & Submission.total.is_not(None)
    query = select(Submission).where(graded, Submission.id.not_in(soon))
    recent = session.scalars(query.order_by(Submission.submitted_at.desc()).limit(RECENT)).all()
    chosen = random.sample(recent, min(sample, len(recent)))
    return sorted(chosen, key=lambda each: each.id)


def _graded(row: Submission, exams: Corrected, gradebooks: Path) -> _Graded:
    attempt = row.attempt
    handed = Handed(assignment_name(attempt.release, attempt.number), attempt.person.handle)
    keys = private_file(exams.session, exams.rulebook.catalogue.open(attempt.course, attempt.release), gradebooks)
    form, exam = form_of(attempt), exams.exam(attempt)
    void = frozenset(seat.name for seat in form.slots if is_void(exam, form, seat.name))
    return _Graded(row.id, attempt.course, keys, void, handed)


def _compared(drawn: list[_Graded], gradebooks: Path) -> Iterator[tuple[int, str]]:
    """Yield the submissions that differ, each with the cells, or with what kept the command from grading it."""
    for each in drawn:
        course = Course(gradebooks / each.course)
        try:
            theirs = by_stock(course, each.handed, {EXAM: str(each.keys), "PYTHONSAFEPATH": "1"})
            cells = [cell for cell in differing(held(course, each.handed), theirs) if cell not in each.given]
        except HomeError as fault:
            log.warning("submission %s was not compared: %s", each.submission, fault)
        except (BanyanError, OSError, MissingEntry) as fault:
            yield each.submission, str(fault)
        else:
            if cells:
                yield each.submission, "、".join(cells)
