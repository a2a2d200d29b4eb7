"""Marking written answers: an answer is opened, read without a name, and given points row by row.

A mark that stands goes into the gradebook and completes the exam. Where an exam asks for two markers, neither sees the
other's points before both are in; what they see too differently somebody decides. A single mark may be given anew as
long as the exam is not passed: from then on the result is evidence, and a certificate may rest on it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import COUNTY_TIME, county_day
from banyan.domain.examination import State
from banyan.domain.marking import Stage, others_first, stage_for, standing_rows, waits_for
from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotAllowedError, NotFoundError, NotYetError, TryLaterError
from banyan.records import audit
from banyan.records.examinations import Mark, Submission
from banyan.tracker.grade import graded_as, settle
from banyan.tracker.mark_leases import give_back, take
from banyan.tracker.markers import markers_of
from banyan.tracker.marks import Answered, Spot, comment_of, item_at, marks_on, read, standing_points
from banyan.tracker.outcome import Graded, SlotResult
from banyan.tracker.people import NOT_HERE, Me, require, target_of
from banyan.tracker.reopening import due_on, is_being_reopened, reopened
from banyan.tracker.rulebook import Rulebook
from grading.bridge import gradebook
from grading.bridge.submission import readable
from grading.questions.rubric import ByHand, Row

LONGEST_COMMENT = 500
SETTLED = "两位老师已经批完，分数定下来了；学员不服的话可以请求复核"
NOT_YOURS = "这一份现在等另一位老师看，不归您定"


@dataclass(frozen=True)
class Given:
    """What somebody gave an answer that another one now decides about."""

    rows: tuple[float, ...]
    comment: str


@dataclass(frozen=True)
class OpenAnswer:
    """What a marker reads.

    `stage` is the reading they would give, None where there is nothing for them to give: `final` says that the points can
    no longer change, else somebody else's turn it is. `marked` and `comment` are what stands in its place, `seen` names it;
    `apart` holds two readings to decide between.
    """

    spot: Spot
    course: str
    question: str
    stem: str
    text: str
    photo: bool
    pages: int
    rubric: tuple[Row, ...]
    due_on: date
    stage: Stage | None
    final: bool
    marked: tuple[float, ...] | None = None
    comment: str = ""
    seen: str = ""
    apart: tuple[Given, ...] = ()


@dataclass(frozen=True)
class MarkSheet:
    """Points for each row of the rubric in its order, and a word to the learner.

    `seen` names the mark that stood there when the answer was opened; None does not ask.
    """

    spot: Spot
    rows: tuple[float, ...]
    comment: str = ""
    seen: str | None = None


@dataclass(frozen=True)
class Bench:
    """What marking and grading work with beside the records."""

    rulebook: Rulebook
    gradebooks: Path


class OvertakenError(NotAllowedError):
    """Somebody else marked the answer in the meantime; theirs stands."""


def open_answer(session: Session, spot: Spot, me: Me, rulebook: Rulebook, now: datetime) -> OpenAnswer:
    """Return a written answer to a trainer who may mark it, as it stands for them; to others it is not there."""
    answer = _answer(session, spot, me, rulebook, now)
    stage, final = (None, True) if answer.row.passed else (answer.stage, answer.settled and answer.stage is None)
    given = Answered.of(answer.graded.answers[spot.slot])
    asked = OpenAnswer(
        spot=spot,
        course=answer.row.attempt.course,
        question=answer.item.id,
        stem=answer.item.stem,
        text=given.text,
        photo=given.photo,
        pages=given.pages,
        rubric=answer.item.rubric,
        due_on=due_on(answer.row, reopened(session, [answer.row.id])),
        stage=stage,
        final=final,
    )
    if stage is None:
        shown = standing_rows(read(answer.marks)) if final else None
        return replace(asked, marked=shown, comment=comment_of(answer.marks) if final else "")
    own = answer.marks.get(stage)
    asked = replace(asked, seen=_named(own, answer.item))
    decides = [answer.marks[each] for each in (Stage.FIRST, Stage.SECOND)] if stage is Stage.AGREED else []
    apart = tuple(Given(tuple(each.rows), each.comment) for each in decides)
    if own is None:
        return replace(asked, apart=apart)
    return replace(asked, apart=apart, marked=tuple(own.rows), comment=own.comment)


def file_to_mark(session: Session, spot: Spot, me: Me, rulebook: Rulebook, today: date) -> Mapping[str, Any]:
    """Return what an answer says of its file to a trainer who may mark it; to others it is not there."""
    answers = graded_as(session, reach(session, spot.submission_id, me, today), rulebook, ()).answers
    given: Any = answers.get(spot.slot)
    if not isinstance(given, Mapping) or "digest" not in given:
        raise BadInputError("这道题没有交文件")
    return given


def lend(session: Session, spot: Spot, me: Me, now: datetime) -> str:
    """Let somebody have an answer open for themselves, and return the name of who else has it, "" if it is theirs now."""
    reach(session, spot.submission_id, me, county_day(now))
    other = take(session, spot, me.person.id, now)
    return other.name if other else ""


def mark(session: Session, sheet: MarkSheet, by: Me, bench: Bench, now: datetime) -> Submission:
    """Keep a mark; one that stands goes into the gradebook and, when it was the last one, completes the exam.

    OvertakenError if another mark than the one that was seen stands there by now.
    """
    answer = _answer(session, sheet.spot, by, bench.rulebook, now)
    total(sheet.rows, answer.item)
    if answer.row.passed:
        raise NotAllowedError("这份试卷已经通过并记入成绩，分数不能再改")
    if answer.stage is None:
        raise NotAllowedError(SETTLED if answer.settled else NOT_YOURS)
    kept = answer.marks.get(answer.stage)
    if sheet.seen is not None and _named(kept, answer.item) != sheet.seen:
        _overtaken(kept)
    kept = _keep(session, kept, sheet, answer, by, now)
    give_back(session, sheet.spot, by.person.id)
    marks = {**answer.marks, answer.stage: kept}
    if waits_for(read(marks), answer.graded.exam.manner, _most(answer.item)) is None:
        complete(session, answer.row, {sheet.spot: marks}, answer.graded, bench, now)
    detail = {"slot": kept.slot, "rows": kept.rows, "points": kept.points}
    if answer.stage is not Stage.FIRST:
        detail["reading"] = list(Stage).index(answer.stage) + 1
    audit.append(session, now, by.person.staff_number, "exam.mark", f"submission:{answer.row.id}", **detail)
    return answer.row


def complete(
    session: Session, row: Submission, marks: dict[Spot, dict[Stage, Mark]], graded: Graded, bench: Bench, now: datetime
) -> None:
    """Write marks that stand into the gradebook and settle the exam by what the gradebook then holds."""
    given = []
    for spot, stands in marks.items():
        points = standing_points(stands, graded.exam, graded.form, spot.slot)
        assert points is not None
        given.append(gradebook.ManualMark(spot.slot, points, comment_of(stands)))
    settle(session, row, replace(graded, results=_into_gradebook(row, given, bench.gradebooks)), bench.rulebook, now)


@dataclass(frozen=True)
class _Answer:
    """A written answer with its marks, as it stands before one person."""

    row: Submission
    graded: Graded
    item: ByHand
    marks: dict[Stage, Mark]
    stage: Stage | None
    settled: bool


def _answer(session: Session, spot: Spot, me: Me, rulebook: Rulebook, now: datetime) -> _Answer:
    row = reach(session, spot.submission_id, me, county_day(now))
    graded = graded_as(session, row, rulebook, ())
    item = item_at(graded.exam, graded.form, spot.slot)
    if not graded.answers.get(spot.slot):
        raise NotFoundError("这道题不用人工批改")
    marks = marks_on(session, [row.id]).get(spot, {})
    given, manner, most = read(marks), graded.exam.manner, _most(item)
    stage = stage_for(given, me.person.id, manner, most)
    if stage is Stage.AGREED:
        whose = (row.attempt.person_id, row.attempt.course)
        able = markers_of(session, [whose], county_day(now))[whose]
        stage = stage if me.person.id in others_first(able, {each.marker for each in given.values()}) else None
    return _Answer(row, graded, item, marks, stage, waits_for(given, manner, most) is None)


def reach(session: Session, submission_id: int, me: Me, today: date) -> Submission:
    """Return a submission that this trainer may mark, held until the transaction ends."""
    row = session.scalars(select(Submission).where(Submission.id == submission_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError(NOT_HERE)
    require(me.actor, Action.MARK, target_of(session, row.attempt.person_id, today, row.attempt.course))
    if row.state not in (State.UNMARKED, State.GRADED):
        raise NotYetError("这份试卷的其他题还没有批完，请过一会儿再来")
    if is_being_reopened(session, row.id):
        raise NotYetError("这份答卷照更正的评分表退回来再批，成绩册还在腾地方，请过一会儿再来")
    return row


def _named(mark: Mark | None, item: ByHand) -> str:
    """Name a mark and the rubric it is given by, so that neither changes unseen under somebody who has the answer open."""
    rubric = hashlib.sha256(repr(item.rubric).encode()).hexdigest()[:8]
    return f"{mark.id}:{mark.marked_at.isoformat()}:{rubric}" if mark else rubric


def _overtaken(kept: Mark | None) -> None:
    if kept is None:
        raise OvertakenError("这份答卷的批改情况变了，您刚才给的分没有存；请看一看再决定")
    at = f"{kept.marked_at.astimezone(COUNTY_TIME):%H:%M}"
    raise OvertakenError(
        "{name} {at} 已经批了这一份，给了 {points} 分，现在算数的是这个分。您刚才给的分没有存",
        name=kept.marker.name,
        at=at,
        points=f"{kept.points:g}",
    )


def _keep(session: Session, kept: Mark | None, sheet: MarkSheet, answer: _Answer, by: Me, now: datetime) -> Mark:
    assert answer.stage is not None
    kept = kept or Mark(submission_id=answer.row.id, slot=sheet.spot.slot, stage=answer.stage)
    kept.rows, kept.comment, kept.marked_by, kept.marked_at = list(sheet.rows), checked(sheet.comment), by.person.id, now
    alone = standing_points({Stage.FIRST: kept}, answer.graded.exam, answer.graded.form, sheet.spot.slot)
    assert alone is not None
    kept.points = alone
    session.add(kept)
    session.flush()
    return kept


def _most(item: ByHand) -> float:
    return sum(each.points for each in item.rubric)


def total(rows: tuple[float, ...], item: ByHand) -> float:
    """Return the points of a mark sheet, or raise BadInputError naming the row that does not fit."""
    if len(rows) != len(item.rubric):
        raise BadInputError("评分表有 {count} 行，请每一行都给分", count=len(item.rubric))
    for given, row in zip(rows, item.rubric, strict=True):
        if type(given) not in (int, float) or not 0 <= given <= row.points:
            raise BadInputError("“{row}”这一行请给 0 到 {most} 分", row=row.row, most=f"{row.points:g}")
    return sum(rows)


def checked(text: str) -> str:
    """Return a word to the learner as it is kept, or raise BadInputError if it is too long."""
    comment = readable(text)
    if len(comment) > LONGEST_COMMENT:
        raise BadInputError("评语最多 {most} 个字，现在有 {count} 个", most=LONGEST_COMMENT, count=len(comment))
    return comment


def _into_gradebook(row: Submission, given: list[gradebook.ManualMark], gradebooks: Path) -> tuple[SlotResult, ...]:
    """Write marks into the gradebook and return what it then holds for every slot."""
    course, attempt = gradebook.Course(gradebooks / row.attempt.course), row.attempt
    assignment = gradebook.assignment_name(attempt.release, attempt.number)
    try:
        for each in given:
            gradebook.mark(course, assignment, attempt.person.handle, each)
        cells = gradebook.scores(course, assignment, attempt.person.handle)
    except MissingEntry:
        raise TryLaterError("成绩册里找不到这份试卷，分数没有存上；请联系平台管理员") from None
    return tuple(
        replace(each, points=cells[each.slot].points, needs_mark=cells[each.slot].needs_mark)
        for each in SlotResult.read(row.scores)
    )
