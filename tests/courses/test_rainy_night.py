"""The drill 雨夜三小时, walked to every end."""

from collections.abc import Iterator
from functools import cache

import pytest

from grading.questions import case
from tests.courses.pools import drill

NIGHT = drill("rainy-night")
TURNS = ["crack", "elder", "chat", "road", "shelter", "not-ours", "survey", "falling"]
C52, C43 = ({f"{competency}.{letter}" for letter in "abcd"} for competency in ("C5.2", "C4.3"))


@cache
def steps_left(node: str) -> int:
    """The most choices from here to an end; endless recursion would mean a way that never ends."""
    return 1 + max(steps_left(each.leads_to) if each.leads_to else 0 for each in NIGHT.injects[node].choices.values())


def walk(*, wrong_at: str, choice: str) -> case.Path:
    """Go the best way but for one choice; what it leads to is again left by the best choice there."""
    path: list[str] = []
    node: str | None = NIGHT.start
    while node:
        path.append(choice if node == wrong_at else best(node))
        node = NIGHT.injects[node].choices[path[-1]].leads_to
    return tuple(path)


def best(node: str) -> str:
    choices = NIGHT.injects[node].choices
    return max(choices, key=lambda each: (not choices[each].hard_fail, sum(choices[each].effects.values())))


def wrong_turns() -> Iterator[tuple[str, str]]:
    return ((node, each) for node in NIGHT.injects for each in NIGHT.injects[node].choices if each != best(node))


def test_every_way_ends() -> None:
    assert 8 <= steps_left(NIGHT.start) <= 20


def test_the_best_way_is_the_eight_turns_and_earns_everything() -> None:
    path = walk(wrong_at="", choice="")
    assert len(path) == len(TURNS)
    assert case.score(NIGHT, path).fraction == 1
    assert case.score(NIGHT, path).hard_fail is None
    assert case.key(NIGHT) == path


def test_a_good_night_shows_reporting_and_early_detection() -> None:
    assert case.indicators_shown(NIGHT, walk(wrong_at="", choice="")) >= C52 | C43


@pytest.mark.parametrize(("node", "choice"), [pytest.param(*each, id="-".join(each)) for each in wrong_turns()])
def test_a_wrong_turn_costs_something_and_the_night_goes_on(node: str, choice: str) -> None:
    if node not in TURNS:
        came = next((turn, key) for turn in TURNS for key, each in NIGHT.injects[turn].choices.items() if each.next == node)
        assert case.score(NIGHT, walk(wrong_at=came[0], choice=came[1])).fraction < 1
        return
    path = walk(wrong_at=node, choice=choice)
    assert case.ended(NIGHT, path)
    assert case.score(NIGHT, path).fraction < 1


def test_what_is_unforgivable_fails() -> None:
    said = {each.hard_fail for inject in NIGHT.injects.values() for each in inject.choices.values() if each.hard_fail}
    for what in ("等证据", "编造的人数", "涉水", "公开", "没有核查"):
        assert any(what in each for each in said), what


def test_the_best_choice_is_not_given_away_by_its_length() -> None:
    def longest(node: str) -> str:
        return max(NIGHT.injects[node].choices, key=lambda each: len(NIGHT.injects[node].choices[each].text))

    assert sum(longest(node) == best(node) for node in TURNS) <= len(TURNS) / 2


def test_every_turn_offers_a_real_choice() -> None:
    for node in TURNS:
        assert 3 <= len(NIGHT.injects[node].choices) <= 4
    assert all(each.says for inject in NIGHT.injects.values() for each in inject.choices.values())


def test_the_clock_of_the_story_only_runs_forward() -> None:
    for inject in NIGHT.injects.values():
        for each in inject.choices.values():
            if each.leads_to:
                assert int(NIGHT.injects[each.leads_to].at) > int(inject.at)
