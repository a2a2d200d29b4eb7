"""The oracles of domain/facts.md: what the differential equation says, not what a coarse step makes of it."""

import importlib
import math
from itertools import pairwise
from types import ModuleType

import pytest

from tests.courses.pools import pool


@pytest.fixture
def seir(models: None) -> ModuleType:
    return importlib.import_module("models.seir")


@pytest.fixture
def silence(models: None) -> ModuleType:
    return importlib.import_module("models.silence")


@pytest.mark.parametrize(("day", "ill"), [(7, 72), (14, 196), (21, 488), (28, 1061), (None, 4464)])
def test_so_many_are_infected_in_the_end(seir: ModuleType, day: int | None, ill: int) -> None:
    assert seir.ever_infected(day) == pytest.approx(ill, abs=1)


def test_nobody_acting_is_the_final_size_equation(seir: ModuleType) -> None:
    assert seir.final_size(2.5) == pytest.approx(0.893, abs=0.0005)
    assert seir.ever_infected(None) / 5000 == pytest.approx(seir.final_size(2.5), abs=0.0005)


@pytest.mark.parametrize("reproduction", [0.0, 0.5, 1.0])
def test_an_infection_that_cannot_spread_dies_out(seir: ModuleType, reproduction: float) -> None:
    assert seir.final_size(reproduction) == pytest.approx(0, abs=0.001)


def test_a_day_later_is_never_better(seir: ModuleType) -> None:
    ends = [seir.ever_infected(day) for day in range(0, 80, 4)] + [seir.ever_infected(None)]
    assert all(before < after for before, after in pairwise(ends))


@pytest.mark.parametrize("day", [0, 14, None])
def test_running_on_reaches_what_the_closing_relation_says(seir: ModuleType, day: int | None) -> None:
    assert seir.by_day(day, 500)[-1] == pytest.approx(seir.ever_infected(day), rel=1e-3)


def test_the_step_is_fine_enough(seir: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = seir.ever_infected(28)
    monkeypatch.setattr(seir, "STEP", seir.STEP / 10)
    assert seir.ever_infected(28) == pytest.approx(usual, abs=0.01)


def test_nobody_is_infected_twice_and_nobody_recovers_to_health(seir: ModuleType) -> None:
    counts = seir.by_day(None, 200)
    assert all(before <= after for before, after in pairwise(counts))
    assert math.isclose(counts[0], 5)
    assert counts[-1] < 5000


def test_the_panel_compares_and_marks_the_chosen_day(silence: ModuleType) -> None:
    labels = [label for label, _, _ in silence.rows(10)]
    assert labels == ["第7天应对", "第10天应对", "第14天应对", "第21天应对", "第28天应对", "一直没人管"]
    assert [label for label, _, chosen in silence.rows(10) if chosen] == ["第10天应对"]
    assert len(silence.rows(14)) == 5


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (7, "第7天开始应对，最后大约有72人得过病，大约每70个人里有1个。"),
        (14, "第14天开始应对，最后大约有196人得过病，大约每26个人里有1个。"),
        (42, "第42天开始应对，最后大约有2,913人得过病，大约每10个人里有6个。"),
    ],
)
def test_the_panel_says_the_number_in_words(silence: ModuleType, day: int, said: str) -> None:
    assert silence.sentence(day) == said


def test_the_panel_says_that_it_is_no_forecast(silence: ModuleType) -> None:
    assert silence.NOTE == "教学模型，不是预测"


def test_the_practice_question_about_the_panel_agrees_with_it(seir: ModuleType) -> None:
    key = pool("practice")["seven-days-more"]["key"]
    assert abs(round(seir.ever_infected(14)) - round(seir.ever_infected(7)) - key["value"]) <= key["tolerance"]
