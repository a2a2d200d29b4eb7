"""Grading one submission: nbgrader's gradebook is the record of scores, the submission row the truth about where it stands.

A worker may be killed at any moment. What it was doing is done again from the frozen answers and comes out the same;
the row changes once, in one transaction with the evidence. Every try is counted before it begins, so that a submission
which takes its worker down with it ends as stuck, with a reason, and the others go on.
"""

import errno
import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from nbgrader.api import MissingEntry
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from banyan.courseware.assignment import source_notebook
from banyan.courseware.exam import Form
from banyan.courseware.release import Release
from banyan.domain.calendar import county_day
from banyan.domain.examination import State
from banyan.domain.permission import Action
from banyan.errors import BanyanError, DisturbedError, NotFoundError, TamperedError
from banyan.records import audit
from banyan.records.engine import Sessions, reading, writing
from banyan.records.examinations import Submission
from banyan.records.tasks import TaskSubmission
from banyan.tracker.corrected import Corrected, private_file
from banyan.tracker.marks import is_void
from banyan.tracker.outcome import Graded, SlotResult, passed, score_form
from banyan.tracker.people import NOT_HERE, Me, require, target_of
from banyan.tracker.reopening import close
from banyan.tracker.restating import restate
from banyan.tracker.rulebook import Rulebook
from banyan.words.kept import Kept
from banyan.words.language import N_
from grading.bridge import gradebook
from grading.bridge import submission as bridge
from grading.bridge.gradebook import CellScore, Course
from grading.bridge.lock import locked
from grading.questions import BY_HAND

MOST_TRIES = 3
SHORT_OF = frozenset({errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EIO})
"""What a machine may lack for a while: room, memory, open files; and a disk that does not answer."""
GRADER = "grader"
BROKEN_OFF = N_("评分连续 {tries} 次中断，没有说出原因；请平台管理员看评分日志")


def grade(make: Sessions, submission_id: int, rulebook: Rulebook, gradebooks: Path, now: datetime) -> State | None:
    """Grade a submission that waits for it and return where it then stands; None if another worker is at it."""
    lock = gradebooks / ".locks" / f"submission-{submission_id}"
    with locked(lock, wait=False) as mine:
        if not mine:
            return None
        state = _try(make, submission_id, now)
        if state is not State.SUBMITTED:
            return state
        try:
            with reading(make) as session:
                work = work_of(session, session.get_one(Submission, submission_id), rulebook, gradebooks)
            results = regraded(work, rulebook, gradebooks)
        except (BanyanError, OSError, SQLAlchemyError, MissingEntry) as fault:
            told = Kept.of(fault)
            return _wait(make, submission_id, told) if passes(fault) else _note(make, submission_id, told, now)
        state = _finish(make, replace(work.graded, results=results), rulebook, now)
        lock.unlink(missing_ok=True)
    return state


@dataclass(frozen=True)
class Work:
    """A submission as the gradebook needs it, and as far as its outcome is known without one.

    `keys` is the private file that counts for it, `marks` what people gave for slots by their own reading.
    """

    course: str
    release: int
    number: int
    handed_in: bridge.Work
    graded: Graded
    keys: Path
    marks: tuple[gradebook.ManualMark, ...] = ()


def _try(make: Sessions, submission_id: int, now: datetime) -> State:
    """Count a try, or give up when there were too many; return where the submission stands."""
    with writing(make) as session:
        row = _held(session, submission_id)
        if row.state != State.SUBMITTED:
            return State(row.state)
        if row.tries >= MOST_TRIES:
            _give_up(session, row, broken_off(row), now)
            return State(row.state)
        row.tries += 1
        return State.SUBMITTED


def work_of(session: Session, row: Submission, rulebook: Rulebook, gradebooks: Path) -> Work:
    """Return what is to be graded; TamperedError if the frozen answers are not those the receipt was given for."""
    if hashlib.sha256(_kept(row).encode()).hexdigest() != row.digest:
        raise TamperedError("冻结的答卷和回执对不上，请联系平台管理员")
    attempt = row.attempt
    name = gradebook.assignment_name(attempt.release, attempt.number)
    handed_in = bridge.Work(name, attempt.person.handle, row.frozen, row.submitted_at)
    graded = graded_as(session, row, rulebook, ())
    results = score_form(graded.exam, graded.form, graded.answers)
    keys = private_file(session, rulebook.catalogue.open(attempt.course, attempt.release), gradebooks)
    return Work(attempt.course, attempt.release, attempt.number, handed_in, replace(graded, results=results), keys)


def graded_as(session: Session, row: Submission, rulebook: Rulebook, results: tuple[SlotResult, ...]) -> Graded:
    """Return a submission with these results and everything else its outcome depends on, by the keys that count today."""
    frozen = json.loads(_kept(row))
    exam, form = Corrected(session, rulebook).exam(row.attempt), Form.from_json(frozen["form"])
    return Graded(row.id, row.attempt.person_id, county_day(row.submitted_at), exam, form, frozen["answers"], results)


def _kept(row: Submission) -> str:
    """Return the frozen answers, or raise NotFoundError where they are kept no longer."""
    if not row.frozen:
        raise NotFoundError("这份答卷过了保存的期限，或者应本人要求删掉了；成绩还在")
    return row.frozen


