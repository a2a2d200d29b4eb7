"""Hours add up, stars by the table, and evidence on the day enough has come together."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.domain.calendar import add_months
from banyan.domain.service import Shift, shown_on, star, to_next_star

STARS = (100, 300, 600, 1000, 1500)
NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
FIRST = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("minutes", "stars", "missing"),
    [
        pytest.param(0, 0, 6000, id="nothing yet"),
        pytest.param(5999, 0, 1, id="a minute short"),
        pytest.param(6000, 1, 12000, id="just one"),
        pytest.param(60 * 700, 3, 60 * 300, id="three"),
        pytest.param(60 * 1500, 5, None, id="all"),
    ],
)
def test_stars_by_the_table(minutes: int, stars: int, missing: int | None) -> None:
    assert (star(minutes, STARS), to_next_star(minutes, STARS)) == (stars, missing)


@given(st.integers(0, 200_000), st.integers(0, 10_000))
def test_more_hours_never_cost_a_star(minutes: int, more: int) -> None:
    assert star(minutes, STARS) <= star(minutes + more, STARS)
    missing = to_next_star(minutes, STARS)
    assert missing is None or star(minutes + missing, STARS) == star(minutes, STARS) + 1


DAYS = st.integers(0, 1500).map(lambda days: FIRST + timedelta(days=days))
SERVED = st.lists(st.tuples(DAYS, st.integers(10, 720)), max_size=30)


@given(SERVED, st.integers(1, 40), st.integers(6, 24))
def test_each_time_enough_has_come_together_within_the_validity(served: list[tuple[date, int]], hours: int, months: int) -> None:
    days = shown_on(served, hours, months)
    assert days == sorted(days)
    assert shown_on(list(reversed(served)), hours, months) == days
    assert len(days) * hours * 60 <= sum(minutes for _, minutes in served), "no hour counts twice"
    for day in days:
        within = [minutes for each, minutes in served if each <= day <= add_months(each, months)]
        assert sum(within) >= hours * 60


def test_hours_too_long_ago_do_not_help() -> None:
    assert shown_on([(FIRST, 600), (date(2028, 1, 2), 600)], 20, 24) == []
    assert shown_on([(FIRST, 600), (date(2028, 1, 1), 600)], 20, 24) == [date(2028, 1, 1)]
    assert shown_on([(FIRST, 1200), (FIRST, 1200)], 20, 24) == [FIRST, FIRST]


def test_shifts_that_touch_do_not_overlap() -> None:
    morning, noon = Shift(NINE, NINE + timedelta(hours=2)), Shift(NINE + timedelta(hours=2), NINE + timedelta(hours=3))
    assert not morning.overlaps(noon)
    assert morning.overlaps(Shift(NINE + timedelta(minutes=119), NINE + timedelta(hours=3)))
    assert noon.lies_in(Shift(NINE, NINE + timedelta(hours=3)))
    assert not Shift(NINE, NINE).lies_in(morning)
