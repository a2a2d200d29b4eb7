"""When an exam may be sat, and when it is passed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.domain.examination import (
    GRACE,
    Refusal,
    Sitting,
    State,
    Terms,
    deadline,
    free_again,
    mark_due,
    passes,
    refusal,
    too_late,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TERMS = Terms(minutes=40, pass_percent=80, attempts=3, cooldown_hours=12)


def sitting(state: State = State.GRADED, hours_ago: float = 24, passed: bool | None = False) -> Sitting:
    ended = NOW - timedelta(hours=hours_ago)
    return Sitting(state, ended, None if state is State.OPEN else ended, passed)


@pytest.mark.parametrize(
    ("sittings", "why"),
    [
        pytest.param([], None, id="the first time"),
        pytest.param([sitting()], None, id="again after a day"),
        pytest.param([sitting(hours_ago=11.9)], Refusal.COOLING, id="too soon"),
        pytest.param([sitting(hours_ago=12)], None, id="just long enough"),
        pytest.param([sitting(State.OPEN)], Refusal.RUNNING, id="one is under way"),
        pytest.param([sitting(State.UNMARKED, passed=None)], Refusal.UNMARKED, id="the trainer has not marked yet"),
        pytest.param([sitting(State.SUBMITTED, passed=None)], Refusal.UNMARKED, id="not graded yet"),
        pytest.param([sitting(State.FAILED_TO_GRADE, passed=None)], Refusal.UNMARKED, id="grading is stuck"),
        pytest.param([sitting(), sitting(passed=True)], Refusal.PASSED, id="passed already"),
        pytest.param([sitting()] * 3, Refusal.USED_UP, id="three times is enough"),
    ],
)
def test_why_another_attempt_may_not_begin(sittings: list[Sitting], why: Refusal | None) -> None:
    assert refusal(sittings, TERMS, NOW, learnt=True) is why


@pytest.mark.parametrize(
    ("extra", "hours_ago", "why"),
    [
        pytest.param(0, 24, Refusal.USED_UP, id="none given"),
        pytest.param(1, 24, None, id="one given"),
        pytest.param(1, 11.9, Refusal.COOLING, id="one given, too soon"),
    ],
)
def test_what_a_trainer_gives_is_one_attempt_more_and_no_shorter_wait(extra: int, hours_ago: float, why: Refusal | None) -> None:
    used = [sitting(hours_ago=hours_ago)] * TERMS.attempts
    assert refusal(used, TERMS.with_extra(extra), NOW, learnt=True) is why
    assert refusal([sitting()] * (TERMS.attempts + extra), TERMS.with_extra(extra), NOW, learnt=True) is Refusal.USED_UP


@pytest.mark.parametrize(
    ("sittings", "why"),
    [
        pytest.param([], Refusal.UNLEARNT, id="the first time"),
        pytest.param([sitting()], Refusal.UNLEARNT, id="again, after the course has grown"),
        pytest.param([sitting(State.OPEN)], Refusal.RUNNING, id="one under way is always resumed"),
        pytest.param([sitting(passed=True)], Refusal.PASSED, id="passed, whatever is new"),
        pytest.param([sitting()] * 3, Refusal.USED_UP, id="no attempt left"),
    ],
)
def test_lessons_come_first(sittings: list[Sitting], why: Refusal) -> None:
    assert refusal(sittings, TERMS, NOW, learnt=False) is why


def test_the_next_attempt_is_free_after_the_cool_down_of_the_last() -> None:
    assert free_again([sitting(hours_ago=30), sitting(hours_ago=2)], TERMS) == NOW + timedelta(hours=10)
    assert free_again([], TERMS) is None


def test_time_is_the_servers_with_a_little_grace_for_what_is_on_its_way() -> None:
    due = deadline(NOW, TERMS, factor=1.5)
    assert due == NOW + timedelta(minutes=60)
    assert not too_late(due, due + GRACE)
    assert too_late(due, due + GRACE + timedelta(milliseconds=1))


@pytest.mark.parametrize(
    ("score", "total", "hard", "passed"),
    [
        pytest.param(80, 100, False, True, id="just enough"),
        pytest.param(79.99, 100, False, False, id="a hundredth short"),
        pytest.param(100, 100, True, False, id="all the points, and a hard fail"),
        pytest.param(0, 0, False, False, id="nothing to score"),
        pytest.param(0.8 + 0.8 + 0.8, 3, False, True, id="a sum that floats do not hit exactly"),
    ],
)
def test_passing(score: float, total: float, hard: bool, passed: bool) -> None:
    assert passes(score, total, hard, TERMS) is passed


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_better_score_never_fails_where_a_worse_one_passes(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert passes(high, 100, False, TERMS) or not passes(low, 100, False, TERMS)


@pytest.mark.parametrize(
    ("handed_in", "due"),
    [
        pytest.param(date(2026, 11, 23), date(2026, 11, 26), id="on a Monday"),
        pytest.param(date(2026, 11, 25), date(2026, 11, 30), id="on a Wednesday"),
        pytest.param(date(2026, 11, 27), date(2026, 12, 2), id="on a Friday"),
        pytest.param(date(2026, 11, 28), date(2026, 12, 2), id="on a Saturday"),
        pytest.param(date(2026, 9, 30), date(2026, 10, 5), id="before a holiday nobody told us of"),
    ],
)
def test_a_mark_is_due_after_three_working_days(handed_in: date, due: date) -> None:
    assert mark_due(handed_in) == due


OPENS, CLOSES = NOW - timedelta(days=1), NOW + timedelta(days=1)
WINDOWED = replace(TERMS, opens_at=OPENS, closes_at=CLOSES)


@pytest.mark.parametrize(
    ("now", "sittings", "learnt", "why"),
    [
        pytest.param(OPENS - timedelta(seconds=1), [], True, Refusal.NOT_OPEN, id="before it opens"),
        pytest.param(OPENS, [], True, None, id="as it opens"),
        pytest.param(CLOSES, [], True, None, id="to its last moment"),
        pytest.param(CLOSES + timedelta(seconds=1), [], True, Refusal.CLOSED, id="after it closed"),
        pytest.param(OPENS - timedelta(seconds=1), [], False, Refusal.UNLEARNT, id="lessons come first while there is time"),
        pytest.param(CLOSES + timedelta(seconds=1), [], False, Refusal.CLOSED, id="closed, lessons or not"),
        pytest.param(CLOSES + timedelta(days=9), [sitting(State.OPEN)], True, Refusal.RUNNING, id="begun in time it goes on"),
        pytest.param(CLOSES + timedelta(days=9), [sitting(passed=True)], True, Refusal.PASSED, id="passed stays passed"),
        pytest.param(CLOSES + timedelta(days=9), [sitting()] * 3, True, Refusal.CLOSED, id="no attempt more would help"),
    ],
)
def test_an_exam_is_begun_within_its_window(now: datetime, sittings: list[Sitting], learnt: bool, why: Refusal | None) -> None:
    assert refusal(sittings, WINDOWED, now, learnt) is why


def test_extra_time_comes_in_whole_minutes() -> None:
    assert replace(TERMS, minutes=45).minutes_at(1.25) == 57


@pytest.mark.parametrize(
    ("opens", "closes", "why"),
    [
        pytest.param(None, timedelta(hours=6), Refusal.CLOSED, id="it closes before the cool-down is over"),
        pytest.param(None, timedelta(hours=12), Refusal.COOLING, id="the cool-down ends with its last moment"),
        pytest.param(timedelta(days=5), timedelta(days=6), Refusal.COOLING, id="it opens after the cool-down"),
    ],
)
def test_the_cool_down_and_the_window_go_together(opens: timedelta | None, closes: timedelta, why: Refusal) -> None:
    terms = replace(TERMS, opens_at=NOW + opens if opens else None, closes_at=NOW + closes)
    just_now = [sitting(hours_ago=0)]
    assert refusal(just_now, terms, NOW, learnt=True) is why
    assert free_again(just_now, terms) == NOW + (opens or timedelta(hours=12))


MOMENTS = st.integers(-30 * 24 * 3600, 30 * 24 * 3600).map(lambda seconds: NOW + timedelta(seconds=seconds))
ENDED = st.lists(MOMENTS.filter(lambda moment: moment <= NOW), max_size=4)
TOLD = {Refusal.COOLING, Refusal.NOT_OPEN}
"""Whoever is refused for one of these is told a moment from which they may sit."""


@given(ENDED, MOMENTS | st.none(), MOMENTS | st.none(), st.sampled_from([0.0, 0.5, 12, 48.25]), st.booleans())
def test_whatever_moment_is_told_then_and_not_a_minute_before_one_may_sit(
    ended: list[datetime], opens: datetime | None, closes: datetime | None, hours: float, learnt: bool
) -> None:
    terms = replace(TERMS, attempts=9, cooldown_hours=hours, opens_at=opens, closes_at=closes)
    sat = [Sitting(State.GRADED, each, each, False) for each in ended]
    if refusal(sat, terms, NOW, learnt) in TOLD:
        told = free_again(sat, terms)
        assert told
        shown = told.replace(second=0, microsecond=0)  # as pages write it
        assert refusal(sat, terms, shown, learnt) is None
        assert refusal(sat, terms, shown - timedelta(minutes=1), learnt) in TOLD


@given(ENDED, MOMENTS | st.none(), MOMENTS | st.none(), MOMENTS.filter(lambda moment: moment >= NOW))
def test_who_is_told_that_it_is_closed_may_never_sit_within_that_window(
    ended: list[datetime], opens: datetime | None, closes: datetime | None, later: datetime
) -> None:
    terms = replace(TERMS, attempts=9, opens_at=opens, closes_at=closes)
    sat = [Sitting(State.GRADED, each, each, False) for each in ended]
    if refusal(sat, terms, NOW, learnt=True) is Refusal.CLOSED:
        assert refusal(sat, terms, later, learnt=True) is Refusal.CLOSED
