"""What a programme still asks for, and what a certificate is worth on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.domain.calendar import add_months
from banyan.domain.certification import Gap, Need, Programme, Validity, expiry, missing, out_of_reach, validity
from banyan.domain.evidence import Evidence, observe
from banyan.domain.framework import Competency, Domain, Framework, Indicator, Kind, Role

TODAY = date(2026, 11, 23)


def competency(code: str) -> Competency:
    return Competency(code, {"zh": code}, (Indicator(f"{code}.a", {"zh": "甲"}),), frozenset(Kind), 12)


FRAMEWORK = Framework("t", date(2026, 1, 1), (Domain("D", {"zh": "域"}, (competency("C5.2"), competency("C1.3"))),))
ER = Programme(
    code="ER-T1",
    title={"zh": "突发事件信息报告员"},
    certificate_title="培训考核合格证明",
    role=Role.ER,
    tier="T1",
    targets={"C5.2": 3, "C1.3": 1},
    courses=("x-1-reporter",),
    hours_max=8,
    valid_months=12,
    effective_from=date(2026, 1, 1),
)


def seen(code: str, kind: Kind, day: date = TODAY) -> Evidence:
    return observe(FRAMEWORK.competency(code), frozenset({f"{code}.a"}), kind, 3, day)


EXAM = [seen("C5.2", Kind.OA), seen("C1.3", Kind.OA), seen("C5.2", Kind.SIM)]


@pytest.mark.parametrize(
    ("evidence", "needs"),
    [
        pytest.param([], {"C5.2": Need.EXAM, "C1.3": Need.EXAM}, id="nothing yet"),
        pytest.param(EXAM[:2], {"C5.2": Need.DRILL}, id="the drill"),
        pytest.param(EXAM, {"C5.2": Need.PRACTICAL}, id="one practical"),
        pytest.param([*EXAM, seen("C5.2", Kind.OS)], {}, id="nothing more"),
        pytest.param([*EXAM, seen("C5.2", Kind.OS, date(2025, 11, 1))], {"C5.2": Need.PRACTICAL}, id="a practical too long ago"),
    ],
)
def test_what_a_person_still_lacks(evidence: list[Evidence], needs: dict[str, Need]) -> None:
    assert {gap.competency: gap.need for gap in missing(ER, FRAMEWORK, evidence, TODAY)} == needs


def test_a_programme_nobody_could_finish_is_found_out() -> None:
    exam_and_drill = {Kind.OA: {"C5.2": 1, "C1.3": 1}, Kind.SIM: {"C5.2": 3}}
    assert out_of_reach(ER, FRAMEWORK, exam_and_drill, TODAY) == (Gap("C5.2", 3, 2),)
    assert out_of_reach(ER, FRAMEWORK, {**exam_and_drill, Kind.OS: {"C5.2": 3}}, TODAY) == ()


@pytest.mark.parametrize(
    ("day", "revoked", "worth"),
    [
        pytest.param(date(2027, 11, 23), False, Validity.VALID, id="its last day"),
        pytest.param(date(2027, 11, 24), False, Validity.EXPIRED, id="the day after"),
        pytest.param(date(2026, 12, 1), True, Validity.REVOKED, id="revoked"),
        pytest.param(date(2030, 1, 1), True, Validity.REVOKED, id="revoked stays revoked when it would have ended"),
    ],
)
def test_a_certificate_is_worth(day: date, revoked: bool, worth: Validity) -> None:
    assert validity(expiry(ER, TODAY), revoked, day) is worth


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        pytest.param(date(2024, 2, 29), 12, date(2025, 2, 28), id="29 February, a year on"),
        pytest.param(date(2024, 2, 29), 48, date(2028, 2, 29), id="29 February, four years on"),
        pytest.param(date(2026, 8, 31), 6, date(2027, 2, 28), id="a month too short"),
        pytest.param(date(2026, 12, 31), 1, date(2027, 1, 31), id="over the year's end"),
    ],
)
def test_months_are_counted_on_the_calendar(day: date, months: int, end: date) -> None:
    assert add_months(day, months) == end


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 240))
def test_later_days_never_end_earlier(day: date, months: int) -> None:
    assert add_months(day, months) <= add_months(day + timedelta(days=1), months)
    assert day.day - add_months(day, months).day in range(4)
