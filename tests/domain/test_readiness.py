"""Whether a grid has its qualified person, and why not; where each person on the way stands."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from banyan.domain.examination import Sitting, State
from banyan.domain.readiness import Candidate, Coverage, Halt, Journey, Stage, coverage, halt

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NEXT_YEAR, YESTERDAY = TODAY + timedelta(days=200), TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        pytest.param([], Coverage(Stage.NOBODY), id="nobody appointed"),
        pytest.param([Candidate(1)], Coverage(Stage.NOT_LEARNT, 1), id="not learnt"),
        pytest.param([Candidate(1, lessons_done=True)], Coverage(Stage.NOT_EXAMINED, 1), id="not examined"),
        pytest.param([Candidate(1, exam_submitted=True)], Coverage(Stage.UNMARKED, 1), id="waiting for the mark"),
        pytest.param([Candidate(1, exam_passed=True)], Coverage(Stage.NO_PRACTICAL, 1), id="without the practical"),
        pytest.param(
            [Candidate(1, certified_until=NEXT_YEAR, suspended=True)], Coverage(Stage.SUSPENDED, 1, NEXT_YEAR), id="suspended"
        ),
        pytest.param([Candidate(1, certified_until=YESTERDAY)], Coverage(Stage.EXPIRED, 1, YESTERDAY), id="expired"),
        pytest.param([Candidate(1, certified_until=TODAY)], Coverage(Stage.QUALIFIED, 1, TODAY), id="its last day"),
        pytest.param(
            [Candidate(1, certified_until=NEXT_YEAR, revoked=True)], Coverage(Stage.REVOKED, 1, NEXT_YEAR), id="revoked"
        ),
        pytest.param([Candidate(1), Candidate(2, exam_passed=True)], Coverage(Stage.NO_PRACTICAL, 2), id="the nearest person"),
        pytest.param(
            [Candidate(1, certified_until=TODAY), Candidate(2, certified_until=NEXT_YEAR)],
            Coverage(Stage.QUALIFIED, 2, NEXT_YEAR),
            id="the later certificate",
        ),
    ],
)
def test_a_grid_rests_on_whoever_has_come_furthest(people: list[Candidate], expected: Coverage) -> None:
    assert coverage(people, TODAY) == expected
    assert coverage(reversed(people), TODAY) == expected


@pytest.mark.parametrize(
    ("days", "soon"),
    [
        pytest.param(0, True, id="today"),
        pytest.param(90, True, id="in 90 days"),
        pytest.param(91, False, id="in 91 days"),
    ],
)
def test_a_certificate_that_ends_within_ninety_days_is_announced(days: int, soon: bool) -> None:
    grid = coverage([Candidate(1, certified_until=TODAY + timedelta(days=days))], TODAY)
    assert grid.lapses_soon(TODAY) is soon


FAILED = Sitting(State.GRADED, NOW, NOW, passed=False)
DAY = timedelta(days=1)
LEARNT = Journey(begun=True, learnt=True, allowed=3)


@pytest.mark.parametrize(
    ("journey", "stands"),
    [
        pytest.param(Journey(), Halt.NEW, id="never began"),
        pytest.param(Journey(begun=True, allowed=3), Halt.LEARNING, id="in the lessons"),
        pytest.param(LEARNT, Halt.TO_SIT, id="has learnt"),
        pytest.param(replace(LEARNT, sittings=[Sitting(State.OPEN, NOW)]), Halt.SITTING, id="sits"),
        pytest.param(replace(LEARNT, sittings=[FAILED, Sitting(State.UNMARKED, NOW)]), Halt.MARKING, id="waits for a mark"),
        pytest.param(replace(LEARNT, sittings=[Sitting(State.FAILED_TO_GRADE, NOW)]), Halt.MARKING, id="stuck in grading"),
        pytest.param(replace(LEARNT, sittings=[FAILED, FAILED]), Halt.RETRY, id="may sit again"),
        pytest.param(replace(LEARNT, sittings=[FAILED] * 3), Halt.ASK, id="has no attempt left"),
        pytest.param(replace(LEARNT, sittings=[FAILED] * 3, allowed=4), Halt.RETRY, id="was given one more"),
        pytest.param(replace(LEARNT, sittings=[replace(FAILED, passed=True)]), Halt.ASK, id="passed, yet something is missing"),
        pytest.param(replace(LEARNT, opens_on=TODAY + DAY), Halt.NOT_OPEN, id="the exam is not open yet"),
        pytest.param(replace(LEARNT, opens_on=TODAY, closes_on=TODAY), Halt.TO_SIT, id="it is today"),
        pytest.param(replace(LEARNT, closes_on=TODAY - DAY), Halt.CLOSED, id="the exam is closed"),
        pytest.param(
            replace(LEARNT, sittings=[FAILED], closes_on=TODAY - DAY), Halt.CLOSED, id="may sit again, but it is closed"
        ),
        pytest.param(
            replace(LEARNT, sittings=[FAILED] * 3, closes_on=TODAY - DAY), Halt.ASK, id="no attempt left, and it is closed"
        ),
        pytest.param(Journey(begun=True, closes_on=TODAY - DAY), Halt.LEARNING, id="in the lessons, and it is closed"),
        pytest.param(replace(LEARNT, examined=True, closes_on=TODAY - DAY), Halt.PRACTICAL, id="passed before it closed"),
        pytest.param(replace(LEARNT, examined=True), Halt.PRACTICAL, id="lacks the practical"),
        pytest.param(Journey(certified_until=TODAY), None, id="holds it to this day"),
        pytest.param(Journey(certified_until=TODAY - timedelta(days=1)), Halt.EXPIRED, id="ran out yesterday"),
        pytest.param(Journey(certified_until=TODAY, revoked=True, examined=True), Halt.REVOKED, id="revoked"),
        pytest.param(Journey(certified_until=TODAY, suspended=True), Halt.SUSPENDED, id="suspended"),
        pytest.param(Journey(certified_until=TODAY - DAY, suspended=True), Halt.EXPIRED, id="suspended, and it has run out"),
        pytest.param(
            Journey(certified_until=TODAY - timedelta(days=1), sittings=[Sitting(State.UNMARKED, NOW)]),
            Halt.MARKING,
            id="ran out, and has sat again",
        ),
    ],
)
def test_where_somebody_on_the_way_stands(journey: Journey, stands: Halt | None) -> None:
    assert halt(journey, TODAY) is stands
