"""The practice pool: enough for every indicator, and an answer to whatever somebody chooses that says why."""

import json

import pytest

from grading.questions import simulation
from tests.courses.pools import pool
from tests.courses.test_bank import INDICATORS

PRACTICE = pool("practice")
CHOSEN = [pytest.param(entry, id=key) for key, entry in PRACTICE.items() if entry["type"] in ("single", "multiple")]


def test_there_is_plenty_of_it() -> None:
    assert len(PRACTICE) >= 40
    assert {entry["type"] for entry in PRACTICE.values()} == {
        *("single", "multiple", "true_false", "order", "match", "cloze", "numeric", "short_text", "hotspot", "first_report"),
        *("simulation", "file"),
    }


@pytest.mark.parametrize("indicator", INDICATORS)
def test_every_indicator_is_practised(indicator: str) -> None:
    assert sum(indicator in entry["indicators"] for entry in PRACTICE.values()) >= 3


@pytest.mark.parametrize("entry", CHOSEN)
def test_each_choice_is_answered_with_a_reason_of_its_own(entry: dict[str, dict[str, str]]) -> None:
    said = entry["feedback"]
    assert said.keys() == entry["options"].keys()
    assert len(set(said.values())) == len(said)
    assert all(len(each) >= 8 for each in said.values())


@pytest.mark.parametrize("entry", CHOSEN)
def test_only_right_choices_of_one_are_called_right(entry: dict[str, dict[str, str]]) -> None:
    if entry["type"] == "single":
        assert [each for each in entry["options"] if entry["feedback"][each].startswith("对")] == [entry["key"]]


def test_every_question_says_what_to_remember() -> None:
    assert [key for key, entry in PRACTICE.items() if not entry.get("why")] == []


def test_a_week_at_the_day_care_rewards_who_calls_early_and_teaches_whoever_waits_or_tells() -> None:
    item = simulation.Item.model_validate_json(json.dumps({"id": "week", **PRACTICE["a-week-at-the-day-care"]}))
    walks = {
        ("call", "window", "again", "again", "again"): (1.0, 4),
        ("window", "call", "again", "again", "again"): (1.0, 4),
        ("call", "again", "again", "again", "window"): (0.7, 13),
        ("hush", "hush", "call", "window", "again"): (0.3, 18),
        ("group", "call", "window", "again", "again"): (0.7, 9),
    }
    found = {path: (simulation.score(item, path).fraction, simulation.run(item.model, path).states[-1]["ill"]) for path in walks}
    assert found == walks
    waited = simulation.feedback(item, ("hush", "hush", "call", "window", "again")).text
    assert "没满十个也可以说" in waited
