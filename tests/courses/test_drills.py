"""The three nights of the drill 雨夜三小时, each walked to every end."""

from collections.abc import Iterator
from itertools import chain

import pytest

from grading.questions import case
from tests.courses.drills import DRILLS, best, longest_walk, turns, walk

C52, C43 = ({f"{competency}.{letter}" for letter in "abcd"} for competency in ("C5.2", "C4.3"))
every_night = pytest.mark.parametrize("night", DRILLS.values(), ids=DRILLS.keys())


def wrong_turns() -> Iterator[tuple[case.Item, str, str]]:
    for night in DRILLS.values():
        for node, inject in night.injects.items():
            yield from ((night, node, choice) for choice in inject.choices if choice != best(night, node))


@every_night
def test_every_way_ends(night: case.Item) -> None:
    assert longest_walk(night) == 15


@every_night
def test_the_best_way_is_the_eight_turns_and_earns_everything(night: case.Item) -> None:
    path = walk(night)
    assert len(path) == len(turns(night)) == 8
    assert case.score(night, path).fraction == 1
    assert case.score(night, path).hard_fail is None
    assert case.key(night) == path


@every_night
def test_a_good_night_shows_reporting_and_early_detection(night: case.Item) -> None:
    assert case.indicators_shown(night, walk(night)) >= C52 | C43


@pytest.mark.parametrize(
    ("night", "node", "choice"), [pytest.param(*each, id="-".join((each[0].id, *each[1:]))) for each in wrong_turns()]
)
def test_a_wrong_turn_costs_something_and_the_night_goes_on(night: case.Item, node: str, choice: str) -> None:
    main = turns(night)
    if node in main:
        detour = {node: choice}
    else:
        came = next((turn, key) for turn in main for key, each in night.injects[turn].choices.items() if each.next == node)
        detour = dict([came, (node, choice)])
    path = walk(night, detour)
    assert case.ended(night, path)
    assert case.score(night, path).fraction < 1


@every_night
def test_what_is_unforgivable_fails(night: case.Item) -> None:
    choices = chain.from_iterable(inject.choices.values() for inject in night.injects.values())
    said = {each.hard_fail for each in choices if each.hard_fail}
    for what in ("等证据", "编造的人数", "涉水", "公开", "没有核查"):
        assert any(what in each for each in said), what


@every_night
def test_the_best_choice_is_not_given_away_by_its_length(night: case.Item) -> None:
    def longest(node: str) -> str:
        return max(night.injects[node].choices, key=lambda each: len(night.injects[node].choices[each].text))

    assert sum(longest(node) == best(night, node) for node in turns(night)) <= 3


@every_night
def test_every_turn_offers_a_real_choice(night: case.Item) -> None:
    for node in turns(night):
        assert len(night.injects[node].choices) == 4
    assert all(each.says for inject in night.injects.values() for each in inject.choices.values())


@every_night
def test_the_clock_of_the_story_only_runs_forward(night: case.Item) -> None:
    for inject in night.injects.values():
        for each in inject.choices.values():
            if each.leads_to:
                assert int(night.injects[each.leads_to].at) > int(inject.at)


@every_night
def test_it_says_first_of_all_that_nothing_is_reported_to_anybody(night: case.Item) -> None:
    assert night.title.startswith("雨夜三小时：")
    assert "演练开始，这里报的一切都不会报给任何人" in night.injects[night.start].text
