"""How long work still takes: never less than nothing, nothing once all is done, no guess without a measure."""

from hypothesis import given
from hypothesis import strategies as st

from banyan.domain.estimate import Pile, seconds_left

counts = st.integers(0, 10_000)
elapsed = st.floats(0.01, 100_000)


@given(counts, elapsed)
def test_what_is_done_takes_no_more_time(total: int, seconds: float) -> None:
    assert seconds_left(Pile(total, total, seconds)) == 0


@given(st.integers(1, 10_000), elapsed)
def test_before_anything_is_done_nobody_guesses(total: int, seconds: float) -> None:
    assert seconds_left(Pile(0, total, seconds)) is None
    assert seconds_left(Pile(1, total + 1, 0.0)) is None


@given(st.integers(1, 5_000), st.integers(1, 5_000), elapsed)
def test_more_left_never_takes_less_and_at_least_a_second(done: int, left: int, seconds: float) -> None:
    sooner, later = seconds_left(Pile(done, done + left, seconds)), seconds_left(Pile(done, done + left + 1, seconds))
    assert sooner is not None
    assert later is not None
    assert 1 <= sooner <= later


def test_half_done_takes_as_long_again() -> None:
    assert seconds_left(Pile(30, 60, 12.0)) == 12