def regraded(work: Work, rulebook: Rulebook, gradebooks: Path) -> tuple[SlotResult, ...]:
    """Have nbgrader grade it; TamperedError if its gradebook then says anything else than answers and marks earn."""
    course, student = Course(gradebooks / work.course), work.handed_in.student
    ensure_assignment_of(rulebook.catalogue.open(work.course, work.release), work.number, gradebooks)
    cells = bridge.grade(course, work.handed_in, work.keys)
    unmarked = [each.slot for each in work.graded.results if each.needs_mark]
    cells = gradebook.without_marks(course, work.handed_in.assignment, student, unmarked) if unmarked else cells
    by_hand = (*work.marks, *_given_to_all(work.graded))
    for each in by_hand:
        gradebook.mark(course, work.handed_in.assignment, student, each)
    cells = gradebook.scores(course, work.handed_in.assignment, student) if by_hand else cells
    differ = [each.slot for each in work.graded.results if not _agree(each, cells.get(each.slot))]
    if differ or len(cells) != len(work.graded.results):
        raise TamperedError("成绩册里的分数和答卷算出来的不一样（题位 {slots}），没有采用", slots="、".join(differ))
    return tuple(replace(each, points=cells[each.slot].points) for each in work.graded.results)


def _given_to_all(graded: Graded) -> list[gradebook.ManualMark]:
    """Return the full points of what a person marks and that everybody was given: their cells score nothing by themselves."""
    void = (seat for seat in graded.form.slots if is_void(graded.exam, graded.form, seat.name))
    by_hand = (seat for seat in void if graded.exam.items[seat.question].type in BY_HAND)
    return [gradebook.ManualMark(seat.name, seat.points) for seat in by_hand]


def ensure_assignment_of(release: Release, number: int, gradebooks: Path) -> None:
    """Make the assignment of everybody's attempt of this number at a release, once."""
    course, name = Course(gradebooks / release.course), gradebook.assignment_name(release.number, number)
    if not gradebook.stands(course, name):
        gradebook.ensure_assignment(course, name, source_notebook(release.exam, name))


def _agree(result: SlotResult, cell: CellScore | None) -> bool:
    if cell is None or (cell.max_points, cell.needs_mark) != (result.max_points, result.needs_mark):
        return False
    return result.needs_mark or cell.points == result.points


def _note(make: Sessions, submission_id: int, fault: Kept, now: datetime) -> State:
    """Keep why a try failed; after the last one the submission is stuck until somebody puts it back."""
    with writing(make) as session:
        row = _held(session, submission_id)
        row.fault = fault.text
        if row.tries >= MOST_TRIES:
            _give_up(session, row, fault, now)
        return State(row.state)


def passes(fault: Exception) -> bool:
    """Say whether it was the machine, not the submission: the same may work a minute later."""
    return isinstance(fault, DisturbedError | OperationalError) or (isinstance(fault, OSError) and fault.errno in SHORT_OF)


def _wait(make: Sessions, submission_id: int, fault: Kept) -> State:
    """Keep why the machine could not, which is no try: the sweeper comes back as long as it takes, and the doctor tells."""
    with writing(make) as session:
        row = _held(session, submission_id)
        row.fault, row.tries = fault.text, row.tries - 1
        return State(row.state)


def broken_off(row: Submission | TaskSubmission) -> Kept:
    """Return why something that was tried too often never came out: what was last heard, or that nothing was."""
    return Kept.read(row.fault) if row.fault else Kept(BROKEN_OFF, {"tries": row.tries})


def _give_up(session: Session, row: Submission, fault: Kept, now: datetime) -> None:
    row.state, row.fault = State.FAILED_TO_GRADE, fault.text
    audit.append(session, now, GRADER, "exam.stuck", f"submission:{row.id}", fault=str(fault))


def _finish(make: Sessions, graded: Graded, rulebook: Rulebook, now: datetime) -> State:
    with writing(make) as session:
        row = _held(session, graded.submission_id)
        if row.state == State.SUBMITTED:
            row.fault = None
            settle(session, row, graded, rulebook, now)
        return State(row.state)


def settle(session: Session, row: Submission, graded: Graded, rulebook: Rulebook, now: datetime) -> None:
    """Write down what a submission earned; once no slot waits for a mark it is final and becomes evidence."""
    row.scores = SlotResult.keep(graded.results)
    row.score, row.total, row.hard_fail = graded.score, graded.total, graded.hard_fail
    row.scored_at = row.scored_at or now
    if graded.waiting:
        row.state = State.UNMARKED
        return
    row.state, row.passed, row.graded_at = State.GRADED, passed(graded), now
    session.flush()
    restate(session, graded, rulebook, now, close(session, row))
    detail = {"score": row.score, "total": row.total, "passed": row.passed, "digest": row.digest}
    audit.append(session, now, GRADER, "exam.grade", f"submission:{row.id}", **detail)


def put_back(session: Session, submission_id: int, by: Me, now: datetime) -> Submission:
    """Let a stuck submission be graded again, once what was in its way is mended; any other stays as it is."""
    row = session.scalars(select(Submission).where(Submission.id == submission_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError(NOT_HERE)
    require(by.actor, Action.MARK, target_of(session, row.attempt.person_id, county_day(now), row.attempt.course))
    if row.state == State.FAILED_TO_GRADE:
        fault = row.fault and str(Kept.read(row.fault))
        row.state, row.tries, row.fault = State.SUBMITTED, 0, None
        session.flush()
        audit.append(session, now, by.person.staff_number, "exam.put_back", f"submission:{row.id}", fault=fault)
    return row


def _held(session: Session, submission_id: int) -> Submission:
    return session.scalars(select(Submission).where(Submission.id == submission_id).with_for_update()).one()
