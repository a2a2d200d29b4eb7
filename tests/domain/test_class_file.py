"""What the file of a class lacks, in words, and where that is mended."""

from dataclasses import replace
from datetime import date

import pytest

from banyan.domain.class_file import (
    Figures,
    Holdings,
    Part,
    State,
    Where,
    changed,
    check,
    class_hours,
    is_complete,
    lacking,
    term,
)

PEOPLE = Figures(invited=12, came=11, enough=10, sat=10, passed=9, certified=9)
WHOLE = Holdings(over=True, settled=True, figures=PEOPLE, notice=True, photos=3, reported=PEOPLE)


def states(held: Holdings) -> dict[Part, State]:
    return {each.part: each.state for each in check(held)}


def test_a_file_with_everything_is_complete() -> None:
    assert [each.part for each in check(WHOLE)] == list(Part)
    assert is_complete(check(WHOLE))
    assert lacking(check(WHOLE)) == ()


@pytest.mark.parametrize(
    ("held", "part", "state", "mend"),
    [
        pytest.param({"notice": False}, Part.NOTICE, State.MISSING, Where.NOTICE, id="no notice"),
        pytest.param({"photos": 0}, Part.PHOTOS, State.MISSING, Where.PHOTOS, id="no photos"),
        pytest.param({"unsigned": 1}, Part.ROSTER, State.MISSING, Where.TRAINING, id="a part without a sign-in"),
        pytest.param({"settled": False}, Part.HOURS, State.MISSING, Where.TRAINING, id="over and not settled"),
        pytest.param({"unmarked": 2}, Part.SCORES, State.WAITING, Where.MARKING, id="papers wait for a mark"),
        pytest.param({"reported": None}, Part.SUMMARY, State.MISSING, Where.SUMMARY, id="no summary"),
        pytest.param({"reported": replace(PEOPLE, certified=8)}, Part.SUMMARY, State.WAITING, Where.SUMMARY, id="old figures"),
    ],
)
def test_one_thing_that_lacks_is_named_with_its_place(held: dict[str, object], part: Part, state: State, mend: Where) -> None:
    found = check(replace(WHOLE, **held))
    assert lacking(found) == (part,)
    (told,) = [each for each in found if each.part is part]
    assert (told.state, told.mend) == (state, mend)
    assert not is_complete(found)


def test_nobody_sat_is_missing_unless_the_notice_says_there_is_no_exam() -> None:
    nobody = replace(PEOPLE, sat=0, passed=0)
    unsat = replace(WHOLE, figures=nobody, reported=nobody)
    assert {part for part, state in states(unsat).items() if state is State.MISSING} == {Part.PAPER, Part.SCORES}
    assert states(replace(unsat, examined=False))[Part.PAPER] is State.NOT_ASKED
    assert is_complete(check(replace(unsat, examined=False)))


def test_no_certificate_is_said_by_the_summary_and_then_nothing_lacks() -> None:
    none = replace(PEOPLE, certified=0)
    assert states(replace(WHOLE, figures=none, reported=None))[Part.CERTIFICATES] is State.WAITING
    assert is_complete(check(replace(WHOLE, figures=none, reported=none)))
    assert states(replace(WHOLE, leads_to_certificate=False))[Part.CERTIFICATES] is State.NOT_ASKED


def test_before_it_is_over_only_what_can_be_done_is_missing() -> None:
    ahead = Holdings(over=False, settled=False, figures=Figures(invited=12))
    assert {part for part, state in states(ahead).items() if state is State.WAITING} >= {Part.ROSTER, Part.HOURS, Part.SUMMARY}
    assert states(ahead)[Part.NOTICE] is State.MISSING
    assert states(replace(ahead, figures=Figures()))[Part.ROSTER] is State.MISSING


@pytest.mark.parametrize(("minutes", "hours"), [(0, 0), (45, 1), (44, 0.9), (300, 6.6), (270, 6), (1, 0)])
def test_hours_are_rounded_down_to_a_tenth(minutes: int, hours: float) -> None:
    assert class_hours(minutes) == hours


def test_figures_that_are_not_what_they_were_are_named() -> None:
    assert list(changed(PEOPLE, replace(PEOPLE, passed=1, certified=0))) == ["passed", "certified"]
    assert list(changed(PEOPLE, PEOPLE)) == []


def test_a_class_counts_two_months_before_and_after() -> None:
    assert term(date(2026, 3, 2), date(2026, 3, 3)) == (date(2026, 1, 1), date(2026, 5, 2))
