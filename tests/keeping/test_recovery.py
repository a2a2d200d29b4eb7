"""The recovery code: read as people copy it, and nothing but it opens what was sealed."""

import pytest

from banyan.errors import HomeError
from banyan.keeping.recovery import ALPHABET, draw_code, public_of, read_code, seal, unseal


def test_every_code_is_another_and_holds_nothing_that_is_mistaken():
    codes = {draw_code() for _ in range(200)}
    assert len(codes) == 200
    assert {sign for code in codes for sign in code} <= set(ALPHABET) | {"-"}
    assert not set("01IO") & set(ALPHABET)


def test_a_code_is_read_however_it_is_typed():
    code = draw_code()
    for typed in (code, code.lower(), code.replace("-", ""), f"  {code.replace('-', ' ')}\n", code.replace("A", "Ａ")):
        assert read_code(typed) == code.replace("-", "")


def test_a_slip_of_the_pen_is_noticed_wherever_it_is():
    code = read_code(draw_code())
    for place, sign in enumerate(code):
        other = ALPHABET[(ALPHABET.index(sign) + 1) % len(ALPHABET)]
        with pytest.raises(HomeError, match="抄错"):
            read_code(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("typed", ["", "ABCD", "恢复码"])
def test_something_else_says_how_long_a_code_is(typed: str):
    with pytest.raises(HomeError, match="28"):
        read_code(typed)


def test_only_the_code_and_only_what_was_bound_opens_what_was_sealed():
    code, other = draw_code(), draw_code()
    sealed = seal(public_of(code), b"keys", b"manifest")
    assert unseal(code, sealed, b"manifest") == b"keys"
    assert b"keys" not in sealed
    for wrong in (
        (other, sealed, b"manifest"),
        (code, sealed, b"another"),
        (code, sealed[:-1], b"manifest"),
        (code, b"", b"manifest"),
    ):
        with pytest.raises(HomeError, match="打不开"):
            unseal(*wrong)


def test_sealing_twice_shows_nothing_of_being_the_same():
    public = public_of(draw_code())
    assert seal(public, b"keys", b"") != seal(public, b"keys", b"")
