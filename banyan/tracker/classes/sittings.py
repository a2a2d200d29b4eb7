"""The exams of a class's people: who sat when, how far each is marked, what it came to. What was drawn is read apart."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, load_only

from banyan.courseware.exam import Form
from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.examination import State
from banyan.records.examinations import Attempt, Submission

KEPT = (Attempt.person_id, Attempt.course, Attempt.release, Attempt.number, Attempt.started_at, Attempt.submitted_at)
GRADED = (Submission.attempt_id, Submission.state, Submission.score, Submission.total, Submission.passed)
"""What a class's file says of a sitting: a paper with its answers and marks is a thousand times that."""


def bounds(term: tuple[date, date]) -> tuple[datetime, datetime]:
    """Return the moment from which, and that before which, something happened within these days of the county."""
    first, last = term
    return datetime.combine(first, time(), COUNTY_TIME), datetime.combine(last + timedelta(days=1), time(), COUNTY_TIME)


def is_its_sitting(course: str, term: tuple[date, date]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that an attempt was begun within some days and handed in."""
    begins, ends = bounds(term)
    return Attempt.course == course, Attempt.started_at >= begins, Attempt.started_at < ends, Attempt.submitted_at.is_not(None)


def sittings_of(session: Session, people: Collection[int], course: str, term: tuple[date, date]) -> dict[int, list[Attempt]]:
    """Return by person what they began within some days and handed in, the first one first."""
    query = select(Attempt).where(Attempt.person_id.in_(people), *is_its_sitting(course, term))
    slim = (load_only(*KEPT), joinedload(Attempt.submission).load_only(*GRADED))
    found: dict[int, list[Attempt]] = defaultdict(list)
    for each in session.scalars(query.options(*slim).order_by(Attempt.number)):
        found[each.person_id].append(each)
    return found


def forms_of(session: Session, attempts: Iterable[Attempt]) -> dict[int, Form]:
    """Return by attempt what was drawn, in one query."""
    rows = session.execute(select(Attempt.id, Attempt.form).where(Attempt.id.in_([each.id for each in attempts])))
    return {number: Form.from_json(form) for number, form in rows}


def state_of(attempt: Attempt) -> State:
    return State(attempt.submission.state) if attempt.submission else State.SUBMITTED


def points_of(attempt: Attempt) -> float | None:
    """Return the points of a sitting; None until every answer is marked, since a part of them would read as all."""
    return attempt.submission.score if attempt.submission and state_of(attempt) is State.GRADED else None


def passed(attempt: Attempt) -> bool | None:
    """None until every answer is marked."""
    return attempt.submission.passed if attempt.submission and state_of(attempt) is State.GRADED else None


def weight(attempt: Attempt) -> tuple[int, float, int]:
    """Return what the sitting that counts has most of: passed, then still waited for, then points, then late."""
    rank = {True: 2, None: 1, False: 0}[passed(attempt)]
    return rank, points_of(attempt) or 0, attempt.number
