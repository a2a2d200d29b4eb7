"""Which six digits are too easy to guess."""

import pytest

from banyan.domain.pins import weakness


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        pytest.param("", "form", id="nothing"),
        pytest.param("48152", "form", id="too few"),
        pytest.param("4815276", "form", id="too many"),
        pytest.param("48152a", "form", id="a letter"),
        pytest.param("４８１５２７", "form", id="full width, which the page turns before"),
        pytest.param("000000", "same", id="one digit"),
        pytest.param("161616", "same", id="a pair repeated"),
        pytest.param("848884", "same", id="two digits"),
        pytest.param("729729", "same", id="three repeated"),
        pytest.param("774422", "same", id="doubled digits"),
        pytest.param("123456", "row", id="up"),
        pytest.param("876543", "row", id="down"),
        pytest.param("147258", "row", id="down the keys"),
        pytest.param("196805", "day", id="year and month of birth"),
        pytest.param("680523", "day", id="day of birth"),
        pytest.param("005678", "own", id="the end of the mobile number"),
        pytest.param("139480", "own", id="its beginning"),
        pytest.param("217004", "own", id="within the staff number"),
    ],
)
def test_what_one_would_try_first_is_refused(pin: str, why: str) -> None:
    assert weakness(pin, "13948005678", "YX217004") == why


@pytest.mark.parametrize("pin", ["481527", "902713", "135790", "318264"])
def test_an_ordinary_choice_is_taken(pin: str) -> None:
    assert weakness(pin, "13948005678", "YX217004") is None


def test_most_numbers_are_left_to_choose_from() -> None:
    refused = sum(weakness(f"{number:06}") is not None for number in range(0, 1_000_000, 7))
    assert refused / (1_000_000 / 7) < 0.06
