"""每日三题: the day's three questions of somebody, chosen from what they have learnt, and what they answer.

An answer belongs to the day whose question it is, however late it comes; the first one of a day counts (domain/spacing.py).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from banyan.courseware.release import Release
from banyan.domain.calendar import begins, county_day
from banyan.domain.spacing import Answered, Practice, todays_three
from banyan.errors import BadInputError, NotFoundError
from banyan.records.engine import columns
from banyan.records.learning import FirstAnswer
from banyan.records.traces import only_with
from banyan.tracker.awards import certificates_of
from banyan.tracker.progress import Practised, keep_practice, steps_done
from banyan.tracker.rulebook import Rulebook
from grading import questions

FIRST_ANSWERS = select(FirstAnswer.course, FirstAnswer.question, FirstAnswer.right, FirstAnswer.day).where(
    FirstAnswer.person_id == bindparam("person")
)
LATEST = timedelta(days=31)
"""How long an answer may wait on a phone for its line."""


@dataclass(frozen=True)
class Learnt:
    """A practice question whose step somebody has read; `step` is "" where the lesson asks it before its first one."""

    release: Release
    item: questions.Item
    lesson: str
    step: str

    @property
    def key(self) -> tuple[str, str]:
        return self.release.course, self.item.id

    @property
    def name(self) -> str:
        return self.practice.name

    @cached_property
    def practice(self) -> Practice:
        return Practice("/".join(self.key), frozenset(self.item.indicators))


@dataclass(frozen=True)
class Today:
    """One of the day's questions, and whether it was answered on that day."""

    asked: Learnt
    answered: bool


@dataclass(frozen=True)
class Given:
    """An answer as a phone sends it, to a question of a day."""

    course: str
    lesson: str
    question: str
    value: Any
    day: date


@dataclass(frozen=True)
class Taken:
    """An answer that was kept: the question it is to, and its value as the type reads it."""

    item: questions.Item
    value: Any


def daily(session: Session, person_id: int, rulebook: Rulebook, day: date) -> list[Today]:
    """Return the day's questions in their order; none for whoever has learnt nothing before that day."""
    pool = {each.name: each for each in learnt(session, person_id, rulebook, day)}
    if not pool:
        return []
    told = _told(session, person_id)
    practice = [each.practice for each in pool.values()]
    done = {each.question for each in told if each.day == day}
    return [Today(pool[name], name in done) for name in todays_three(person_id, practice, told, day)]


@only_with(FirstAnswer, list)
def _told(session: Session, person_id: int) -> list[Answered]:
    rows = columns(session, FIRST_ANSWERS, {"person": person_id})
    return [Answered(f"{row.course}/{row.question}", row.right, row.day) for row in rows]


def learnt(session: Session, person_id: int, rulebook: Rulebook, day: date) -> list[Learnt]:
    """Return the practice questions of the steps somebody read before a day; of all steps where they hold the certificate.

    What nobody but a person can judge is left out: it has no answer to come back to; what is walked too: it takes its time.
    """
    since = begins(day)
    read = {(each.course, each.lesson, each.step) for each in steps_done(session, person_id) if each.at < since}
    read |= {(course, lesson, "") for course, lesson, _ in read}
    held = _certified(session, person_id, rulebook)
    courses = sorted(course for course in held.union(each[0] for each in read) if rulebook.catalogue.has(course))
    return [
        each
        for course in courses
        for each in _practice(rulebook.catalogue.newest(course))
        if course in held or (course, each.lesson, each.step) in read
    ]


def answer_daily(session: Session, person_id: int, rulebook: Rulebook, given: Given, now: datetime) -> Taken:
    """Score an answer to a question of a day and keep it; sent again it is the same."""
    if not county_day(now) - LATEST <= given.day <= county_day(now):
        raise BadInputError("那一天的题已经过去太久，不用再补了")
    known = {(*each.key, each.lesson): each for each in learnt(session, person_id, rulebook, given.day)}
    asked = known.get((given.course, given.question, given.lesson))
    if asked is None:
        raise NotFoundError("没有找到这道题，可能已经换了新的；请刷新页面")
    kind = questions.type_of(asked.item)
    value = kind.parse(asked.item, given.value)
    right = kind.feedback(asked.item, value).right
    cleaned = questions.as_kept(asked.item, given.value)
    kept = Practised(given.lesson, given.question, cleaned, right, given.day)
    keep_practice(session, person_id, given.course, kept, now)
    return Taken(asked.item, value)


def _certified(session: Session, person_id: int, rulebook: Rulebook) -> set[str]:
    """Return the courses of the programmes whose certificate somebody was given and may keep."""
    given = {each.programme for each in certificates_of(session, person_id) if each.revoked_at is None}
    return {course for each in rulebook.programmes if each.code in given for course in each.courses}


@lru_cache
def _practice(release: Release) -> tuple[Learnt, ...]:
    asked = [(release.practice_item(name), *at) for name, at in release.asked_at.items()]
    return tuple(Learnt(release, item, lesson, step) for item, lesson, step in asked if item is not None and _fits_a_day(item))


def _fits_a_day(item: questions.Item) -> bool:
    kind = questions.type_of(item)
    return kind.key(item) is not None and not kind.stepped
