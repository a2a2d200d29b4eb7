"""Grading one notebook task: what a learner wrote runs shut in, nbgrader's gradebook keeps the scores.

As with exams (banyan.tracker.grade) every try is counted before it begins, so that what takes its worker down with it ends
as stuck, with a reason, and the others go on. A worker that was killed leaves a row that waits; grading it again comes
out the same. The gradebook holds one submission of a person and task: the last one, so one after the other is graded.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import MissingEntry
from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from banyan.courseware.catalogue import Catalogue
from banyan.courseware.release import Release
from banyan.domain.task import TaskState
from banyan.errors import BanyanError
from banyan.records import audit
from banyan.records.bundles import Bundles
from banyan.records.engine import Sessions, reading, writing
from banyan.records.tasks import TaskSubmission
from banyan.tracker.grade import GRADER, MOST_TRIES, broken_off, passes
from banyan.words.kept import Kept
from grading import bundle
from grading.bridge import task as bridge
from grading.bridge.gradebook import CellScore, Course
from grading.bridge.lock import locked
from grading.bridge.pages import feedback_pages


@dataclass(frozen=True)
class TaskRoom:
    """What tasks are graded with beside the records."""

    catalogue: Catalogue
    gradebooks: Path
    bundles: Bundles


@dataclass(frozen=True)
class Outcome:
    """What the gradebook holds of a submission, and the pages about it where all of it is graded."""

    cells: Mapping[str, CellScore]
    remarks: tuple[Kept, ...] = ()
    pages: Mapping[str, bytes] | None = None


def grade_task(make: Sessions, work_id: int, room: TaskRoom, now: datetime) -> TaskState | None:
    """Grade a task that waits for it and return where it then stands; None if another worker is at this person's."""
    with reading(make) as session:
        row = session.get_one(TaskSubmission, work_id)
    with locked(lock_of(row, room.gradebooks), wait=False) as mine:
        if not mine:
            return None
        state = _grade(make, work_id, room, now)
        for later in _waiting_after(make, row):  # whose wake-up found the lock taken
            _grade(make, later, room, now)
    return state


def lock_of(row: TaskSubmission, gradebooks: Path) -> Path:
    """Return what is held while a person's task is graded or marked: the gradebook holds one submission of it."""
    return gradebooks / ".locks" / f"task-{row.person_id}-{row.course}-{row.task}"


def _grade(make: Sessions, work_id: int, room: TaskRoom, now: datetime) -> TaskState:
    state = _try(make, work_id, now)
    if state is not TaskState.SUBMITTED:
        return state
    try:
        with reading(make) as session:
            work, release = _work(session.get_one(TaskSubmission, work_id), room)
        outcome = _graded(work, release, room)
    except (BanyanError, OSError, SQLAlchemyError, MissingEntry) as fault:
        told = Kept.of(fault)
        return _wait(make, work_id, told) if passes(fault) else _note(make, work_id, told, now)
    return _finish(make, work_id, outcome, room.bundles, now)


def is_last(session: Session, row: TaskSubmission) -> bool:
    """Say whether nothing was handed in after it: what the gradebook holds of a person's task is the last."""
    return session.scalars(_after(row).limit(1)).first() is None


def _waiting_after(make: Sessions, row: TaskSubmission) -> list[int]:
    with reading(make) as session:
        return list(session.scalars(_after(row).where(TaskSubmission.state == TaskState.SUBMITTED)))


def _after(row: TaskSubmission) -> Select[int]:
    same = (TaskSubmission.person_id == row.person_id, TaskSubmission.course == row.course, TaskSubmission.task == row.task)
    return select(TaskSubmission.id).where(*same, TaskSubmission.id > row.id).order_by(TaskSubmission.id)


def _try(make: Sessions, work_id: int, now: datetime) -> TaskState:
    """Count a try, or give up when there were too many; return where the task stands."""
    with writing(make) as session:
        row = _held(session, work_id)
        if row.state == TaskState.SUBMITTED and not is_last(session, row):
            row.state = TaskState.REPLACED  # put back too late: the gradebook holds what came after it
        elif row.state == TaskState.SUBMITTED and row.tries >= MOST_TRIES:
            _give_up(session, row, broken_off(row), now)
        elif row.state == TaskState.SUBMITTED:
            row.tries += 1
        return TaskState(row.state)


