"""The day's three questions: few, never twice, mistakes first, everything in its time."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banyan.domain.spacing import INTERVALS, THREE, Answered, Box, Practice, boxes, todays_three

CODES = [f"C{number}" for number in range(1, 9)]
NAMES = [f"q{number}" for number in range(20)]
FIRST = date(2027, 12, 20)  # a year's end and a leap day lie ahead
ONE = timedelta(days=1)
Right = Callable[[str, date], bool]

shown = st.frozensets(st.sampled_from(CODES), min_size=1, max_size=3)
pools = st.dictionaries(st.sampled_from(NAMES), shown, max_size=len(NAMES)).map(
    lambda found: [Practice(name, indicators) for name, indicators in found.items()]
)
days = st.dates(FIRST, FIRST + timedelta(days=800))
answers = st.builds(Answered, st.sampled_from(NAMES), st.booleans(), days)
histories = st.lists(answers, max_size=40, unique_by=lambda each: (each.question, each.day))
people = st.integers(1, 10**6)


def live(person: int, pool: list[Practice], count: int, right: Right, since: date = FIRST) -> dict[date, tuple[str, ...]]:
    """Let somebody answer their three on so many days running."""
    told: list[Answered] = []
    asked = {}
    for day in (since + timedelta(days=number) for number in range(count)):
        asked[day] = todays_three(person, pool, told, day)
        told += [Answered(name, right(name, day), day) for name in asked[day]]
    return asked


def showing(pool: list[Practice], indicator: str, asked: dict[date, tuple[str, ...]]) -> list[date]:
    names = {each.name for each in pool if indicator in each.indicators}
    return [day for day, three in asked.items() if names.intersection(three)]


@given(people, pools, histories, days)
def test_three_are_asked_or_all_there_are_and_none_twice(
    person: int, pool: list[Practice], told: list[Answered], day: date
) -> None:
    three = todays_three(person, pool, told, day)
    assert len(three) == len(set(three)) == min(THREE, len(pool))
    assert set(three) <= {each.name for each in pool}


@given(people, pools, histories, days, st.randoms(use_true_random=False))
def test_the_same_is_asked_however_it_is_put(
    person: int, pool: list[Practice], told: list[Answered], day: date, chance: object
) -> None:
    three = todays_three(person, pool, told, day)
    chance.shuffle(pool)  # type: ignore[attr-defined]
    chance.shuffle(told)  # type: ignore[attr-defined]
    assert todays_three(person, pool, told, day) == three


@given(people, pools, histories, days, st.lists(st.tuples(st.sampled_from(NAMES), st.booleans()), max_size=6))
def test_what_is_answered_on_the_day_leaves_its_three_as_they_are(
    person: int, pool: list[Practice], told: list[Answered], day: date, today: list[tuple[str, bool]]
) -> None:
    before = [each for each in told if each.day < day]
    now = [Answered(name, right, day) for name, right in today]
    assert todays_three(person, pool, before + now, day) == todays_three(person, pool, before, day)


@given(people, pools, histories, days)
def test_mistakes_come_first_the_oldest_ahead(person: int, pool: list[Practice], told: list[Answered], day: date) -> None:
    last: dict[str, Answered] = {}
    for each in sorted(told, key=lambda each: each.day):
        if each.day < day and each.question in {question.name for question in pool}:
            last[each.question] = each
    wrong = {name: each.day for name, each in last.items() if not each.right}
    three = todays_three(person, pool, told, day)
    head = three[: min(THREE, len(wrong))]
    assert [wrong.get(name) for name in head] == sorted(wrong.values())[: len(head)]


@given(people, pools.filter(bool), days)
def test_a_mistake_comes_back_the_next_day_and_on_until_it_is_mended(person: int, pool: list[Practice], day: date) -> None:
    missed = todays_three(person, pool, [], day)[0]
    told = [Answered(missed, False, day)]
    assert todays_three(person, pool, told, day + ONE)[0] == missed
    assert todays_three(person, pool, told, day + 9 * ONE)[0] == missed


def test_a_mended_mistake_waits_for_its_turn_again() -> None:
    pool = [Practice(f"q{code}", frozenset({code})) for code in CODES]
    told = [Answered("qC1", False, FIRST), Answered("qC1", True, FIRST + ONE)]
    asked = [FIRST + days * ONE for days in range(2, 5) if "qC1" in todays_three(1, pool, told, FIRST + days * ONE)]
    assert asked == [FIRST + 4 * ONE]


@settings(max_examples=30, deadline=None)
@given(people, pools, st.sets(st.tuples(st.sampled_from(NAMES), st.integers(0, 40))))
def test_every_indicator_is_asked_within_twice_as_many_days_as_there_are(
    person: int, pool: list[Practice], slips: set[tuple[str, int]]
) -> None:
    """Also for whoever slips anywhere, as long as nobody misses one question on two days running."""
    missed: dict[str, date] = {}

    def right(name: str, day: date) -> bool:
        slip = (name, (day - FIRST).days) in slips and missed.get(name) != day - ONE
        if slip:
            missed[name] = day
        return not slip

    every = frozenset().union(*(each.indicators for each in pool))
    asked = live(person, pool, 2 * len(every), right)
    assert {indicator for indicator in every if not showing(pool, indicator, asked)} == set()


@settings(max_examples=15, deadline=None)
@given(people, pools)
def test_what_is_known_comes_back_before_it_is_long_forgotten(person: int, pool: list[Practice]) -> None:
    asked = live(person, pool, 160, lambda name, day: True)
    for indicator in frozenset().union(*(each.indicators for each in pool)):
        found = [*showing(pool, indicator, asked), FIRST + timedelta(days=160)]
        gaps = [(after - before).days for before, after in pairwise(found)]
        assert max(gaps) <= INTERVALS[-1] + len(CODES), (indicator, gaps)


@pytest.mark.parametrize(
    "start", [date(2028, 2, 27), date(2028, 12, 30), date(2027, 2, 27)], ids=["a leap day", "a year's end", "a common February"]
)
def test_the_boxes_count_days_across(start: date) -> None:
    pool = [Practice("q", frozenset({"C1"}))]
    told, due = [], start
    for interval in (3, 7, 21, 60, 60):
        told.append(Answered("q", True, due))
        due += timedelta(days=interval)
        assert boxes(pool, told)["C1"].due == due
    told.append(Answered("q", False, due))
    assert boxes(pool, told)["C1"] == Box(0, due + ONE)


def test_known_too_early_neither_rises_nor_is_put_off() -> None:
    box = Box(2, FIRST)
    assert box.after(True, FIRST - ONE) == box
    assert box.after(True, FIRST) == Box(3, FIRST + timedelta(days=21))
    assert box.after(False, FIRST - ONE) == Box(0, FIRST)


def test_on_one_day_a_mistake_outweighs_what_was_right() -> None:
    pool = [Practice("a", frozenset({"C1"})), Practice("b", frozenset({"C1"}))]
    told = [Answered("a", False, FIRST), Answered("b", True, FIRST)]
    assert boxes(pool, told)["C1"] == boxes(pool, told[::-1])["C1"] == Box(0, FIRST + ONE)


def test_what_is_due_and_what_is_new_take_turns() -> None:
    pool = [Practice(f"q{code}", frozenset({code})) for code in CODES]
    told = [Answered("qC1", True, FIRST), Answered("qC2", True, FIRST + ONE)]
    three = todays_three(1, pool, told, FIRST + 10 * ONE)
    assert (three[0], three[2]) == ("qC1", "qC2")
    assert three[1] not in ("qC1", "qC2")


def test_people_are_asked_different_things() -> None:
    pool = [Practice(f"q{code}", frozenset({code})) for code in CODES]
    assert len({todays_three(person, pool, [], FIRST) for person in range(30)}) > 10
