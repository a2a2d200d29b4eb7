"""What an exam showed, and which step of which lesson teaches what was missed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from banyan.courseware.exam import draw
from banyan.courseware.release import LessonOutline, Release, StepOutline
from banyan.records.examinations import Submission
from banyan.tracker.debrief import Debrief, debrief, taught
from banyan.tracker.outcome import SlotResult
from grading.questions import numeric
from tests.county import COURSE
from tests.tracker.hall import Hall

A, B = "C5.2.a", "C5.2.b"


def practice(name: str, *indicators: str) -> numeric.Item:
    return numeric.Item(id=name, stem=name, key=numeric.Key(value=1), indicators=indicators)


def lesson(name: str, questions: tuple[str, ...], **steps: tuple[str, ...]) -> LessonOutline:
    outline = tuple(StepOutline(name=step, title=step, facts=facts) for step, facts in steps.items())
    title = {"zh": name, "en": name}
    return LessonOutline(name=name, title=title, minutes=1, steps=outline, facts=(), questions=questions)


@dataclass
class Shelf:
    """What a release says of its lessons."""

    lessons: tuple[LessonOutline, ...]
    practice: Mapping[str, numeric.Item]
    asked_at: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def found(shelf: Shelf, missed: Mapping[str, float], indicator: str = A) -> tuple[str, str]:
    at, step, _ = taught(shelf, indicator, missed)  # type: ignore[arg-type]
    return at.name if at else "", step.name if step else ""


ONE = lesson("one", ("p1",), story=("F9",), speak=("F1", "F2"))
TWO = lesson("two", ("p2", "p3"), again=("F1",), words=("F3",))
SHELF = Shelf(
    (ONE, TWO),
    {"p1": practice("p1", A), "p2": practice("p2", A), "p3": practice("p3", A, B)},
    {"p1": ("one", "speak"), "p2": ("two", "again"), "p3": ("two", "words")},
)


@pytest.mark.parametrize(
    ("missed", "place"),
    [
        pytest.param({"F2": 3}, ("one", "speak"), id="the step that cites what was missed and practises it"),
        pytest.param({"F3": 3}, ("two", "words"), id="another fact, another step"),
        pytest.param({"F1": 3, "F3": 2}, ("two", "words"), id="a fact that everybody cites tells less"),
        pytest.param({"F9": 9}, ("two", "again"), id="a step that asks no practice teaches less: the lesson with most practice"),
        pytest.param({}, ("two", "again"), id="nothing to go by but the practice"),
    ],
)
def test_the_step_that_teaches_what_was_missed_is_found(missed: dict[str, float], place: tuple[str, str]) -> None:
    assert found(SHELF, missed) == place


def test_without_practice_of_it_the_facts_decide_and_without_either_nothing_is_named() -> None:
    bare = Shelf((ONE, TWO), {})
    assert found(bare, {"F3": 1}) == ("two", "words")
    assert found(bare, {"F77": 1}) == ("", "")


def test_practice_asked_before_the_first_step_leads_to_the_lesson() -> None:
    assert found(Shelf((lesson("one", ("p1",)),), {"p1": practice("p1", A)}, {"p1": ("one", "")}), {}) == ("one", "")


def resting(name: str, *facts: str) -> numeric.Item:
    return numeric.Item(id=name, stem=name, key=numeric.Key(value=1), indicators=(A,), facts=facts)


BESIDE = replace(SHELF, practice={"p2": practice("p2", A), "p3": resting("p3", "F2", "F3")})
ELSEWHERE = replace(SHELF, practice={"p2": resting("p2", "F2")})


@pytest.mark.parametrize(
    ("shelf", "missed", "place", "fact"),
    [
        pytest.param(SHELF, {"F1": 3, "F2": 2}, "speak.F2", "F2", id="what was missed and is told here alone"),
        pytest.param(SHELF, {"F2": 3}, "speak.F2", "F2", id="the paragraph that cites what was missed"),
        pytest.param(SHELF, {}, "again", None, id="nothing is known but the step"),
        pytest.param(BESIDE, {}, "words.F3", "F3", id="the paragraph beside its practice"),
        pytest.param(BESIDE, {"F77": 1}, "words.F3", "F3", id="what was missed is told nowhere"),
        pytest.param(ELSEWHERE, {}, "speak.F2", "F2", id="a paragraph that teaches it before a step that only practises"),
        pytest.param(ELSEWHERE, {"F1": 1}, "again.F1", "F1", id="what was missed goes before"),
    ],
)
def test_the_paragraph_that_teaches_is_found(shelf: Shelf, missed: dict[str, float], place: str, fact: str | None) -> None:
    where = taught(shelf, A, missed)  # type: ignore[arg-type]
    assert where.fact == fact
    assert where.step
    assert where.step.place_of(where.fact) == place


def debriefed(hall: Hall, shares: Mapping[str, float], usual: float = 1.0) -> Debrief:
    """Return the debrief of an exam in which questions of an indicator earned a share."""
    release = hall.rulebook.catalogue.newest(COURSE)
    results = []
    for seat in draw(release.exam, b"1").slots:
        share = min([shares.get(code, usual) for code in release.exam.items[seat.question].indicators], default=usual)
        results.append(SlotResult(seat.name, seat.question, seat.points * share, seat.points))
    return debrief(Submission(scores=SlotResult.keep(results)), release.exam, release, hall.rulebook.framework)


def test_what_earned_the_share_that_passes_was_shown(hall: Hall) -> None:
    everything = debriefed(hall, {})
    assert len(everything.shown) == 12
    assert everything.todo == ()
    nothing = debriefed(hall, {}, usual=0)
    assert nothing.shown == ()
    assert len(nothing.todo) == 3


def test_what_was_missed_is_not_shown_and_comes_first(hall: Hall) -> None:
    told = debriefed(hall, {"C1.3.d": 0.0})
    assert "C1.3.d" not in {each.code for each in told.shown}
    assert told.todo[0].indicator.code == "C1.3.d"


def test_every_indicator_of_the_course_has_a_step_that_teaches_it(hall: Hall) -> None:
    release = hall.rulebook.catalogue.newest(COURSE)
    steps: dict[str, Any] = {}
    framework = hall.rulebook.framework
    for code in (each for taught_at in release.teaches for each in framework.competency(taught_at).indicator_codes):
        at, step, _ = taught(release, code, {})
        assert at is not None
        assert step is not None, code
        steps[code] = (at.name, step.name)
    assert len(set(steps.values())) >= 8, "not all lead to one place"


def test_a_step_says_which_facts_it_cites(hall: Hall) -> None:
    release = hall.rulebook.catalogue.newest(COURSE)
    for each in release.lessons:
        cited = {fact for step in each.steps for fact in step.facts}
        assert cited <= set(each.facts)
    assert sum(bool(step.facts) for each in release.lessons for step in each.steps) >= 20
    assert isinstance(release, Release)