def _work(row: TaskSubmission, room: TaskRoom) -> tuple[bridge.TaskWork, Release]:
    task, files = task_of(row), bundle.unpacked(room.bundles.read(row.digest))
    return bridge.TaskWork(task, row.person.handle, files, row.submitted_at), room.catalogue.open(row.course, task.release)


def task_of(row: TaskSubmission) -> bridge.Task:
    """Return the task of a release that was handed in; a trainer's own has none."""
    assert row.release
    return bridge.Task(row.task, row.release)


def _graded(work: bridge.TaskWork, release: Release, room: TaskRoom) -> Outcome:
    course = Course(room.gradebooks / release.course)
    ensure(course, release, work.task)
    scores = bridge.grade_task(course, work)
    return outcome_of(
        course, work.task, work.student, scores.cells, tuple(Kept(each.message, each.params) for each in scores.remarks)
    )


def outcome_of(
    course: Course, task: bridge.Task, student: str, cells: Mapping[str, CellScore], remarks: tuple[Kept, ...]
) -> Outcome:
    """Return what a gradebook holds of a submission, with nbgrader's pages once no cell waits for a mark."""
    waits = any(each.needs_mark for each in cells.values())
    return Outcome(cells, remarks, None if waits else feedback_pages(course, task.assignment, student))


def ensure(course: Course, release: Release, task: bridge.Task) -> None:
    """Make a task's assignment from its release, once."""
    source = nbformat.read(release.task_source(task.name), as_version=4)
    folder = release.task_folder(task.name)
    data = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != task.notebook}
    bridge.ensure_task(course, task, source, data)


def settle(session: Session, row: TaskSubmission, outcome: Outcome, bundles: Bundles, now: datetime) -> None:
    """Write down what a submission earned; `feedback` is kept for the trainer to release."""
    row.scores = {name: asdict(each) for name, each in outcome.cells.items()}
    row.score = round(sum(each.points for each in outcome.cells.values()), 2)
    row.total = round(sum(each.max_points for each in outcome.cells.values()), 2)
    row.remarks, row.fault = [each.json for each in outcome.remarks], None
    row.state = TaskState.UNMARKED if outcome.pages is None else TaskState.GRADED
    if outcome.pages is not None:
        row.feedback, row.feedback_files = keep_pages(bundles, outcome.pages)
        row.graded_at = now
    session.flush()
    detail: dict[str, Any] = {"score": row.score, "total": row.total, "digest": row.digest}
    audit.append(session, now, GRADER, "task.grade", f"task:{row.id}", **detail)


def keep_pages(bundles: Bundles, pages: Mapping[str, bytes]) -> tuple[str, dict[str, str]]:
    """Put feedback pages on disk and return their digest together, and each one's by its name."""
    return bundles.keep(bundle.packed(pages)), {name: hashlib.sha256(each).hexdigest() for name, each in pages.items()}


def _note(make: Sessions, work_id: int, fault: Kept, now: datetime) -> TaskState:
    """Keep why a try failed; after the last one the task is stuck until somebody puts it back."""
    with writing(make) as session:
        row = _held(session, work_id)
        row.fault = fault.text
        if row.tries >= MOST_TRIES:
            _give_up(session, row, fault, now)
        return TaskState(row.state)


def _wait(make: Sessions, work_id: int, fault: Kept) -> TaskState:
    """Keep why the machine could not, which is no try: the sweeper comes back as long as it takes."""
    with writing(make) as session:
        row = _held(session, work_id)
        row.fault, row.tries = fault.text, row.tries - 1
        return TaskState(row.state)


def _give_up(session: Session, row: TaskSubmission, fault: Kept, now: datetime) -> None:
    row.state, row.fault = TaskState.FAILED_TO_GRADE, fault.text
    audit.append(session, now, GRADER, "task.stuck", f"task:{row.id}", fault=str(fault))


def _finish(make: Sessions, work_id: int, outcome: Outcome, bundles: Bundles, now: datetime) -> TaskState:
    with writing(make) as session:
        row = _held(session, work_id)
        if row.state == TaskState.SUBMITTED:  # else it was handed in again meanwhile, and what came last is graded next
            settle(session, row, outcome, bundles, now)
        return TaskState(row.state)


def _held(session: Session, work_id: int) -> TaskSubmission:
    query = select(TaskSubmission).where(TaskSubmission.id == work_id).with_for_update(of=TaskSubmission)
    return session.scalars(query).one()
