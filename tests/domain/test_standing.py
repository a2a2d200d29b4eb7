"""The attainment rule, by example and against a second, slower reading of it."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banyan.domain.evidence import Evidence, observe
from banyan.domain.framework import Competency, Indicator, Kind
from banyan.domain.standing import NOTHING, RUNG_2, RUNG_3, Standing, standing

TODAY = date(2026, 11, 23)
LATER, LATEST = date(2027, 3, 1), date(2027, 9, 1)
REPORTING = Competency(
    "C5.2", {"zh": "突发事件信息报告"}, tuple(Indicator(f"C5.2.{x}", {"zh": x}) for x in "abc"), frozenset(Kind), 12
)
ALL = REPORTING.indicator_codes


def shown(kind: Kind, level: int = 3, indicators: frozenset[str] = ALL, until: date = LATER, by: str = "") -> Evidence:
    return Evidence("C5.2", indicators, kind, level, date(2026, 3, 1), until, by)


@pytest.mark.parametrize(
    ("rows", "level"),
    [
        pytest.param([], 0, id="nothing shown"),
        pytest.param([shown(Kind.SIM), shown(Kind.OS)], 0, id="no exam, no rung"),
        pytest.param([shown(Kind.OA)], 1, id="exam alone"),
        pytest.param([shown(Kind.OA), shown(Kind.OA)], 1, id="two exams are still exams"),
        pytest.param([shown(Kind.OA), shown(Kind.SIM)], 2, id="exam and drill never suffice for the third rung"),
        pytest.param([shown(Kind.OA), shown(Kind.OS)], 2, id="one practical serves one rung"),
        pytest.param([shown(Kind.OA), shown(Kind.SIM), shown(Kind.OS)], 3, id="exam, drill and practical"),
        pytest.param([shown(Kind.OA), shown(Kind.OS), shown(Kind.AO)], 3, id="two different practical rows"),
        pytest.param([shown(Kind.OA), shown(Kind.SIM), shown(Kind.SP)], 2, id="supervised practice is no third-rung row"),
        pytest.param([shown(Kind.OA), shown(Kind.SIM), shown(Kind.OS, level=2)], 2, id="a row counts up to its own level"),
        pytest.param([shown(Kind.OA, indicators=ALL - {"C5.2.c"}), shown(Kind.SIM)], 0, id="an indicator the exam left out"),
        pytest.param(
            [
                shown(Kind.OA),
                shown(Kind.SIM),
                shown(Kind.OS, indicators=frozenset({"C5.2.a"})),
                shown(Kind.AO, indicators=frozenset({"C5.2.b", "C5.2.c"})),
            ],
            3,
            id="two sessions together show everything",
        ),
    ],
)
def test_the_rung_reached(rows: list[Evidence], level: int) -> None:
    assert standing(REPORTING, rows, TODAY).level == level


def test_a_rung_holds_until_the_first_row_it_needs_expires() -> None:
    rows = [shown(Kind.OA, until=LATEST), shown(Kind.SIM, until=LATER), shown(Kind.OS, until=LATEST)]
    assert standing(REPORTING, rows, TODAY) == Standing(3, LATER)


def test_a_newer_row_takes_the_place_of_one_that_ends_sooner() -> None:
    rows = [shown(kind, until=end) for kind in (Kind.OA, Kind.SIM, Kind.OS) for end in (LATER, LATEST)]
    assert standing(REPORTING, rows, TODAY) == Standing(3, LATEST)


def coaching(log: bool = True, assessors: tuple[str, ...] = ("1", "2")) -> list[Evidence]:
    folder = Evidence("C5.2", ALL, Kind.PF, 4, date(2026, 3, 1), LATER, teaching_log=log)
    seen = [shown(Kind.AO, 4, by=name) for name in assessors]
    return [shown(Kind.OA), shown(Kind.SIM), shown(Kind.OS), folder, *seen]


@pytest.mark.parametrize(
    ("rows", "level"),
    [
        pytest.param(coaching(), 4, id="two assessors and a teaching log"),
        pytest.param(coaching(assessors=("1", "1")), 3, id="the same assessor twice"),
        pytest.param(coaching(log=False), 3, id="a portfolio without a teaching log"),
    ],
)
def test_the_fourth_rung_asks_for_two_pairs_of_eyes(rows: list[Evidence], level: int) -> None:
    assert standing(REPORTING, rows, TODAY).level == level


@pytest.mark.parametrize(
    ("day", "level"),
    [
        pytest.param(date(2026, 2, 28), 0, id="before it was seen"),
        pytest.param(date(2026, 3, 1), 1, id="the day it was seen"),
        pytest.param(date(2027, 3, 1), 1, id="its last day"),
        pytest.param(date(2027, 3, 2), 0, id="the day after"),
    ],
)
def test_evidence_lasts_as_long_as_its_competency_says(day: date, level: int) -> None:
    seen = observe(REPORTING, ALL, Kind.OA, 1, date(2026, 3, 1))
    assert standing(REPORTING, [seen], day).level == level


rows_of_evidence = st.builds(
    Evidence,
    competency=st.just("C5.2"),
    indicators=st.sets(st.sampled_from(sorted(ALL)), min_size=1).map(frozenset),
    kind=st.sampled_from([Kind.OA, Kind.SIM, Kind.OS, Kind.AO]),
    level=st.integers(1, 3),
    observed_on=st.just(date(2026, 1, 1)),
    expires_on=st.integers(-2, 6).map(lambda days: TODAY + timedelta(days=days)),
)


def by_trying_everything(rows: list[Evidence], today: date) -> int:
    """The rule read literally: give every row to a rung or to none, in every possible way."""
    live = [row for row in rows if row.counts_on(today)]
    best = 0
    for choice in product((0, 1, 2, 3), repeat=len(live)):
        given = {rung: [row for row, at in zip(live, choice, strict=True) if at == rung] for rung in (1, 2, 3)}
        fits = (
            all(row.kind is Kind.OA for row in given[1])
            and all(row.kind in RUNG_2 and row.level >= 2 for row in given[2])
            and all(row.kind in RUNG_3 and row.level >= 3 for row in given[3])
        )
        full = [frozenset[str]().union(*(row.indicators for row in given[rung])) == ALL for rung in (1, 2, 3)]
        reached = next((rung for rung, ok in enumerate(full) if not ok), 3) if fits else 0
        best = max(best, reached)
    return best


@settings(max_examples=60, deadline=None)
@given(st.lists(rows_of_evidence, max_size=6))
def test_the_rule_agrees_with_trying_every_way_to_use_the_rows(rows: list[Evidence]) -> None:
    assert standing(REPORTING, rows, TODAY).level == by_trying_everything(rows, TODAY)


@given(st.lists(rows_of_evidence, max_size=8))
def test_a_standing_holds_on_its_last_day_and_has_fallen_the_day_after(rows: list[Evidence]) -> None:
    now = standing(REPORTING, rows, TODAY)
    if now == NOTHING:
        return
    assert now.until is not None
    assert standing(REPORTING, rows, now.until).level >= now.level
    assert standing(REPORTING, rows, now.until + timedelta(days=1)).level < now.level


@given(st.lists(rows_of_evidence, max_size=8), rows_of_evidence)
def test_more_evidence_never_takes_anything_away(rows: list[Evidence], more: Evidence) -> None:
    before, after = standing(REPORTING, rows, TODAY), standing(REPORTING, [*rows, more], TODAY)
    assert (after.level, after.until or TODAY) >= (before.level, before.until or TODAY)


@given(st.lists(rows_of_evidence, max_size=8).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_evidence_does_not_matter(pair: tuple[list[Evidence], list[Evidence]]) -> None:
    given_order, other_order = pair
    assert standing(REPORTING, given_order, TODAY) == standing(REPORTING, other_order, TODAY)
