"""The sittings of an exam: whose they are, whether one is still open, what it asks and what was answered so far.

Somebody else's attempt does not exist; a trainer's learners are those of their course and subtree, never they themselves.
The clock that counts is the server's.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, or_, select
from sqlalchemy.orm import Session

from banyan.courseware.exam import Form, ReleaseExam
from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.examination import Sitting, State, too_late
from banyan.domain.permission import Duty
from banyan.errors import NotFoundError, TooLateError
from banyan.records.engine import columns, read_once
from banyan.records.examinations import Answer, Attempt, CaseStep, Submission
from banyan.records.people import Person
from banyan.records.tasks import TaskSubmission
from banyan.records.traces import only_with
from banyan.tracker.people import Me, people_under
from banyan.tracker.reopening import SENT_BACK_AT
from banyan.tracker.rulebook import Rulebook

Answers = dict[str, Any]

# Asked with every answer, so put together once.
SITTINGS = (
    select(
        *(Attempt.course, Attempt.deadline_at, Attempt.submitted_at),
        *(Submission.state, Submission.passed, SENT_BACK_AT.label("sent_back_at")),
    )
    .join(Submission, Submission.attempt_id == Attempt.id, isouter=True)
    .where(Attempt.person_id == bindparam("person"))
    .order_by(Attempt.course, Attempt.number)
)
MINE = select(Attempt).where(Attempt.id == bindparam("attempt"), Attempt.person_id == bindparam("person")).with_for_update()


def mine(session: Session, attempt_id: int, me: Me) -> Attempt:
    """Return one's own attempt, held until the transaction ends; NotFoundError for anybody else's."""
    attempt = session.scalars(MINE, {"attempt": attempt_id, "person": me.person.id}).one_or_none()
    if attempt is None:
        raise NotFoundError("没有找到这份试卷，请回到课程页再进入")
    return attempt


def require_open(attempt: Attempt, now: datetime) -> None:
    """Raise TooLateError, telling the server's time, once an attempt takes no more answers."""
    if attempt.submitted_at is not None:
        raise TooLateError("这份试卷 {at} 已经交了，答案不能再改", at=clock(attempt.submitted_at))
    if too_late(attempt.deadline_at, now):
        raise TooLateError(
            "考试 {deadline} 结束，现在是 {now}，这一题没有存上；之前存好的答案会自动交卷",
            deadline=clock(attempt.deadline_at),
            now=clock(now),
        )


def clock(moment: datetime) -> str:
    """Return a moment as the county's clocks show it."""
    return f"{moment.astimezone(COUNTY_TIME):%H:%M:%S}"


def form_of(attempt: Attempt) -> Form:
    return Form.from_json(attempt.form)


def exam_of(attempt: Attempt, rulebook: Rulebook) -> ReleaseExam:
    """Return the exam of the release an attempt was begun on, with its keys."""
    return rulebook.catalogue.open(attempt.course, attempt.release).exam


def answers_of(session: Session, attempt: Attempt) -> Answers:
    """Return slot → the latest answer, and for a case slot → the choices made in it."""
    given = session.execute(select(Answer.slot, Answer.value).where(Answer.attempt_id == attempt.id))
    answers: Answers = {slot: value for slot, value in given}  # noqa: C416 - rows, typed as pairs
    steps = select(CaseStep).where(CaseStep.attempt_id == attempt.id).order_by(CaseStep.slot, CaseStep.number)
    for step in session.scalars(steps):
        answers.setdefault(step.slot, []).append(step.choice)
    return answers


def path_of(session: Session, attempt: Attempt, slot: str) -> tuple[str, ...]:
    """Return the choices made so far in a case."""
    query = select(CaseStep.choice).where(CaseStep.attempt_id == attempt.id, CaseStep.slot == slot)
    return tuple(session.scalars(query.order_by(CaseStep.number)))


def sitting(attempt: Attempt) -> Sitting:
    """Return an attempt as the rules see it."""
    if attempt.submission is None:
        return Sitting(State.OPEN, attempt.deadline_at)
    handed_in = attempt.submission
    return Sitting(State(handed_in.state), attempt.deadline_at, attempt.submitted_at, handed_in.passed)


def sittings(session: Session, person_id: int, course: str) -> tuple[Sitting, ...]:
    """Return a person's attempts at a course's exam as the rules see them, the first one first."""
    return tuple(each for at, each in all_sittings(session, person_id) if at == course)


@only_with(Attempt, tuple)
@read_once
def all_sittings(session: Session, person_id: int) -> tuple[tuple[str, Sitting], ...]:
    """Return every attempt of a person as (course, attempt); what was drawn and answered is not read."""
    rows = columns(session, SITTINGS, {"person": person_id})
    return tuple(
        (row.course, Sitting(State(row.state or State.OPEN), row.deadline_at, row.submitted_at, row.passed, row.sent_back_at))
        for row in rows
    )


def met(session: Session, person_id: int, course: str) -> list[str]:
    """Return the questions and cases a person's attempts at a course's exam have asked, as often as they did."""
    forms = session.scalars(select(Attempt.form).where(Attempt.person_id == person_id, Attempt.course == course))
    return [seat.question for form in forms for seat in Form.from_json(form).slots]


def entrusted(me: Me, today: date, row: type[Attempt] | type[TaskSubmission] = Attempt) -> ColumnElement[bool]:
    """Return the condition that an attempt, or a task handed in, is at a course and of a person this trainer is trusted with."""
    conditions = []
    for charge in (each for each in me.actor.charges if each.duty is Duty.TRAINER):
        learners = people_under([charge.path], today).with_only_columns(Person.id)
        conditions.append(and_(row.course == charge.course, row.person_id.in_(learners)))
    return and_(row.person_id != me.person.id, or_(false(), *conditions))
