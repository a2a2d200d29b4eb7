"""Two readings of one answer: whose turn it is, when they agree, what then stands; and how long an answer stays open."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.domain.marking import (
    LEASE,
    Manner,
    Reading,
    Stage,
    holds,
    mean,
    others_first,
    stage_for,
    standing_rows,
    waits_for,
)

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ONE, OTHER, THIRD = 1, 2, 3
MOST = 10.0
SINGLE, DOUBLE = Manner(), Manner(double=True, within=20)
rows = st.lists(st.integers(0, 8).map(lambda each: each / 2), min_size=3, max_size=3).map(tuple)


def readings(**given: tuple[int, float]) -> dict[Stage, Reading]:
    return {Stage(name): Reading(marker, (points,)) for name, (marker, points) in given.items()}


@pytest.mark.parametrize(
    ("given", "single", "double"),
    [
        pytest.param({}, Stage.FIRST, Stage.FIRST, id="nobody read it"),
        pytest.param({"first": (ONE, 6)}, None, Stage.SECOND, id="one did"),
        pytest.param({"first": (ONE, 6), "second": (OTHER, 8)}, None, None, id="two, just near enough"),
        pytest.param({"first": (ONE, 6), "second": (OTHER, 8.5)}, None, Stage.AGREED, id="two, too far apart"),
        pytest.param({"first": (ONE, 6), "second": (OTHER, 1), "agreed": (THIRD, 4)}, None, None, id="decided"),
    ],
)
def test_an_answer_waits_for_as_many_readings_as_its_exam_asks(
    given: dict[str, tuple[int, float]], single: Stage | None, double: Stage | None
) -> None:
    assert waits_for(readings(**given), SINGLE, MOST) is single
    assert waits_for(readings(**given), DOUBLE, MOST) is double


def test_nobody_is_first_and_second_marker_of_the_same_answer() -> None:
    given = readings(first=(ONE, 6))
    assert stage_for(given, ONE, DOUBLE, MOST) is Stage.FIRST  # their own, once more
    assert stage_for(given, OTHER, DOUBLE, MOST) is Stage.SECOND


def test_a_single_mark_may_be_given_anew_and_two_that_agree_may_not() -> None:
    assert stage_for(readings(first=(ONE, 6)), OTHER, SINGLE, MOST) is Stage.FIRST
    assert stage_for(readings(first=(ONE, 6), second=(OTHER, 6)), ONE, DOUBLE, MOST) is None
    assert stage_for(readings(first=(ONE, 6), appeal=(OTHER, 8)), ONE, SINGLE, MOST) is None


@given(rows, rows, st.floats(0, 50))
def test_agreeing_is_mutual_and_what_is_equal_agrees(one: tuple[float, ...], other: tuple[float, ...], within: float) -> None:
    manner = Manner(True, within)
    first, second = Reading(ONE, one), Reading(OTHER, other)
    assert manner.agree(first, second, 12.0) == manner.agree(second, first, 12.0)
    assert manner.agree(first, first, 12.0)


@given(rows, rows)
def test_the_mean_lies_between_the_two_row_by_row_whoever_was_first(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    found = mean(one, other)
    assert found == mean(other, one)
    assert all(min(pair) <= each <= max(pair) for each, *pair in zip(found, one, other, strict=True))
    given = {Stage.FIRST: Reading(ONE, one), Stage.SECOND: Reading(OTHER, other)}
    assert standing_rows(given) == found


def test_what_was_decided_stands_over_the_mean_and_a_second_look_over_all() -> None:
    given = readings(first=(ONE, 6), second=(OTHER, 1))
    assert standing_rows(readings()) is None
    assert standing_rows(given | readings(agreed=(THIRD, 5))) == (5,)
    assert standing_rows(given | readings(agreed=(THIRD, 5), appeal=(ONE, 7))) == (7,)


def test_whoever_was_not_involved_looks_and_only_where_there_is_nobody_else_the_same_people() -> None:
    assert others_first({ONE, OTHER, THIRD}, {ONE, OTHER}) == {THIRD}
    assert others_first({ONE, OTHER}, {ONE, OTHER}) == {ONE, OTHER}
    assert others_first((), {ONE}) == frozenset()


@pytest.mark.parametrize(
    ("since", "held"),
    [
        pytest.param(timedelta(0), True, id="just opened"),
        pytest.param(LEASE - timedelta(seconds=1), True, id="just before it ends"),
        pytest.param(LEASE, False, id="run out"),
        pytest.param(timedelta(days=400), False, id="the clock jumped ahead"),
        pytest.param(timedelta(hours=-1), False, id="the clock was put back"),
    ],
)
def test_a_lease_ends_by_itself_whatever_the_clock_does(since: timedelta, held: bool) -> None:
    assert holds(NOW - since, NOW) is held
