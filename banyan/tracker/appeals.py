"""A second look a learner asks for: once for a submission, for a reason, until a day; answered by somebody who has not marked it.

The answer keeps the points or raises them, and says why. What is raised goes the way of every mark: into the gradebook,
the result and the evidence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from banyan.domain.appeal import NoAppeal, Result, answer_due, no_appeal, takes_away
from banyan.domain.calendar import county_day
from banyan.domain.examination import State
from banyan.domain.marking import Stage, others_first, standing_rows
from banyan.errors import BadInputError, NotAllowedError, NotFoundError, NotYetError
from banyan.records import audit
from banyan.records.examinations import Attempt, Mark, Submission
from banyan.records.marking import Appeal
from banyan.tracker.attempts import entrusted, exam_of, mine
from banyan.tracker.grade import graded_as
from banyan.tracker.mark_leases import give_back
from banyan.tracker.markers import markers_of
from banyan.tracker.marking import Bench, checked, complete, reach, total
from banyan.tracker.marks import Answered, Spot, comment_of, is_void, item_at, marks_on, read, standing_points
from banyan.tracker.outcome import Graded
from banyan.tracker.people import NOT_HERE, Me
from banyan.tracker.rulebook import Rulebook
from grading.questions.rubric import Row

LONGEST_REASON = 300
WHY_NOT = {
    NoAppeal.NOT_GRADED: "成绩还没有出来，出来以后才能请求复核",
    NoAppeal.PASSED: "考试已经通过，不用再复核",
    NoAppeal.NOTHING_MARKED: "这份试卷没有老师批的题，没有要复核的",
    NoAppeal.ASKED: "这份试卷已经请求过复核，每份只能一次",
    NoAppeal.OVER: "复核的期限到{until}为止，已经过了",
}


@dataclass(frozen=True)
class Prospect:
    """What a learner reads about a second look: until when they may ask (None if they cannot), and what became of it."""

    until: date | None
    appeal: Appeal | None


def prospect(session: Session, submission: Submission, rulebook: Rulebook, today: date) -> Prospect:
    """Return how a submission stands with a second look."""
    appeal = session.scalars(select(Appeal).where(Appeal.submission_id == submission.id)).one_or_none()
    result = _result(session, submission, appeal, rulebook)
    return Prospect(None if no_appeal(result, today) else result.until, appeal)


def ask(session: Session, attempt_id: int, reason: str, me: Me, rulebook: Rulebook, now: datetime) -> Appeal:
    """Ask for a second look at one's own submission; sent twice it is the same one."""
    attempt = mine(session, attempt_id, me)
    submission = attempt.submission
    if submission is None:
        raise NotYetError(WHY_NOT[NoAppeal.NOT_GRADED])
    held = session.scalars(select(Submission).where(Submission.id == submission.id).with_for_update()).one()
    earlier = session.scalars(select(Appeal).where(Appeal.submission_id == held.id)).one_or_none()
    result = _result(session, held, earlier, rulebook)
    why = no_appeal(result, county_day(now))
    if why:
        raise NotYetError(WHY_NOT[why], until=result.until)
    words = _reason(reason)
    appeal = Appeal(submission_id=held.id, reason=words, asked_at=now, due_on=answer_due(county_day(now)), answer="")
    appeal.before = {spot.slot: points for spot, points in _points(session, held, rulebook).items()}
    session.add(appeal)
    session.flush()
    audit.append(session, now, me.person.staff_number, "appeal.ask", f"submission:{held.id}", reason=words)
    return appeal


@dataclass(frozen=True)
class Waiting:
    """A second look that waits for this trainer."""

    appeal: Appeal
    course: str
    overdue: bool


def waiting_appeals(session: Session, me: Me, today: date) -> list[Waiting]:
    """Return the second looks that wait for this trainer, the one due first at the head; overdue ones lead."""
    rows = unanswered().where(entrusted(me, today))
    found = session.scalars(rows.order_by(Appeal.due_on, Appeal.asked_at, Appeal.id)).all()
    whom = whose_turn(session, found, today)
    return [Waiting(each, each.submission.attempt.course, each.due_on < today) for each in found if me.person.id in whom[each.id]]


def whose_turn(session: Session, appeals: Sequence[Appeal], today: date) -> dict[int, frozenset[int]]:
    """Return for each appeal who should look: whoever may mark it and has not, else those who have."""
    whose = {each.id: (each.submission.attempt.person_id, each.submission.attempt.course) for each in appeals}
    able = markers_of(session, whose.values(), today)
    marked = marked_by(session, [each.submission_id for each in appeals])
    return {each.id: others_first(able[whose[each.id]], marked.get(each.submission_id, frozenset())) for each in appeals}


def marked_by(session: Session, submissions: list[int]) -> Mapping[int, frozenset[int]]:
    """Return who marked something of each submission."""
    found: dict[int, frozenset[int]] = {}
    query = select(Mark.submission_id, Mark.marked_by).where(Mark.submission_id.in_(submissions))
    for submission, person in session.execute(query):
        found[submission] = found.get(submission, frozenset()) | {person}
    return found


@dataclass(frozen=True)
class Marked:
    """A written answer as the second look finds it."""

    slot: str
    stem: str
    text: str
    photo: bool
    pages: int
    rubric: tuple[Row, ...]
    rows: tuple[float, ...]
    points: float
    comment: str


@dataclass(frozen=True)
class Opened:
    """An appeal as whoever answers it reads it, without a name."""

    appeal: Appeal
    course: str
    answers: tuple[Marked, ...]


