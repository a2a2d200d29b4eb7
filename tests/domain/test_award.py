"""A certificate is owed once for what was shown, and again once it may be renewed or has run out and nothing is missing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.domain.award import Past, Rules, due
from banyan.domain.calendar import add_months
from banyan.domain.certification import Programme, expiry
from banyan.domain.evidence import Evidence, observe
from banyan.domain.framework import Competency, Domain, Framework, Indicator, Kind, Role

DAY = date(2026, 11, 23)
LATER = date(2027, 11, 24)  # the day after a certificate of DAY has run out


def competency(code: str, months: int) -> Competency:
    return Competency(code, {"zh": code}, (Indicator(f"{code}.a", {"zh": "甲"}),), frozenset(Kind), months)


FRAMEWORK = Framework("t", date(2026, 1, 1), (Domain("D", {"zh": "域"}, (competency("C5.2", 36), competency("C1.1", 36))),))
PROGRAMME = Programme(
    "ER-T1", {"zh": "报告员"}, "培训考核合格证明", Role.ER, "T1", {"C5.2": 2}, ("x-1-reporter",), 8, 12, date(2026, 1, 1)
)
RULES = Rules(PROGRAMME, FRAMEWORK)


def shown(kind: Kind, day: date = DAY, code: str = "C5.2") -> Evidence:
    return observe(FRAMEWORK.competency(code), frozenset({f"{code}.a"}), kind, 3, day)


BOTH = [shown(Kind.OA), shown(Kind.SIM)]
HELD = Past(DAY, date(2027, 11, 23))
REVOKED = Past(DAY, date(2027, 11, 23), revoked_on=date(2026, 12, 1))
PAUSED = Past(DAY, date(2027, 11, 23), suspended=True)
FOLLOWED = Past(LATER, date(2028, 11, 24))
AFRESH = Past(date(2026, 12, 3), date(2027, 12, 3))
TWO_LATER = [shown(Kind.OA, date(2026, 12, 2)), shown(Kind.SIM, date(2026, 12, 3))]


@pytest.mark.parametrize(
    ("evidence", "past", "today", "owed"),
    [
        pytest.param(BOTH, [], DAY, True, id="all shown, none given"),
        pytest.param(BOTH[:1], [], DAY, False, id="something lacking"),
        pytest.param([], [], DAY, False, id="nothing shown"),
        pytest.param([*BOTH, shown(Kind.OS, date(2027, 1, 1))], [HELD], date(2027, 2, 1), False, id="one still valid"),
        pytest.param(BOTH, [HELD], date(2027, 9, 23), False, id="the day before its renewal window"),
        pytest.param(BOTH, [HELD], date(2027, 9, 24), True, id="the window's first day, all counts beyond its end"),
        pytest.param([*BOTH, shown(Kind.OS, date(2027, 1, 1))], [HELD], date(2027, 11, 23), True, id="its last day"),
        pytest.param(BOTH, [PAUSED], date(2027, 10, 1), False, id="suspended"),
        pytest.param(BOTH, [HELD], LATER, True, id="run out, all that was shown still counts"),
        pytest.param(BOTH[:1], [HELD], LATER, False, id="run out, something lacking"),
        pytest.param(BOTH, [HELD], date(2029, 11, 24), False, id="run out, and what was shown as well"),
        pytest.param([*BOTH[:1], shown(Kind.OA, LATER, "C1.1")], [HELD], LATER, False, id="what is new was not asked for"),
        pytest.param(BOTH, [HELD, FOLLOWED], LATER, False, id="run out and followed by another"),
        pytest.param(BOTH, [PAUSED], LATER, False, id="run out while suspended"),
        pytest.param(BOTH, [HELD, FOLLOWED], date(2028, 11, 25), True, id="the second ran out as well"),
        pytest.param(BOTH, [PAUSED, FOLLOWED], date(2028, 10, 1), True, id="an earlier one suspended, the last is renewed"),
        pytest.param(BOTH, [Past(DAY, HELD.expires_on, REVOKED.revoked_on, True)], LATER, False, id="suspended, then revoked"),
        pytest.param(BOTH, [REVOKED], LATER, False, id="revoked, its days are over, the same again"),
        pytest.param([*BOTH, *TWO_LATER], [REVOKED, AFRESH], date(2027, 12, 20), True, id="revoked, earned anew, run out"),
        pytest.param(BOTH, [REVOKED, AFRESH], date(2027, 12, 20), False, id="what was shown before the revocation never again"),
        pytest.param(BOTH, [REVOKED], date(2026, 12, 5), False, id="revoked, the same again"),
        pytest.param([*BOTH, shown(Kind.SIM, date(2026, 12, 2))], [REVOKED], date(2026, 12, 5), False, id="revoked, one new"),
        pytest.param([*BOTH, *TWO_LATER], [REVOKED], date(2026, 12, 5), True, id="revoked, all shown anew"),
        pytest.param(
            [shown(each.kind, date(2026, 12, 1)) for each in BOTH], [REVOKED], date(2026, 12, 5), False, id="that same day"
        ),
    ],
)
def test_one_is_owed(evidence: list[Evidence], past: list[Past], today: date, owed: bool) -> None:
    assert due(RULES, evidence, past, today) is owed


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_what_runs_out_does_so_on_the_same_day_of_a_month_or_its_last(day: date, months: int) -> None:
    end = add_months(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


def test_a_certificate_of_29_february_runs_out_on_the_28th() -> None:
    assert expiry(PROGRAMME, date(2028, 2, 29)) == date(2029, 2, 28)
    assert expiry(PROGRAMME, date(2027, 2, 28)) == date(2028, 2, 28)
