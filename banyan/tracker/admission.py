"""Whether somebody may begin an exam now, and how long they have.

Lessons come first, then as many attempts as the exam and their trainer allow.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, selectinload

from banyan.courseware.release import Release
from banyan.domain.calendar import county_day
from banyan.domain.examination import Refusal, Sitting, Terms, free_again, refusal
from banyan.domain.renewal import last_revoked, spent
from banyan.records.engine import columns, read_once
from banyan.records.examinations import ExtraTime, SecondChance
from banyan.records.traces import all_exams_invigilated, only_with
from banyan.tracker.attempts import sittings
from banyan.tracker.holding import judged, past_of
from banyan.tracker.progress import LessonProgress, lesson_progress, unfinished
from banyan.tracker.rulebook import Rulebook

TIME = (
    select(ExtraTime)
    .where(ExtraTime.person_id == bindparam("person"), ExtraTime.course == bindparam("at"), ExtraTime.taken_back_at.is_(None))
    .options(selectinload(ExtraTime.giver))
    .order_by(ExtraTime.id.desc())
    .limit(1)
)
CHANCES = select(func.count()).where(SecondChance.person_id == bindparam("person"), SecondChance.course == bindparam("at"))


@dataclass(frozen=True)
class Admission:
    """`terms` count the `extra` attempts a trainer allowed; `refusal` is why no attempt may begin now, None if one may.

    `time` is what was given beyond the usual time, None for most. `earlier` counts the attempts of a round that is over: the
    pass that ended it no longer counts for the certificate, so that the exam may be sat again.
    """

    terms: Terms
    extra: int
    sittings: tuple[Sitting, ...]
    lessons: tuple[LessonProgress, ...]
    refusal: Refusal | None
    time: ExtraTime | None = None
    earlier: int = 0

    @property
    def next_number(self) -> int:
        """Return the number of the next attempt, counted from the very first."""
        return self.earlier + len(self.sittings) + 1

    @property
    def factor(self) -> float:
        return self.time.factor if self.time else 1.0

    @property
    def minutes(self) -> int:
        """Return how long this person has."""
        return self.terms.minutes_at(self.factor)

    @property
    def left(self) -> int:
        return max(self.terms.attempts - len(self.sittings), 0)

    @property
    def given(self) -> bool:
        """Say whether the next attempt is one that a trainer allowed."""
        return 0 < self.left <= self.extra

    @property
    def free_again(self) -> datetime | None:
        return free_again(self.sittings, self.terms)

    @property
    def next_lesson(self) -> LessonProgress | None:
        return unfinished(self.lessons)


@read_once
def admission(session: Session, person_id: int, release: Release, rulebook: Rulebook, now: datetime) -> Admission:
    """Return how a person stands before the exam of a course's newest release."""
    extra = _allowed_more(session, person_id, release.course)
    terms = _terms(session, release, rulebook).with_extra(extra)
    all_sat = sittings(session, person_id, release.course)
    sat = _this_round(session, person_id, release, all_sat, rulebook, county_day(now))
    lessons = lesson_progress(session, person_id, release)
    why = refusal(sat, terms, now, learnt=unfinished(lessons) is None)
    time = standing_time(session, person_id, release.course)
    return Admission(terms, extra, sat, lessons, why, time, len(all_sat) - len(sat))


def _this_round(
    session: Session, person_id: int, release: Release, sat: tuple[Sitting, ...], rulebook: Rulebook, today: date
) -> tuple[Sitting, ...]:
    """Return the attempts after the last pass that is spent: what it showed no longer counts on the day that matters, or was
    shown before a certificate was revoked.
    """
    programme = rulebook.programme_with(release.course)
    months = [rulebook.framework.competency(code).valid_months for code in release.teaches if code in rulebook.framework]
    if programme is None or not months or not any(each.passed for each in sat):
        return sat
    day = judged(session, person_id, programme, today)
    revoked = last_revoked(past_of(session, person_id, programme.code), today - timedelta(days=1))

    def is_over(pass_on: date) -> bool:
        return spent(pass_on, min(months), day) or (revoked is not None and pass_on <= revoked)

    passes = ((number, each.ended_at) for number, each in enumerate(sat, start=1) if each.passed)
    return sat[max((number for number, at in passes if at and is_over(county_day(at))), default=0) :]


def _terms(session: Session, release: Release, rulebook: Rulebook) -> Terms:
    """Return an exam's conditions: its own, and the county's that one which leads to a certificate is invigilated."""
    own = release.exam.terms
    certifies = any(release.course in each.courses for each in rulebook.programmes)
    return own if own.invigilated or not certifies else replace(own, invigilated=all_exams_invigilated(session))


@only_with(ExtraTime, lambda: None)
@read_once
def standing_time(session: Session, person_id: int, course: str) -> ExtraTime | None:
    """Return the extra time that holds for a person's next attempt at a course."""
    return session.scalars(TIME, {"person": person_id, "at": course}).first()


@only_with(SecondChance, int)
@read_once
def _allowed_more(session: Session, person_id: int, course: str) -> int:
    return columns(session, CHANCES, {"person": person_id, "at": course}).scalar_one()
