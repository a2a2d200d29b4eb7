"""A room's code: read as people type it, open for its time, and not to be guessed."""

from datetime import UTC, datetime, timedelta

import pytest

from banyan.domain.invigilation import MOST_TRIES, WITHIN, free_to_try, is_open, read_code

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("012345", "012345", id="as it is"),
        pytest.param(" 012 345 ", "012345", id="with blanks"),
        pytest.param("０１２　３４５", "012345", id="full width"),
        pytest.param("12345", None, id="too short"),
        pytest.param("0123456", None, id="too long"),
        pytest.param("01234a", None, id="a letter"),
        pytest.param("٠١٢٣٤٥", None, id="digits of another script"),
        pytest.param("", None, id="nothing"),
        pytest.param("1" * 5000, None, id="very much"),
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str, code: str | None) -> None:
    assert read_code(typed) == code


@pytest.mark.parametrize(("minutes", "opens"), [(-1, False), (0, True), (120, True), (121, False)])
def test_a_room_opens_exams_between_its_two_moments(minutes: int, opens: bool) -> None:
    assert is_open(NOW, NOW + timedelta(hours=2), NOW + timedelta(minutes=minutes)) is opens


def test_who_was_wrong_too_often_waits_from_the_first_of_those_on() -> None:
    wrong = [NOW - timedelta(minutes=each) for each in range(MOST_TRIES)]
    assert free_to_try(wrong[:-1], NOW) is None
    assert free_to_try(wrong, NOW) == NOW - timedelta(minutes=MOST_TRIES - 1) + WITHIN
    assert free_to_try(wrong, NOW + WITHIN) is None


def test_what_was_tried_before_the_clock_was_set_back_counts_no_more() -> None:
    assert free_to_try([NOW + timedelta(hours=3)] * MOST_TRIES, NOW) is None
