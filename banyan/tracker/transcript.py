"""A learner's own attempts, and what is worth practising after one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from banyan.courseware.exam import ReleaseExam
from banyan.courseware.release import LessonOutline, Release
from banyan.domain.calendar import county_day
from banyan.domain.examination import mark_due
from banyan.domain.framework import Framework, Indicator
from banyan.records.examinations import Attempt, Submission
from banyan.tracker.outcome import SlotResult

MOST_ADVICE = 3


def attempts_at(session: Session, person_id: int, course: str) -> Sequence[Attempt]:
    """Return a person's attempts at a course's exam with what was handed in, the latest first."""
    query = select(Attempt).where(Attempt.person_id == person_id, Attempt.course == course)
    return session.scalars(query.options(joinedload(Attempt.submission)).order_by(Attempt.number.desc())).all()


def marked_by(submission: Submission) -> date:
    """Return the day by which a written answer is to have its mark, the same that its trainer reads."""
    return mark_due(county_day(submission.submitted_at))


@dataclass(frozen=True)
class Advice:
    """Something to practise: an indicator in the framework's words and, where one practises it, the lesson and its step."""

    indicator: Indicator
    lesson: LessonOutline | None
    step: str = ""


def advice(submission: Submission, release: Release, exam: ReleaseExam, framework: Framework) -> list[Advice]:
    """Return what cost most, at most three things, the dearest first."""
    lost: dict[str, float] = defaultdict(float)
    for each in SlotResult.read(submission.scores):
        indicators = exam.items[each.question].indicators
        for code in indicators:
            lost[code] += (each.max_points - each.points) / len(indicators)
    known = {each.code: each for code in release.teaches for each in framework.competency(code).indicators}
    worst = sorted((code for code in lost if lost[code] > 0 and code in known), key=lambda code: (-lost[code], code))
    return [Advice(known[code], *_taught(release, code)) for code in worst[:MOST_ADVICE]]


def _taught(release: Release, indicator: str) -> tuple[LessonOutline | None, str]:
    """Return the lesson that practises an indicator most, of equals the first, and its first step that does."""
    items = {name for name, item in release.practice.items() if indicator in item.indicators}
    lesson = max(release.lessons, key=lambda each: len(items.intersection(each.questions)), default=None)
    if lesson is None or not items.intersection(lesson.questions):
        return None, ""
    steps = (step for question, (name, step) in release.asked_at.items() if name == lesson.name and question in items)
    return lesson, next(steps, "")
