"""Which typed words are the same words."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grading.questions import accepted

WIDE = {each: each + 0xFEE0 for each in range(0x21, 0x7F)} | {0x20: 0x3000}


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [
        pytest.param("待核", "待核", id="plain"),
        pytest.param(" 待 核。", "待核", id="spaces and a full stop"),
        pytest.param("“待核”！", "待核", id="quotation marks"),
        pytest.param("１２０", "120", id="full width"),
        pytest.param("120", "１２０", id="full width in the file"),
        pytest.param("ＡＥＤ", "aed", id="letters"),
        pytest.param("镇政府值班室", "镇*值班室", id="anything between"),
        pytest.param("镇值班室", "镇*值班室", id="nothing between"),
        pytest.param("报镇值班室", "*值班室", id="anything before"),
        pytest.param("3.5米", "3.5米", id="a point within stays"),
    ],
)
def test_the_same_words_typed_otherwise_are_accepted(typed, pattern):
    assert accepted.fits(typed, pattern)


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [
        pytest.param("待核实", "待核", id="more"),
        pytest.param("35米", "3.5米", id="without the point"),
        pytest.param("待", "待*待", id="one piece cannot be both ends"),
        pytest.param("乙甲", "甲*乙", id="turned"),
        pytest.param("甲丙", "甲*乙*丙", id="a piece is missing"),
        pytest.param("。", "待核", id="only marks"),
    ],
)
def test_other_words_are_not(typed, pattern):
    assert not accepted.fits(typed, pattern)


@given(st.text(st.sampled_from("abzAB09 .-"), min_size=1, max_size=20))
def test_width_spaces_and_case_never_matter(text):
    for typed in (text.translate(WIDE), text.upper(), f" {text}　", " ".join(text)):
        assert accepted.normal(typed) == accepted.normal(text)


@given(st.text(max_size=30))
@example("A´")
def test_what_is_normal_stays_so(text):
    assert accepted.normal(accepted.normal(text)) == accepted.normal(text)


@given(st.lists(st.text(st.characters(exclude_characters="*＊﹡"), max_size=5), min_size=2, max_size=5))
def test_an_accepted_text_that_the_check_lets_through_accepts_its_own_example(pieces):
    pattern = "*".join(pieces)
    if not list(accepted.unfit([pattern], ("accept",))):
        assert accepted.fits(accepted.example(pattern), pattern)


def test_many_stars_take_no_time():
    begun = time.process_time()
    assert not accepted.fits("a" * accepted.LONGEST, "a*" * 29 + "b")
    assert time.process_time() - begun < 0.05
