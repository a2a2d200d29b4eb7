"""Grading once more by corrected keys: one submission at a time, as grading itself, and as safe to be killed.

What a correction touches waits in `corrected_result` until a grader has been there. The gradebook is graded anew from the
frozen answers by the corrected private file, people's marks are written into it again, and the result is taken only if
the gradebook says the same as the answers; then result, evidence and the line are written in one transaction.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from nbgrader.api import MissingEntry
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from banyan.domain.examination import State
from banyan.errors import BanyanError
from banyan.records import audit
from banyan.records.corrections import CorrectedResult
from banyan.records.engine import Sessions, reading, writing
from banyan.records.examinations import Submission
from banyan.tracker.grade import GRADER, MOST_TRIES, Work, passes, regraded, work_of
from banyan.tracker.marks import Spot, comment_of, marks_on
from banyan.tracker.outcome import Graded, SlotResult, passed
from banyan.tracker.reopening import close
from banyan.tracker.rescoring import Stages, rescored
from banyan.tracker.restating import restate
from banyan.tracker.rulebook import Rulebook
from banyan.words.kept import Kept
from grading.bridge import gradebook
from grading.bridge.lock import locked

Fingerprint = list[tuple[int, datetime, tuple[float, ...]]]
"""What people had marked when a grader looked."""


def regrade(make: Sessions, submission_id: int, rulebook: Rulebook, gradebooks: Path, now: datetime) -> bool:
    """Do what corrections ask of a submission, and say whether it is done with; False leaves it to the next sweep."""
    with locked(gradebooks / ".locks" / f"submission-{submission_id}", wait=False) as mine:
        if not mine or not _try(make, submission_id, now):
            return False
        try:
            with reading(make) as session:
                row = session.get_one(Submission, submission_id)
                marks = marks_on(session, [submission_id])
                work = _with_marks(work_of(session, row, rulebook, gradebooks), row, marks)
            results = regraded(work, rulebook, gradebooks)
        except (BanyanError, OSError, SQLAlchemyError, MissingEntry) as fault:
            _note(make, submission_id, Kept.of(fault), passes(fault))
            return False
        return _finish(make, replace(work.graded, results=results), _fingerprint(marks), rulebook, now)


def unfinished(session: Session, most: int) -> list[int]:
    """Return submissions that corrections still ask something of and that can be tried again, the oldest correction first."""
    query = (
        select(CorrectedResult.submission_id)
        .where(CorrectedResult.done_at.is_(None), CorrectedResult.tries < MOST_TRIES)
        .order_by(CorrectedResult.correction_id, CorrectedResult.submission_id)
    )
    return list(dict.fromkeys(session.scalars(query.limit(most))))


def _try(make: Sessions, submission_id: int, now: datetime) -> bool:
    """Count a try on what waits; a submission that was never graded needs none: its grader will use the corrected keys."""
    with writing(make) as session:
        waiting = [each for each in _waiting(session, submission_id) if each.tries < MOST_TRIES]
        if not waiting:
            return False
        row = session.get_one(Submission, submission_id)
        if row.state == State.SUBMITTED:
            return False
        for each in waiting:
            each.tries += 1
            if row.state == State.FAILED_TO_GRADE:
                each.done_at = now
        return row.state != State.FAILED_TO_GRADE


def _with_marks(work: Work, row: Submission, marks: Stages) -> Work:
    """Return the work with the points that people gave, in its results and for the gradebook."""
    earlier = SlotResult.read(row.scores)
    results = rescored(earlier, work.graded, marks)
    written = {spot.slot for spot in marks}
    given = tuple(
        gradebook.ManualMark(each.slot, each.points, comment_of(marks[Spot(row.id, each.slot)]))
        for each in results
        if each.slot in written and not each.needs_mark
    )
    return replace(work, graded=replace(work.graded, results=results), marks=given)


def _fingerprint(marks: Stages) -> Fingerprint:
    return sorted((row.id, row.marked_at, tuple(row.rows)) for stages in marks.values() for row in stages.values())


def _note(make: Sessions, submission_id: int, fault: Kept, will_pass: bool) -> None:
    """Keep why it failed; what was the machine's fault was no try."""
    with writing(make) as session:
        for each in _waiting(session, submission_id):
            each.fault, each.tries = fault.text, each.tries - will_pass


def _finish(make: Sessions, graded: Graded, seen: Fingerprint, rulebook: Rulebook, now: datetime) -> bool:
    """Take what was graded, unless somebody marked in the meantime: then it is graded once more."""
    with writing(make) as session:
        row = session.scalars(select(Submission).where(Submission.id == graded.submission_id).with_for_update()).one()
        waiting = _waiting(session, row.id)
        if _fingerprint(marks_on(session, [row.id])) != seen:
            for each in waiting:
                each.tries -= 1
            return False
        was_final = row.state == State.GRADED
        if waiting:
            _settle(session, row, graded, waiting[-1].correction_id, rulebook, now)
        for each in waiting:
            each.done_at, each.fault = now, None
            if not (was_final and graded.waiting):  # sent back to its markers: what it comes to is written when they are done
                each.score_after, each.passed_after = row.score, row.passed
        return True


def _settle(session: Session, row: Submission, graded: Graded, correction_id: int, rulebook: Rulebook, now: datetime) -> None:
    was = (row.score, row.passed)
    row.scores = SlotResult.keep(graded.results)
    row.score, row.total, row.hard_fail = graded.score, graded.total, graded.hard_fail
    if graded.waiting:
        row.state, row.passed, row.graded_at = State.UNMARKED, None, None
        return
    row.state, row.passed = State.GRADED, passed(graded)
    if was[1] != row.passed:
        row.graded_at = now
    close(session, row)
    session.flush()
    restate(session, graded, rulebook, now, correction_id)
    if was != (row.score, row.passed):
        detail = {"correction": correction_id, "before": was[0], "score": row.score, "passed": row.passed}
        audit.append(session, now, GRADER, "exam.regrade", f"submission:{row.id}", **detail)


def _waiting(session: Session, submission_id: int) -> list[CorrectedResult]:
    query = select(CorrectedResult).where(CorrectedResult.submission_id == submission_id, CorrectedResult.done_at.is_(None))
    return list(session.scalars(query.order_by(CorrectedResult.correction_id)))


def try_again(session: Session, correction_id: int) -> list[int]:
    """Let what a correction could not be done to be tried anew, and return which submissions that are."""
    query = select(CorrectedResult).where(CorrectedResult.correction_id == correction_id, CorrectedResult.done_at.is_(None))
    rows = session.scalars(query).all()
    for row in rows:
        row.tries = 0
    session.flush()
    return [row.submission_id for row in rows]
