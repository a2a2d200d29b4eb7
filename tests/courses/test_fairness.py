"""Whoever draws one night of the drill has it neither easier nor harder than whoever draws another."""

from collections import Counter
from itertools import combinations

import pytest

from grading.questions import case
from tests.courses.drills import DRILLS, best, by_chance, ranked, second, turns, walk, words

PAIRS = [pytest.param(*each, id="-".join(night.id for night in each)) for each in combinations(DRILLS.values(), 2)]
every_night = pytest.mark.parametrize("night", DRILLS.values(), ids=DRILLS.keys())


def weight(night: case.Item) -> list[list[tuple[bool, dict[str, float]]]]:
    """Return, turn by turn and best choice first, whether a choice loses the exam and what it earns."""
    choices = [[night.injects[node].choices[key] for key in ranked(night, node)] for node in turns(night)]
    return [[(bool(each.hard_fail), dict(each.effects)) for each in turn] for turn in choices]


def hard_share(night: case.Item) -> float:
    choices = [each for inject in night.injects.values() for each in inject.choices.values()]
    return sum(1 for each in choices if each.hard_fail) / len(choices)


def middling(night: case.Item) -> case.Score:
    """Score a night on which somebody never quite does the right thing."""
    return case.score(night, walk(night, {node: second(night, node) for node in night.injects}))


def test_there_are_three_nights() -> None:
    assert len(DRILLS) == 3


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_each_turn_weighs_what_its_counterpart_weighs(one: case.Item, other: case.Item) -> None:
    assert weight(one) == weight(other)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_unforgivable_waits_as_often(one: case.Item, other: case.Item) -> None:
    assert hard_share(one) == pytest.approx(hard_share(other), abs=0.03)
    assert by_chance(one)[1] == pytest.approx(by_chance(other)[1], abs=0.02)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_blind_tapping_earns_as_much(one: case.Item, other: case.Item) -> None:
    assert by_chance(one)[0] == pytest.approx(by_chance(other)[0], abs=1.5)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_one_reads_about_as_much(one: case.Item, other: case.Item) -> None:
    assert words(one, walk(one)) == pytest.approx(words(other, walk(other)), rel=0.15)


@every_night
def test_the_unforgivable_is_a_sixth_to_a_quarter_of_all_choices(night: case.Item) -> None:
    assert 1 / 6 <= hard_share(night) <= 1 / 4


@every_night
def test_never_quite_right_is_not_enough_and_not_nothing(night: case.Item) -> None:
    scored = middling(night)
    assert scored.hard_fail is None
    assert 0.25 <= scored.fraction <= 0.5


@every_night
def test_two_slips_are_forgiven_and_six_are_not(night: case.Item) -> None:
    """The drill asks for 80 of 100; a slip is the second-best choice, whatever it leads to then mended as well as can be."""
    main = turns(night)

    def scores(slips: int) -> list[float]:
        ways = [walk(night, {node: second(night, node) for node in chosen}) for chosen in combinations(main, slips)]
        return [case.score(night, way).fraction for way in ways]

    assert min(scores(2)) >= 0.8
    assert max(scores(6)) < 0.8


def test_the_right_choice_stands_at_no_fixed_letter() -> None:
    for night in DRILLS.values():
        letters = Counter(best(night, node) for node in turns(night))
        assert max(letters.values()) <= 4, night.id
    assert len({tuple(walk(night)) for night in DRILLS.values()}) == len(DRILLS)
