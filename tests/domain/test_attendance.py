"""The rule of 80 percent, and codes that run out."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.domain.attendance import ENOUGH, WINDOW, Attendance, Span, apart, attendance, code_at, is_fresh

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
KEY = b"key of this test"


def span(start: int, minutes: int) -> Span:
    return Span(NINE + timedelta(minutes=start), NINE + timedelta(minutes=start + minutes))


@pytest.mark.parametrize(
    ("lengths", "minutes", "enough"),
    [
        pytest.param([120, 180], {1: 120, 2: 180}, True, id="all of it"),
        pytest.param([100], {1: 80}, True, id="just enough"),
        pytest.param([1000], {1: 799}, False, id="79.9 percent is not 80"),
        pytest.param([60, 60, 60, 60, 60], {1: 60, 2: 60, 3: 60, 4: 60}, True, id="four parts of five"),
        pytest.param([60, 60, 60], {1: 60, 2: 60}, False, id="two parts of three"),
        pytest.param([60, 60], {1: 600}, False, id="one part counts for no more than it lasted"),
        pytest.param([60], {7: 60}, False, id="minutes of another session"),
        pytest.param([60], {1: -5}, False, id="minutes that make no sense"),
        pytest.param([], {}, False, id="a session without parts"),
    ],
)
def test_eighty_percent_of_the_minutes(lengths: list[int], minutes: dict[int, int], enough: bool) -> None:
    parts = {number: span(number * 2000, length) for number, length in enumerate(lengths, start=1)}
    assert attendance(parts, minutes).is_enough is enough


LENGTHS = st.lists(st.integers(1, 480), min_size=1, max_size=8)


@given(LENGTHS, st.data())
def test_being_there_longer_never_hurts_and_no_one_is_there_longer_than_it_lasts(lengths: list[int], data: st.DataObject) -> None:
    parts = {number: span(number * 500, length) for number, length in enumerate(lengths)}
    minutes = {number: data.draw(st.integers(-10, 600)) for number in parts}
    longer = {number: value + data.draw(st.integers(0, 60)) for number, value in minutes.items()}
    before, after = attendance(parts, minutes), attendance(parts, longer)
    assert 0 <= before.present <= after.present <= before.whole == sum(lengths)
    assert after.is_enough or not before.is_enough
    assert before.is_enough is (before.present * 100 >= ENOUGH * before.whole)
    assert attendance(parts, {number: each.minutes for number, each in parts.items()}).is_enough


def test_percent_is_rounded_down() -> None:
    assert Attendance(799, 1000).percent == 79


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 90)), max_size=6))
def test_apart_is_what_comparing_every_pair_says(drawn: list[tuple[int, int]]) -> None:
    spans = [span(start, minutes) for start, minutes in drawn]
    pairs = [(a, b) for index, a in enumerate(spans) for b in spans[index + 1 :]]
    assert apart(spans) is not any(a.overlaps(b) for a, b in pairs)


@given(st.integers(0, 4_000_000_000), st.integers(-600, 600))
def test_a_code_lives_through_its_window_and_the_next_and_no_longer(start: int, later: int) -> None:
    made = datetime.fromtimestamp(start, UTC)
    fresh = is_fresh(KEY, "part:1", code_at(KEY, "part:1", made), made + timedelta(seconds=later))
    assert fresh or abs(later) > WINDOW
    assert not fresh or abs(later) < 2 * WINDOW


def test_a_code_speaks_for_its_subject_and_its_key_alone() -> None:
    code = code_at(KEY, "part:1", NINE)
    assert is_fresh(KEY, "part:1", code, NINE)
    assert not is_fresh(KEY, "part:2", code, NINE)
    assert not is_fresh(b"another key", "part:1", code, NINE)


@pytest.mark.parametrize("forged", ["", ".", "1", "x.y", "-1.00", f"{'9' * 400}.0", "٣.0", "1.é", "1 .0"])
def test_what_is_no_code_is_refused(forged: str) -> None:
    assert not is_fresh(KEY, "part:1", forged, NINE)


@given(st.text(max_size=40))
def test_no_text_at_all_is_taken_for_a_code(text: str) -> None:
    assert not is_fresh(KEY, "part:1", text, NINE)
