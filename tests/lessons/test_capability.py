"""A capability is good for exactly what it was granted for, and not for long."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.lessons.capability import LASTS, About, grant, holds

KEY = b"a key of the service"
ABOUT = About("kernel", "YX0001", "x-1", "trial")
NOW = 1_795_000_000.0


def test_it_holds_until_it_ends() -> None:
    said = grant(KEY, ABOUT, NOW)
    assert holds(KEY, said, ABOUT, NOW)
    assert holds(KEY, said, ABOUT, NOW + LASTS)
    assert not holds(KEY, said, ABOUT, NOW + LASTS + 1)


@pytest.mark.parametrize("name", [each.name for each in fields(About)])
def test_it_is_for_nothing_else(name: str) -> None:
    assert not holds(KEY, grant(KEY, ABOUT, NOW), replace(ABOUT, **{name: "other"}), NOW)


def test_it_is_for_no_other_service() -> None:
    assert not holds(b"another key", grant(KEY, ABOUT, NOW), ABOUT, NOW)


def test_it_says_nothing_of_anybody() -> None:
    assert "YX0001" not in grant(KEY, ABOUT, NOW)


@given(st.text())
def test_nothing_from_outside_holds_by_chance(said: str) -> None:
    assert not holds(KEY, said, ABOUT, NOW)


@given(st.integers(min_value=0, max_value=80), st.characters())
def test_one_letter_changed_does_not_hold(place: int, letter: str) -> None:
    said = grant(KEY, ABOUT, NOW)
    place %= len(said)
    changed = said[:place] + letter + said[place + 1 :]
    assert changed == said or not holds(KEY, changed, ABOUT, NOW)
