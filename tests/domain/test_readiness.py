"""Whether a grid has its qualified person, and why not."""

from datetime import date, timedelta

import pytest

from banyan.domain.readiness import Candidate, Coverage, Stage, coverage

TODAY = date(2026, 11, 23)
NEXT_YEAR, YESTERDAY = TODAY + timedelta(days=200), TODAY - timedelta(days=1)


@pytest.mark.parametrize(("people", "expected"), [
    pytest.param([], Coverage(Stage.NOBODY), id="nobody appointed"),
    pytest.param([Candidate(1)], Coverage(Stage.NOT_LEARNT, 1), id="not learnt"),
    pytest.param([Candidate(1, lessons_done=True)], Coverage(Stage.NOT_EXAMINED, 1), id="not examined"),
    pytest.param([Candidate(1, exam_submitted=True)], Coverage(Stage.UNMARKED, 1), id="waiting for the mark"),
    pytest.param([Candidate(1, exam_passed=True)], Coverage(Stage.NO_PRACTICAL, 1), id="without the practical"),
    pytest.param([Candidate(1, certified_until=YESTERDAY)], Coverage(Stage.EXPIRED, 1, YESTERDAY), id="expired"),
    pytest.param([Candidate(1, certified_until=TODAY)], Coverage(Stage.QUALIFIED, 1, TODAY), id="its last day"),
    pytest.param([Candidate(1, certified_until=NEXT_YEAR, revoked=True)], Coverage(Stage.REVOKED, 1, NEXT_YEAR), id="revoked"),
    pytest.param([Candidate(1), Candidate(2, exam_passed=True)], Coverage(Stage.NO_PRACTICAL, 2), id="the nearest person"),
    pytest.param([Candidate(1, certified_until=TODAY), Candidate(2, certified_until=NEXT_YEAR)],
                 Coverage(Stage.QUALIFIED, 2, NEXT_YEAR), id="the later certificate"),
])
def test_a_grid_rests_on_whoever_has_come_furthest(people: list[Candidate], expected: Coverage) -> None:
    assert coverage(people, TODAY) == expected
    assert coverage(reversed(people), TODAY) == expected


@pytest.mark.parametrize(("days", "soon"), [
    pytest.param(0, True, id="today"), pytest.param(90, True, id="in 90 days"), pytest.param(91, False, id="in 91 days"),
])
def test_a_certificate_that_ends_within_ninety_days_is_announced(days: int, soon: bool) -> None:
    grid = coverage([Candidate(1, certified_until=TODAY + timedelta(days=days))], TODAY)
    assert grid.lapses_soon(TODAY) is soon
