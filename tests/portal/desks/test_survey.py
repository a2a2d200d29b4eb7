"""Counting grids: every number comes from the lines the list shows."""

from datetime import date, timedelta

import pytest

from banyan.domain.readiness import Coverage, Stage
from banyan.portal.desks.survey import REASONS, SOON, Survey, reason
from banyan.tracker.reports import Grid, GridLine

TODAY = date(2026, 11, 23)


def grid(code: str, stage: Stage, until: date | None = None, top: str = "/399901000000/") -> GridLine:
    unit = Grid(1, code, f"{top}{code[:9]}000/{code[:12]}/{code}/")
    return GridLine(unit, (code[:9], "某村", "第一网格"), Coverage(stage, None, until), None)


LINES = [
    grid("399901101201001", Stage.QUALIFIED, TODAY + timedelta(days=300)),
    grid("399901101201002", Stage.QUALIFIED, TODAY + timedelta(days=90)),
    grid("399901101202001", Stage.NOBODY),
    grid("399901102201001", Stage.EXPIRED, TODAY - timedelta(days=12)),
    grid("399901102201002", Stage.NO_PRACTICAL),
]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param(grid("1" * 15, Stage.QUALIFIED, TODAY + timedelta(days=91)), "", id="safe"),
        pytest.param(grid("1" * 15, Stage.QUALIFIED, TODAY + timedelta(days=90)), SOON, id="runs out soon"),
        pytest.param(grid("1" * 15, Stage.NOBODY), "nobody", id="nobody"),
        pytest.param(grid("1" * 15, Stage.REVOKED), "revoked", id="revoked"),
    ],
)
def test_a_reason_is_the_stage_or_that_it_ends_soon(line: GridLine, why: str) -> None:
    assert reason(line, TODAY) == why


def test_the_numbers_of_the_towns_add_up_to_those_of_the_whole() -> None:
    survey = Survey(LINES, TODAY)
    assert [(town.code, len(town.lines), town.covered, town.soon, town.bare) for town in survey.towns] == [
        ("399901101000", 3, 2, 1, 1),
        ("399901102000", 2, 0, 0, 2),
    ]
    assert (
        (survey.bare, survey.soon) == (sum(town.bare for town in survey.towns), sum(town.soon for town in survey.towns)) == (3, 1)
    )


def test_the_list_holds_as_many_grids_as_the_number_says() -> None:
    survey = Survey(LINES, TODAY)
    assert len(survey.picked("", "")) == survey.bare
    for town in survey.towns:
        assert len(survey.picked(town.code, "")) == town.bare
    for why, count in survey.counts().items():
        assert len(survey.picked("", why)) == count


def test_the_reasons_offered_are_those_that_choosing_one_would_find() -> None:
    survey = Survey(LINES, TODAY)
    for why, count in survey.counts("399901102000").items():
        assert len(survey.picked("399901102000", why)) == count > 0


def test_a_picture_has_a_square_for_each_grid() -> None:
    assert [town.squares for town in Survey(LINES, TODAY).towns] == [("good", "due", "lost"), ("lost", "lost")]


def test_towns_are_found_whatever_unit_the_tree_begins_with() -> None:
    deep = grid("399901101201001", Stage.NOBODY, top="/390000000000/399900000000/399901000000/")
    assert [town.code for town in Survey([deep], TODAY).towns] == ["399901101000"]


def test_every_stage_that_leaves_a_grid_bare_is_a_reason() -> None:
    assert {*REASONS} == {stage.name.lower() for stage in Stage if stage is not Stage.QUALIFIED} | {SOON}
