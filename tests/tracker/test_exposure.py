"""How often a question was met and how it went: counted from the attempts, as they stand."""

import random

import pytest

from banyan.records.engine import reading
from banyan.tracker.exposure import TELLING, Tally, exposure, of_question, tallies
from tests.county import COURSE
from tests.tracker.hall import Hall


def paper(**shares: float) -> tuple[dict, dict]:
    """A paper of slots worth ten points each, by the share that was earned."""
    slots = [{"name": f"s-{name}", "question": name, "version": "v1"} for name in shares]
    scores = {f"s-{name}": {"points": 10 * share, "max_points": 10} for name, share in shares.items()}
    return {"slots": slots}, scores


def test_what_was_met_is_counted_and_what_is_graded_says_how_it_went() -> None:
    form, scores = paper(a=1, b=0.5)
    found = tallies([(form, scores), (form, scores), (form, None)])
    assert (found["a", "v1"].met, found["a", "v1"].n, found["a", "v1"].facility) == (3, 2, 1.0)
    assert found["b", "v1"].facility == 0.5


def test_each_text_of_a_question_has_its_own_figures() -> None:
    form, _ = paper(a=1)
    old = {"slots": [{"name": "s-a", "question": "a"}]}
    found = tallies([(form, None), (old, None), (old, None)])
    assert {key: each.met for key, each in found.items()} == {("a", "v1"): 1, ("a", ""): 2}
    assert of_question(found, "a") == 3
    assert found["a", "v1"].facility is None


def test_a_question_that_tells_the_able_apart_is_told_from_one_that_does_not() -> None:
    order = random.Random(1)
    papers = []
    for number in range(400):
        able = number % 2
        others = {f"other{place}": float(order.random() < 0.3 + 0.4 * able) for place in range(8)}
        papers.append(paper(tells=float(able), blind=float(order.random() < 0.5), against=float(1 - able), **others))
    found = {name: tally.discrimination for (name, _), tally in tallies(papers).items()}
    assert found["tells"] is not None
    assert found["tells"] > 0.3
    assert found["blind"] is not None
    assert abs(found["blind"]) < 0.15
    assert found["against"] is not None
    assert found["against"] < -0.3


def test_too_few_answers_or_all_alike_tell_nothing_apart() -> None:
    assert tallies([paper(a=0, b=0), paper(a=1, b=1)] * (TELLING // 2 - 1))["a", "v1"].discrimination is None
    assert tallies([paper(a=1, b=0), paper(a=1, b=1)] * TELLING)["a", "v1"].discrimination is None
    assert Tally().facility is None


def test_the_records_tell_it_of_every_attempt_at_a_course(hall: Hall) -> None:
    first = hall.sat()
    hall.grade(first)
    hall.mark(first, 4, 3, 2, 1)
    hall.begin(hall.neighbour)
    with reading(hall.make) as session:
        found = exposure(session, COURSE)
        nothing = exposure(session, "another-course")
    assert sum(each.met for each in found.values()) == 2 * len(hall.exam.seats)
    assert sum(each.n for each in found.values()) == len(hall.exam.seats)
    assert {each.facility for each in found.values() if each.n} == {1.0}
    assert {name for name, _ in found} <= hall.exam.items.keys()
    assert {version for _, version in found} <= set(hall.exam.versions.values())
    assert nothing == {}


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_share_of_the_points_is_what_was_earned_of_them(share: float) -> None:
    assert tallies([paper(a=share, b=1)])["a", "v1"].facility == share
