"""A second look: who may ask, until which day, and that nobody loses by it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.domain.appeal import NoAppeal, Result, answer_due, no_appeal, takes_away

MONDAY = date(2026, 11, 23)
FAILED = Result(MONDAY, passed=False, marked=True, asked=False, days=7)


@pytest.mark.parametrize(
    ("result", "today", "why"),
    [
        pytest.param(FAILED, MONDAY, None, id="on the day of the result"),
        pytest.param(FAILED, date(2026, 11, 30), None, id="on the last day"),
        pytest.param(FAILED, date(2026, 12, 1), NoAppeal.OVER, id="a day too late"),
        pytest.param(replace(FAILED, graded_on=None), MONDAY, NoAppeal.NOT_GRADED, id="no result yet"),
        pytest.param(replace(FAILED, passed=True), MONDAY, NoAppeal.PASSED, id="passed"),
        pytest.param(replace(FAILED, marked=False), MONDAY, NoAppeal.NOTHING_MARKED, id="nobody marked anything"),
        pytest.param(replace(FAILED, days=0), MONDAY, NoAppeal.NOTHING_MARKED, id="the exam has none"),
        pytest.param(replace(FAILED, asked=True), MONDAY, NoAppeal.ASKED, id="asked before"),
    ],
)
def test_who_may_ask_for_a_second_look(result: Result, today: date, why: NoAppeal | None) -> None:
    assert no_appeal(result, today) is why


def test_the_days_to_ask_are_the_calendars_and_the_days_to_answer_working_days() -> None:
    assert FAILED.until == date(2026, 11, 30)
    assert answer_due(date(2026, 11, 27)) == date(2026, 12, 4)  # a Friday: Monday to Friday of the week after


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_only_fewer_points_take_away_to_the_hundredth(before: int, after: int) -> None:
    assert takes_away(before / 100, after / 100) == (after < before)
