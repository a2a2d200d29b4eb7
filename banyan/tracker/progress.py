"""How far somebody has come in the lessons of a course: steps read to their end, practice answers kept.

A release may gain a lesson; what was done stays done, and the exam waits for what is new.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from banyan.courseware.release import Release
from banyan.domain.calendar import county_day
from banyan.domain.framework import Text
from banyan.errors import NotFoundError
from banyan.records.engine import columns, read_once
from banyan.records.learning import FirstAnswer, PracticeAnswer, StepDone


@dataclass(frozen=True)
class LessonProgress:
    name: str
    title: Text
    minutes: int
    done: int
    steps: int

    @property
    def finished(self) -> bool:
        return self.done >= self.steps


class Done(NamedTuple):
    """A step that was read to its end."""

    course: str
    lesson: str
    step: str
    at: datetime


STEPS = select(StepDone.course, StepDone.lesson, StepDone.step, StepDone.done_at).where(StepDone.person_id == bindparam("person"))


@read_once
def steps_done(session: Session, person_id: int) -> tuple[Done, ...]:
    """Return every step a person has read to its end, in any course."""
    return tuple(Done(*row) for row in columns(session, STEPS, {"person": person_id}))


def lesson_progress(session: Session, person_id: int, release: Release) -> tuple[LessonProgress, ...]:
    """Return a release's lessons in order, each with how much of it was read."""
    done: dict[str, set[str]] = defaultdict(set)
    for each in steps_done(session, person_id):
        if each.course == release.course:
            done[each.lesson].add(each.step)
    return tuple(replace(lesson, done=len(steps & done[lesson.name])) for lesson, steps in _unread(release))


@lru_cache
def _unread(release: Release) -> tuple[tuple[LessonProgress, frozenset[str]], ...]:
    """Return the lessons as they are before anything is read, each with the names of its steps."""
    return tuple(
        (
            LessonProgress(each.name, each.title.model_dump(), each.minutes, 0, len(each.steps)),
            frozenset(step.name for step in each.steps),
        )
        for each in release.lessons
    )


def unfinished(lessons: Iterable[LessonProgress]) -> LessonProgress | None:
    """Return the first lesson that is not finished."""
    return next((each for each in lessons if not each.finished), None)


@dataclass(frozen=True)
class Place:
    """Where in a course: a lesson and one of its steps, by their names."""

    lesson: str
    step: str


def finish_step(session: Session, person_id: int, release: Release, place: Place, now: datetime) -> None:
    """Remember that a step of a lesson was read to its end; once is enough."""
    if not any((lesson.name, step.name) == (place.lesson, place.step) for lesson in release.lessons for step in lesson.steps):
        raise NotFoundError("这一课里没有这一步，请重新打开课程")
    key = {"person_id": person_id, "course": release.course, "lesson": place.lesson, "step": place.step}
    if session.scalars(select(StepDone).filter_by(**key)).first() is None:
        session.add(StepDone(**key, done_at=now))
        session.flush()


@dataclass(frozen=True)
class Practised:
    """An answer to a practice question as it was scored; `day` is the county's it was given on, where that may be over."""

    lesson: str
    question: str
    value: Any
    right: bool
    day: date | None = None


def keep_practice(session: Session, person_id: int, course: str, answer: Practised, now: datetime) -> None:
    """Keep the latest answer to a practice question, so that another phone shows it too, and how the day's first one went."""
    key: dict[str, Any] = {"person_id": person_id, "course": course, "question": answer.question}
    row = session.scalars(select(PracticeAnswer).filter_by(**key)).first() or PracticeAnswer(**key)
    row.lesson, row.value, row.right, row.answered_at = answer.lesson, answer.value, answer.right, now
    session.add(row)
    key["day"] = answer.day or county_day(now)
    if session.scalars(select(FirstAnswer).filter_by(**key)).first() is None:
        session.add(FirstAnswer(**key, right=answer.right))
    session.flush()


def lesson_state(session: Session, person_id: int, course: str, lesson: str) -> tuple[Sequence[str], Mapping[str, Any]]:
    """Return the steps a person has finished in a lesson, the last one last, and their latest practice answers there."""
    steps = select(StepDone.step).where(StepDone.person_id == person_id, StepDone.course == course, StepDone.lesson == lesson)
    given = select(PracticeAnswer.question, PracticeAnswer.value).where(
        PracticeAnswer.person_id == person_id, PracticeAnswer.course == course, PracticeAnswer.lesson == lesson
    )
    done = session.scalars(steps.order_by(StepDone.done_at, StepDone.id)).all()
    return done, {row.question: row.value for row in session.execute(given)}