@dataclass(frozen=True)
class Decision:
    """Points by slot and row, and what the learner is told; `raised` False leaves everything as it is."""

    raised: bool
    rows: Mapping[str, tuple[float, ...]]
    answer: str


def open_appeal(session: Session, submission_id: int, me: Me, rulebook: Rulebook, today: date) -> Opened:
    """Return a second look to whoever may mark the learner; to others it is not there."""
    appeal, graded = _reach(session, submission_id, me, rulebook, today)
    marks = marks_on(session, [submission_id])
    answers = []
    for spot in sorted(each for each in marks if not is_void(graded.exam, graded.form, each.slot)):
        item, rows = item_at(graded.exam, graded.form, spot.slot), standing_rows(read(marks[spot]))
        points = standing_points(marks[spot], graded.exam, graded.form, spot.slot)
        assert rows is not None
        assert points is not None
        given = Answered.of(graded.answers[spot.slot])
        answers.append(Marked(spot.slot, item.stem, *given, item.rubric, rows, points, comment_of(marks[spot])))
    return Opened(appeal, appeal.submission.attempt.course, tuple(answers))


def decide(session: Session, submission_id: int, given: Decision, by: Me, bench: Bench, now: datetime) -> Appeal:
    """Answer a second look; decided twice the first answer stands."""
    appeal, graded = _reach(session, submission_id, by, bench.rulebook, county_day(now))
    if appeal.answered_at:
        return appeal
    if by.person.id not in whose_turn(session, [appeal], county_day(now))[appeal.id]:
        raise NotAllowedError("这份答卷是您批的，复核要由另一位老师来看")
    answer = checked(given.answer)
    if not answer:
        raise BadInputError("请写一句答复：为什么改，或者为什么不改")
    before, row = _points(session, appeal.submission, bench.rulebook), appeal.submission
    if given.raised:
        _raise(session, row, given, graded, by, now)
    after = _points(session, row, bench.rulebook)
    _require_nothing_lost(before, after, given.raised)
    if given.raised:  # the gradebook comes last: what is written there is not taken back
        complete(session, row, marks_on(session, [row.id]), graded, bench, now)
    appeal.after = {spot.slot: points for spot, points in after.items()}
    appeal.changed, appeal.answer, appeal.answered_by, appeal.answered_at = given.raised, answer, by.person.id, now
    session.flush()
    for spot in before:
        give_back(session, spot, by.person.id)
    detail = {"raised": given.raised, "before": sum(before.values()), "after": sum(after.values()), "passed": row.passed}
    audit.append(session, now, by.person.staff_number, "appeal.answer", f"submission:{row.id}", **detail)
    return appeal


def _raise(session: Session, row: Submission, given: Decision, graded: Graded, by: Me, now: datetime) -> None:
    for spot, marks in marks_on(session, [row.id]).items():
        if is_void(graded.exam, graded.form, spot.slot):
            continue
        rows = given.rows.get(spot.slot, ())
        total(rows, item_at(graded.exam, graded.form, spot.slot))
        if rows == standing_rows(read(marks)):
            continue
        kept = Mark(submission_id=row.id, slot=spot.slot, stage=Stage.APPEAL, rows=list(rows), marked_by=by.person.id)
        points = standing_points({Stage.FIRST: kept}, graded.exam, graded.form, spot.slot)
        assert points is not None
        kept.points, kept.comment, kept.marked_at = points, comment_of(marks), now
        session.add(kept)
    session.flush()


def _require_nothing_lost(before: Mapping[Spot, float], after: Mapping[Spot, float], raised: bool) -> None:
    if any(takes_away(points, after[spot]) for spot, points in before.items()):
        raise BadInputError("复核只能加分，不能比原来低；觉得不该加，请选“分数不变”")
    if raised and before == after:
        raise BadInputError("分数和原来一样；请加分，或者选“分数不变”")


def _reach(session: Session, submission_id: int, me: Me, rulebook: Rulebook, today: date) -> tuple[Appeal, Graded]:
    row = reach(session, submission_id, me, today)
    appeal = session.scalars(select(Appeal).where(Appeal.submission_id == row.id)).one_or_none()
    if appeal is None:
        raise NotFoundError(NOT_HERE)
    return appeal, graded_as(session, row, rulebook, ())


def unanswered() -> Select[Appeal]:
    query = select(Appeal).join(Submission, Appeal.submission_id == Submission.id).join(Attempt)
    return query.where(Appeal.answered_at.is_(None)).options(joinedload(Appeal.submission).joinedload(Submission.attempt))


def _result(session: Session, row: Submission, appeal: Appeal | None, rulebook: Rulebook) -> Result:
    final = row.state == State.GRADED and row.graded_at
    marked = bool(session.scalars(select(Mark.id).where(Mark.submission_id == row.id).limit(1)).first())
    days = exam_of(row.attempt, rulebook).blueprint.appeal_days
    return Result(county_day(row.graded_at) if final and row.graded_at else None, bool(row.passed), marked, bool(appeal), days)


def _points(session: Session, row: Submission, rulebook: Rulebook) -> dict[Spot, float]:
    graded = graded_as(session, row, rulebook, ())
    found = {}
    for spot, marks in marks_on(session, [row.id]).items():
        points = standing_points(marks, graded.exam, graded.form, spot.slot)
        found[spot] = points or 0.0
    return found


def _reason(text: str) -> str:
    reason = checked(text)
    if not reason:
        raise BadInputError("请写一句：您觉得哪里批得不对")
    if len(reason) > LONGEST_REASON:
        raise BadInputError("原因最多 {most} 个字，现在有 {count} 个", most=LONGEST_REASON, count=len(reason))
    return reason
