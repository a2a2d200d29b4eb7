"""From answers to points, and from points to a result."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.scoring import SlotScore, exam_result, points_for, score_slot, slot_score
from tests.grading.questions.samples import any_item, hostile
from tests.grading.questions.test_types import NIGHT, PICK, STEPS, TWO


@pytest.mark.parametrize(
    ("fraction", "points", "earned"),
    [
        pytest.param(2 / 3, 4, 2.67, id="to hundredths"),
        pytest.param(0.125, 0.1, 0.01, id="half up"),
        pytest.param(0.99999, 3, 2.99, id="not wholly right is never full"),
        pytest.param(1, 3, 3, id="full"),
        pytest.param(0, 3, 0, id="nothing"),
        pytest.param(0.1, 0.3, 0.03, id="no binary dust"),
    ],
)
def test_points_are_rounded_once_and_as_declared(fraction, points, earned):
    assert points_for(fraction, points) == earned


@given(any_item, hostile, st.sampled_from([0.5, 3, 18, 20]))
def test_whatever_was_stored_earns_between_nothing_and_the_slots_points(item, raw, points):
    assert 0 <= score_slot(item, raw, points) <= points


@pytest.mark.parametrize(
    ("item", "raw", "points"),
    [(PICK, "B", 3), (TWO, ["A"], 1.5), (STEPS, list("BCDA"), 2), (PICK, {"x": 1}, 0), (NIGHT, ["A"], 2.55)],
)
def test_a_slot_earns_its_share_and_an_answer_that_does_not_fit_earns_nothing(item, raw, points):
    assert score_slot(item, raw, 3) == points


def slot(points, of, **more):
    return SlotScore("s", points, of, **more)


@pytest.mark.parametrize(
    ("slots", "passed"),
    [
        pytest.param([slot(8, 10)], True, id="exactly the pass mark"),
        pytest.param([slot(7.99, 10)], False, id="a hundredth short"),
        pytest.param([slot(2.67, 3), slot(2.67, 3), slot(2.66, 4)], True, id="sums are exact"),
        pytest.param([slot(10, 10, hard_fail="等证据")], False, id="a hard fail loses whatever the points"),
        pytest.param([slot(9, 10), slot(0, 10, needs_mark=True)], None, id="a mark is waited for"),
        pytest.param([slot(0, 10, needs_mark=True), slot(9, 10, hard_fail="瞒报")], False, id="a hard fail waits for nobody"),
        pytest.param([], False, id="no exam is passed by being empty"),
    ],
)
def test_an_exam_is_passed_with_the_pass_mark_and_no_hard_fail(slots, passed):
    assert exam_result(slots, 80).passed is passed


def test_a_result_names_what_was_unforgivable_and_what_waits():
    result = exam_result([slot_score("s01", PICK, "C", 4), slot_score("s02", PICK, "B", 4)], 80)
    assert (result.points, result.max_points, result.percent) == (4, 8, 50)
    assert result.hard_fails == ("选项C",)
    assert slot_score("s01", PICK, "C", 4).indicators == ("C5.2.a",)
