"""Marking written answers: what waits, for whom, until when; a mark goes into the gradebook and completes the exam.

A trainer sees the answers of learners in their own subtree and course, without names. A second mark replaces the first
as long as the exam is not passed: from then on the result is evidence, which is never taken back, and a certificate
may rest on it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from banyan.domain.calendar import county_day
from banyan.domain.examination import State, mark_due
from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotAllowedError, NotFoundError, NotYetError, TryLaterError
from banyan.records import audit
from banyan.records.examinations import Attempt, Mark, Submission
from banyan.tracker.attempts import entrusted
from banyan.tracker.grade import graded_as, settle
from banyan.tracker.outcome import Graded, SlotResult
from banyan.tracker.people import NOT_HERE, Me, require, target_of
from banyan.tracker.rulebook import Rulebook
from grading.bridge import gradebook
from grading.bridge.submission import readable
from grading.questions import BY_HAND, file
from grading.questions import open as written
from grading.scoring import points_for

LONGEST_COMMENT = 500


@dataclass(frozen=True, order=True)
class Spot:
    """One written answer: a slot of a submission."""

    submission_id: int
    slot: str


@dataclass(frozen=True)
class Waiting:
    """A written answer that waits for its mark."""

    spot: Spot
    course: str
    submitted_at: datetime
    due_on: date
    overdue: bool


@dataclass(frozen=True)
class OpenAnswer:
    """What a marker reads, or sees where `photo` says so.

    `marked` holds the points per row of an earlier mark, `final` says it can no longer change.
    """

    spot: Spot
    course: str
    stem: str
    text: str
    photo: bool
    rubric: tuple[written.Row, ...]
    due_on: date
    marked: tuple[float, ...] | None
    comment: str
    final: bool


@dataclass(frozen=True)
class MarkSheet:
    """Points for each row of the rubric in its order, and a word to the learner."""

    spot: Spot
    rows: tuple[float, ...]
    comment: str = ""


@dataclass(frozen=True)
class Bench:
    """What marking and grading work with beside the records."""

    rulebook: Rulebook
    gradebooks: Path


def pending(session: Session, me: Me, today: date) -> list[Waiting]:
    """Return the written answers that wait for this trainer, the one due first at the head: overdue ones lead."""
    query = (
        select(Submission)
        .join(Attempt, Submission.attempt_id == Attempt.id)
        .where(Submission.state == State.UNMARKED, entrusted(me, today))
        .options(joinedload(Submission.attempt))
    )
    found = [each for row in session.scalars(query) for each in _waiting(row, today)]
    return sorted(found, key=lambda each: (each.due_on, each.submitted_at, each.spot))


def open_answer(session: Session, spot: Spot, me: Me, rulebook: Rulebook, today: date) -> OpenAnswer:
    """Return a written answer to a trainer who may mark it; to others it is not there."""
    row = _reach(session, spot, me, today)
    graded = graded_as(row, rulebook, ())
    item, given = _item(graded, spot), graded.answers[spot.slot]
    earlier = _mark_of(session, spot)
    return OpenAnswer(
        spot=spot,
        course=row.attempt.course,
        stem=item.stem,
        text=given if isinstance(given, str) else "",
        photo=isinstance(item, file.Item),
        rubric=item.rubric,
        due_on=mark_due(county_day(row.submitted_at)),
        marked=tuple(earlier.rows) if earlier else None,
        comment=earlier.comment if earlier else "",
        final=bool(row.passed),
    )


def photo_to_mark(session: Session, spot: Spot, me: Me, rulebook: Rulebook, today: date) -> str:
    """Return the digest of a photo to a trainer who may mark it; to others it is not there."""
    graded = graded_as(_reach(session, spot, me, today), rulebook, ())
    if not isinstance(_item(graded, spot), file.Item):
        raise BadInputError("这道题没有照片")
    return str(graded.answers[spot.slot]["digest"])


def mark(session: Session, sheet: MarkSheet, by: Me, bench: Bench, now: datetime) -> Submission:
    """Write a mark into the gradebook and, when it was the last one, complete the exam from what the gradebook then holds."""
    row = _reach(session, sheet.spot, by, county_day(now))
    if row.passed:
        raise NotAllowedError("这份试卷已经通过并记入成绩，分数不能再改")
    graded = graded_as(row, bench.rulebook, ())
    item, seat = _item(graded, sheet.spot), graded.form.slot(sheet.spot.slot)
    points = points_for(_total(sheet, item) / sum(each.points for each in item.rubric), seat.points)
    comment = _comment(sheet.comment)
    kept = _mark_of(session, sheet.spot) or Mark(submission_id=row.id, slot=seat.name)
    kept.rows, kept.points, kept.comment = list(sheet.rows), points, comment
    kept.marked_by, kept.marked_at = by.person.id, now
    session.add(kept)
    results = _into_gradebook(row, gradebook.ManualMark(seat.name, points, comment), bench.gradebooks)
    settle(session, row, replace(graded, results=results), bench.rulebook, now)
    detail = {"slot": seat.name, "rows": kept.rows, "points": points}
    audit.append(session, now, by.person.staff_number, "exam.mark", f"submission:{row.id}", **detail)
    return row


def _waiting(row: Submission, today: date) -> list[Waiting]:
    due = mark_due(county_day(row.submitted_at))
    return [
        Waiting(Spot(row.id, each.slot), row.attempt.course, row.submitted_at, due, due < today)
        for each in SlotResult.read(row.scores)
        if each.needs_mark
    ]


def _reach(session: Session, spot: Spot, me: Me, today: date) -> Submission:
    """Return a submission that this trainer may mark, held until the transaction ends."""
    row = session.scalars(select(Submission).where(Submission.id == spot.submission_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError(NOT_HERE)
    require(me.actor, Action.MARK, target_of(session, row.attempt.person_id, today, row.attempt.course))
    if row.state not in (State.UNMARKED, State.GRADED):
        raise NotYetError("这份试卷的其他题还没有批完，请过一会儿再来")
    return row


def _item(graded: Graded, spot: Spot) -> Any:
    """Return a question that a person marks: whatever its type, it has a rubric."""
    item = graded.exam.items[graded.form.slot(spot.slot).question]
    if item.type not in BY_HAND or not graded.answers.get(spot.slot):
        raise NotFoundError("这道题不用人工批改")
    return item


def _mark_of(session: Session, spot: Spot) -> Mark | None:
    query = select(Mark).where(Mark.submission_id == spot.submission_id, Mark.slot == spot.slot)
    return session.scalars(query).one_or_none()


def _total(sheet: MarkSheet, item: Any) -> float:
    """Return the points of a mark sheet, or raise BadInputError naming the row that does not fit."""
    if len(sheet.rows) != len(item.rubric):
        raise BadInputError("评分表有 {count} 行，请每一行都给分", count=len(item.rubric))
    for given, row in zip(sheet.rows, item.rubric, strict=True):
        if type(given) not in (int, float) or not 0 <= given <= row.points:
            raise BadInputError("“{row}”这一行请给 0 到 {most} 分", row=row.row, most=f"{row.points:g}")
    return sum(sheet.rows)


def _comment(text: str) -> str:
    comment = readable(text)
    if len(comment) > LONGEST_COMMENT:
        raise BadInputError("评语最多 {most} 个字，现在有 {count} 个", most=LONGEST_COMMENT, count=len(comment))
    return comment


def _into_gradebook(row: Submission, given: gradebook.ManualMark, gradebooks: Path) -> tuple[SlotResult, ...]:
    """Write a mark into the gradebook and return what it then holds for every slot."""
    course, attempt = gradebook.Course(gradebooks / row.attempt.course), row.attempt
    assignment = gradebook.assignment_name(attempt.release, attempt.number)
    try:
        gradebook.mark(course, assignment, attempt.person.handle, given)
        cells = gradebook.scores(course, assignment, attempt.person.handle)
    except MissingEntry:
        raise TryLaterError("成绩册里找不到这份试卷，分数没有存上；请联系平台管理员") from None
    return tuple(
        replace(each, points=cells[each.slot].points, needs_mark=cells[each.slot].needs_mark)
        for each in SlotResult.read(row.scores)
    )
