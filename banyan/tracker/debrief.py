"""A learner's own attempts: what one showed, and what is worth practising after it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from banyan.courseware.exam import ReleaseExam
from banyan.courseware.release import LessonOutline, Release, StepOutline
from banyan.domain.framework import Framework, Indicator
from banyan.records.examinations import Attempt, Submission
from banyan.tracker.outcome import SlotResult
from banyan.tracker.reopening import due_on, reopened

MOST_ADVICE = 3


def attempts_at(session: Session, person_id: int, course: str) -> Sequence[Attempt]:
    """Return a person's attempts at a course's exam with what was handed in, the latest first."""
    query = select(Attempt).where(Attempt.person_id == person_id, Attempt.course == course)
    return session.scalars(query.options(joinedload(Attempt.submission)).order_by(Attempt.number.desc())).all()


def marked_by(session: Session, submission: Submission) -> date:
    """Return the day by which a written answer is to have its mark, the same that its trainer reads."""
    return due_on(submission, reopened(session, [submission.id]))


@dataclass(frozen=True)
class Advice:
    """Something to practise: an indicator in the framework's words and, where the course teaches it, the lesson and the step.

    `fact` is what the paragraph to read first cites, None where only the step is known.
    """

    indicator: Indicator
    lesson: LessonOutline | None
    step: StepOutline | None = None
    fact: str | None = None

    @property
    def place(self) -> str:
        """Return the address within the lesson, "" for the lesson as a whole."""
        return self.step.place_of(self.fact) if self.step else ""


class Taught(NamedTuple):
    """Where a release teaches something: the lesson, the step, and the fact that the paragraph cites."""

    lesson: LessonOutline | None = None
    step: StepOutline | None = None
    fact: str | None = None


@dataclass(frozen=True)
class Debrief:
    """What an exam showed, in the framework's order, and what cost most, at most three things, the dearest first."""

    shown: tuple[Indicator, ...]
    todo: tuple[Advice, ...]


def debrief(submission: Submission, exam: ReleaseExam, newest: Release, framework: Framework) -> Debrief:
    """Say what an exam showed: what earned the share that passes; the rest is to be practised, by the newest release.

    Who showed everything and yet did not pass is told what cost most.
    """
    results = SlotResult.read(submission.scores)
    earned, full = _per_indicator(results, exam)
    known = {each.code: each for code in newest.teaches for each in framework.competency(code).indicators}
    lost = {code: full[code] - earned[code] for code in known if code in full and earned[code] < full[code]}
    mark = exam.blueprint.pass_percent / 100
    shown = tuple(known[code] for code in known if code in full and earned[code] >= mark * full[code])
    weak = lost.keys() - {each.code for each in shown} or (() if submission.passed else lost.keys())
    worst = sorted(weak, key=lambda code: (-round(lost[code], 6), code))[:MOST_ADVICE]
    asked = {code: _missed(results, exam, code) for code in worst}
    return Debrief(shown, tuple(Advice(known[code], *taught(newest, code, asked[code])) for code in worst))


def _per_indicator(results: Iterable[SlotResult], exam: ReleaseExam) -> tuple[dict[str, float], dict[str, float]]:
    """Return what was earned and what there was to earn, a question's points shared out among its indicators."""
    earned: dict[str, float] = defaultdict(float)
    full: dict[str, float] = defaultdict(float)
    for each in results:
        indicators = exam.items[each.question].indicators
        for code in indicators:
            earned[code] += each.points / len(indicators)
            full[code] += each.max_points / len(indicators)
    return earned, full


def _missed(results: Iterable[SlotResult], exam: ReleaseExam, indicator: str) -> dict[str, float]:
    """Return the facts that what was lost of an indicator rests on, each with the points lost there."""
    facts: dict[str, float] = defaultdict(float)
    for each in results:
        item = exam.items[each.question]
        for fact in item.facts if indicator in item.indicators else ():
            facts[fact] += (each.max_points - each.points) / len(item.facts)
    return facts


def taught(release: Release, indicator: str, missed: Mapping[str, float]) -> Taught:
    """Return the lesson, the step and the paragraph that teach an indicator best.

    A step that asks practice of it teaches it; of those the one whose prose cites what was missed, a fact the less telling
    the more steps cite it; then the one in the lesson that practises it most; of equals the first. Without any practice of
    the indicator what was missed decides alone. Where that leads to no paragraph, what the practice of the indicator rests
    on stands in for what was missed, first in the steps that ask it, then anywhere; else only the step is known.
    """
    practice = {name for name, item in release.practice.items() if indicator in item.indicators}
    rests = _rests_on(release, practice)
    tried = (_best(release, names, facts) for names, facts in ((practice, missed), (practice, rests), (frozenset[str](), rests)))
    first = next(tried)
    best = first if first.fact else next((each for each in tried if each.fact), first)
    return best if best.lesson else Taught(_first_that_practises(release, practice))


def _best(release: Release, practice: Set[str], missed: Mapping[str, float]) -> Taught:
    asking = {place for name, place in release.asked_at.items() if name in practice}
    cited = Counter(fact for lesson in release.lessons for step in lesson.steps for fact in step.facts)
    best, highest = Taught(), (0, 0.0, 0)
    for lesson in release.lessons:
        drilled = len(practice & set(lesson.questions))
        for step in lesson.steps:
            told = {fact: missed[fact] / cited[fact] for fact in step.facts if missed.get(fact)}
            worth = (int((lesson.name, step.name) in asking), round(sum(told.values()), 9), drilled)
            if worth[:2] > (0, 0.0) and worth > highest:
                highest, best = worth, Taught(lesson, step, _dearest(told))
    return best


def _dearest(told: Mapping[str, float]) -> str | None:
    """Return the fact that tells most of what was missed, the first of equals."""
    return max(told, key=lambda fact: round(told[fact], 9), default=None)


def _rests_on(release: Release, practice: Set[str]) -> dict[str, float]:
    """Return the facts that some practice rests on, each the more telling the less all other practice rests on it."""
    all_of_it = Counter(fact for item in release.practice.values() for fact in item.facts)
    mine = Counter(fact for name in practice for fact in release.practice[name].facts)
    return {fact: count / all_of_it[fact] for fact, count in mine.items()}


def _first_that_practises(release: Release, practice: Set[str]) -> LessonOutline | None:
    """Return the lesson that asks practice before its first step, None if none does."""
    return next((each for each in release.lessons if practice & set(each.questions)), None)
