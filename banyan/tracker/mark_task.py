"""Marking what was written in a notebook task: read without its writer's name, marked in the gradebook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import nbformat
from nbgrader.api import MissingEntry
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.examination import mark_due
from banyan.domain.task import TaskState
from banyan.errors import BadInputError, HomeError, NotYetError, TryLaterError
from banyan.records import audit
from banyan.records.engine import Sessions, reading, writing
from banyan.records.tasks import TaskSubmission
from banyan.tracker.grade_task import Outcome, TaskRoom, is_last, lock_of, outcome_of, settle, task_of
from banyan.tracker.marking import LONGEST_COMMENT
from banyan.tracker.people import Me
from banyan.tracker.task_desk import reach
from banyan.words.kept import Kept
from grading.bridge import gradebook
from grading.bridge.lock import locked
from grading.bridge.submission import readable


@dataclass(frozen=True)
class WrittenPart:
    """A cell that a person marks: what was asked above it, what was written, and what it has earned so far."""

    name: str
    asked: str
    text: str
    most: float
    points: float | None


@dataclass(frozen=True)
class TaskSheet:
    """Everything of one task that a person marks.

    `graded` are the names of all its graded cells in their order, `remarks` what grading put right or stopped.
    """

    work_id: int
    course: str
    task: str
    due_on: date
    parts: tuple[WrittenPart, ...]
    graded: tuple[str, ...]
    remarks: tuple[Kept, ...]


@dataclass(frozen=True)
class PartMark:
    points: float
    comment: str = ""


@dataclass(frozen=True)
class Marked:
    """A sheet and what a trainer gives for each of its parts, by name."""

    sheet: TaskSheet
    marks: Mapping[str, PartMark]


def sheet(session: Session, work_id: int, me: Me, room: TaskRoom, today: date) -> TaskSheet:
    """Return what a trainer marks of a task; NotYetError while it is not graded, or where nothing of it waits for a person."""
    row = _markable(session, work_id, me, today)
    graded = room.catalogue.open(row.course, row.release or 0).task(row.task).parts
    written = {each.name for each in graded if each.written}
    return TaskSheet(
        row.id,
        row.course,
        row.task,
        mark_due(county_day(row.submitted_at)),
        parts=tuple(_part(cells, row) for cells in _cells(row, room) if cells[1].metadata.nbgrader.grade_id in written),
        graded=tuple(each.name for each in graded),
        remarks=tuple(map(Kept.read, row.remarks)),
    )


def mark_task(make: Sessions, marked: Marked, me: Me, room: TaskRoom, now: datetime) -> None:
    """Write a trainer's marks into the gradebook and complete the task from what the gradebook then holds.

    Doing it again after being broken off comes out the same. The pages about it are made anew, for the trainer to release
    again; that takes a second, in which the records wait for nobody.
    """
    given = [_mark(each, marked.marks.get(each.name)) for each in marked.sheet.parts]
    with reading(make) as session:
        lock = lock_of(_markable(session, marked.sheet.work_id, me, county_day(now)), room.gradebooks)
    with locked(lock, wait=False) as mine:
        if not mine:
            raise TryLaterError("这份作业正在评分，请等一分钟，返回上一页再存")
        with reading(make) as session:  # still the one the gradebook holds, now that no grader is at it
            row = _markable(session, marked.sheet.work_id, me, county_day(now))
            outcome = _into_gradebook(row, given, room)
        with writing(make) as session:
            row = _markable(session, marked.sheet.work_id, me, county_day(now))
            settle(session, row, outcome, room.bundles, now)
            row.scores = {name: each | _comment(name, marked.marks) for name, each in (row.scores or {}).items()}
            row.feedback_at = None
            detail = {each.slot: each.points for each in given}
            audit.append(session, now, me.person.staff_number, "task.mark", f"task:{row.id}", **detail)


def _into_gradebook(row: TaskSubmission, given: Sequence[gradebook.ManualMark], room: TaskRoom) -> Outcome:
    """Write marks into the gradebook and return what it then holds."""
    course, task, student = gradebook.Course(room.gradebooks / row.course), task_of(row), row.person.handle
    try:
        for each in given:
            gradebook.mark(course, task.assignment, student, each, task.name)
        cells = gradebook.scores(course, task.assignment, student, task.name)
    except MissingEntry:
        raise TryLaterError("成绩册里找不到这份作业，分数没有存上；请联系平台管理员") from None
    return outcome_of(course, task, student, cells, tuple(map(Kept.read, row.remarks)))


def _markable(session: Session, work_id: int, me: Me, today: date) -> TaskSubmission:
    row = reach(session, work_id, me, today)
    graded = row.state in (TaskState.UNMARKED, TaskState.GRADED) and row.release is not None
    if not graded or not is_last(session, row):
        raise NotYetError("这份作业现在不用您批：它还没有评完，或者学员又交了新的一份")
    return row


def _cells(row: TaskSubmission, room: TaskRoom) -> list[tuple[str, nbformat.NotebookNode]]:
    """Return the graded cells of the notebook as nbgrader cleaned it, each with the prose above it."""
    task = task_of(row)
    folder = gradebook.Course(room.gradebooks / row.course).folder("autograded", task.assignment, row.person.handle)
    try:
        notebook = nbformat.read(folder / task.notebook, as_version=4)
    except OSError as fault:
        raise HomeError("成绩册里批过的作业 {path} 不见了；请点“重新批改”", path=folder) from fault
    above, found = "", []
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            found.append((above, cell))
        elif cell.cell_type == "markdown":
            above = cell.source
    return found


def _part(found: tuple[str, nbformat.NotebookNode], row: TaskSubmission) -> WrittenPart:
    above, cell = found
    name = cell.metadata.nbgrader.grade_id
    held = (row.scores or {})[name]
    points = None if held["needs_mark"] else held["points"]
    return WrittenPart(name, readable(above), readable(cell.source), held["max_points"], points)


def _mark(part: WrittenPart, given: PartMark | None) -> gradebook.ManualMark:
    if given is None or not 0 <= given.points <= part.most:
        raise BadInputError("每一处请给 0 到 {most} 分", most=f"{part.most:g}")
    comment = readable(given.comment)
    if len(comment) > LONGEST_COMMENT:
        raise BadInputError("评语最多 {most} 个字，现在有 {count} 个", most=LONGEST_COMMENT, count=len(comment))
    return gradebook.ManualMark(part.name, given.points, comment)


def _comment(name: str, marks: Mapping[str, PartMark]) -> dict[str, str]:
    return {"comment": readable(marks[name].comment)} if name in marks else {}
