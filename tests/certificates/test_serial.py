"""A serial can be read aloud, and a slip of the finger is known as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.certificates.serial import LETTERS, new_serial, read_serial

SERIALS = st.builds(new_serial, st.integers(2020, 2099))
PLACES = [place for place, sign in enumerate("BY26-7K3M-92Q3") if sign != "-"]


@given(SERIALS)
def test_what_is_drawn_is_read(serial: str) -> None:
    assert read_serial(serial) == serial


@given(SERIALS, st.sampled_from(PLACES), st.sampled_from(LETTERS))
def test_one_wrong_character_is_noticed(serial: str, place: int, sign: str) -> None:
    typed = serial[:place] + sign + serial[place + 1 :]
    assert read_serial(typed) == (serial if typed == serial else None)


@given(SERIALS, st.sampled_from(range(len(PLACES) - 1)))
def test_two_swapped_neighbours_are_noticed(serial: str, place: int) -> None:
    signs = list(serial.replace("-", ""))
    signs[place], signs[place + 1] = signs[place + 1], signs[place]
    typed = "".join(signs)
    assert read_serial(typed) == (serial if typed == serial.replace("-", "") else None)


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("by26-7k3m-92q3", id="small letters"),
        pytest.param(" BY26 7K3M 92Q3 ", id="blanks"),
        pytest.param("BY267K3M92Q3", id="no hyphens"),
        pytest.param("ＢＹ２６－７Ｋ３Ｍ－９２Ｑ３", id="full width"),
        pytest.param("BY26—7K3M—92Q3", id="dashes of a Chinese keyboard"),
    ],
)
def test_it_may_be_typed_as_phones_type(typed: str) -> None:
    assert read_serial(typed) == "BY26-7K3M-92Q3"


def test_letters_that_look_like_numbers_are_read_as_numbers() -> None:
    serial = next(each for each in iter(lambda: new_serial(2026), "") if "0" in each and "1" in each)
    assert read_serial(serial.replace("0", "o").replace("1", "l")) == serial


@pytest.mark.parametrize("typed", ["", "BY26", "XX26-7K3M-92Q3", "BY26-7K3M-92Q3-0", "BY26-7K3U-92Q3", "榕学二六七", "\x00" * 12])
def test_what_cannot_be_a_serial_is_not_looked_up(typed: str) -> None:
    assert read_serial(typed) is None


def test_serials_cannot_be_counted_up() -> None:
    drawn = {new_serial(2026) for _ in range(2000)}
    assert len(drawn) == 2000
    assert all(len({serial[place] for serial in drawn}) == len(LETTERS) for place in PLACES[4:])
