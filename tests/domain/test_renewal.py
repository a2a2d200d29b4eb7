"""Renewal: when its window opens, until when it lasts, and that only what is needed is asked; leave stops the clock."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banyan.domain.award import Rules, due
from banyan.domain.calendar import add_months
from banyan.domain.certification import Programme, missing
from banyan.domain.evidence import Evidence, observe
from banyan.domain.framework import Competency, Domain, Framework, Indicator, Kind, Role
from banyan.domain.leave import Absence, extended, rested
from banyan.domain.notice import DAYS, due_notice
from banyan.domain.renewal import Past, Why, delta, judged_on, next_expiry, opens_on, spent, still_counts

DAY = date(2026, 11, 23)
END = date(2027, 11, 23)
WINDOW = date(2027, 9, 24)


def competency(code: str, months: int, letters: str = "ab") -> Competency:
    indicators = tuple(Indicator(f"{code}.{each}", {"zh": each}) for each in letters)
    return Competency(code, {"zh": code}, indicators, frozenset(Kind), months)


def framework(letters: str = "ab", version: str = "1") -> Framework:
    both = (competency("C5.2", 12, letters), competency("C1.1", 36))
    return Framework(version, date(2026, 1, 1), (Domain("D", {"zh": "域"}, both),))


NOW_IN_FORCE = framework()
PROGRAMME = Programme(
    "ER-T1", {"zh": "报告员"}, "培训考核合格证明", Role.ER, "T1", {"C5.2": 3, "C1.1": 2}, ("x-1",), 8, 12, date(2026, 1, 1)
)
HELD = Past(DAY, END)


def shown(code: str, kind: Kind, day: date = DAY, within: Framework = NOW_IN_FORCE) -> Evidence:
    wanted = within.competency(code)
    row = observe(wanted, wanted.indicator_codes, kind, 3, day)
    return Evidence(row.competency, row.indicators, kind, 3, day, row.expires_on, edition=within.version)


ALL = [shown("C5.2", kind) for kind in (Kind.OA, Kind.SIM, Kind.OS)] + [shown("C1.1", kind) for kind in (Kind.OA, Kind.SIM)]


def test_the_window_opens_so_many_days_before_the_end() -> None:
    assert opens_on(PROGRAMME, END) == WINDOW
    assert judged_on(PROGRAMME, [HELD], WINDOW - timedelta(days=1)) is None
    assert judged_on(PROGRAMME, [HELD], WINDOW) == END + timedelta(days=1)
    assert judged_on(PROGRAMME, [HELD], END + timedelta(days=1)) == END + timedelta(days=1), "run out: today decides"


@given(st.lists(st.integers(-9, 9)), st.lists(st.integers(-9, 9)), st.integers(-9, 9))
def test_once_one_was_revoked_only_what_was_shown_on_a_later_day_counts(shows: list[int], revoked: list[int], now: int) -> None:
    rows = [shown("C5.2", Kind.OA, DAY + timedelta(days=each)) for each in shows]
    past = [HELD, *(Past(DAY, END, DAY + timedelta(days=each)) for each in revoked)]
    last = max((each for each in revoked if each <= now), default=-99)
    counted = still_counts(rows, past, DAY + timedelta(days=now))
    assert [row.observed_on for row in counted] == [DAY + timedelta(days=each) for each in shows if each > last]


def test_only_what_runs_out_is_asked_and_never_all_again() -> None:
    asked = delta(PROGRAMME, NOW_IN_FORCE, ALL, END + timedelta(days=1))
    assert {each.competency for each in asked} == {"C5.2"}, "C1.1 lasts three years"
    assert {each.why for each in asked} == {Why.EXPIRED}
    assert [each.part.rung for each in asked] == [1, 2, 3]
    again = [*ALL, *(shown("C5.2", kind, WINDOW) for kind in (Kind.OA, Kind.SIM))]
    (last,) = delta(PROGRAMME, NOW_IN_FORCE, again, END + timedelta(days=1))
    assert last.part.kinds >= {Kind.OS}
    assert not due(Rules(PROGRAMME, NOW_IN_FORCE), again, [HELD], WINDOW)
    assert due(Rules(PROGRAMME, NOW_IN_FORCE), [*again, shown("C5.2", Kind.OS, WINDOW)], [HELD], WINDOW)


def test_what_a_newer_framework_adds_is_asked_and_said_to_be_changed() -> None:
    newer = framework("abc", "2")
    asked = delta(PROGRAMME, newer, ALL, DAY + timedelta(days=30))
    assert {(each.competency, each.why) for each in asked} == {("C5.2", Why.CHANGED)}
    assert all(each.part.lacking == {"C5.2.c"} for each in asked)


def test_what_was_never_shown_is_said_to_be_so() -> None:
    asked = delta(PROGRAMME, NOW_IN_FORCE, [each for each in ALL if each.kind is not Kind.OS], DAY)
    assert [(each.competency, each.part.rung, each.why) for each in asked] == [("C5.2", 3, Why.NEVER)]


days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
histories = st.lists(
    st.builds(shown, st.sampled_from(["C5.2", "C1.1"]), st.sampled_from([Kind.OA, Kind.SIM, Kind.OS, Kind.AO]), days), max_size=8
)


@settings(deadline=None)
@given(histories, days)
def test_nothing_is_asked_exactly_when_nothing_is_missing(rows: list[Evidence], day: date) -> None:
    assert (delta(PROGRAMME, NOW_IN_FORCE, rows, day) == ()) == (missing(PROGRAMME, NOW_IN_FORCE, rows, day) == ())


@settings(deadline=None)
@given(histories, days)
def test_showing_what_is_asked_is_enough_whatever_was_shown_before(rows: list[Evidence], day: date) -> None:
    kinds = {1: Kind.OA, 2: Kind.SIM, 3: Kind.OS}
    more = [shown(each.competency, kinds[each.part.rung], day) for each in delta(PROGRAMME, NOW_IN_FORCE, rows, day)]
    assert delta(PROGRAMME, NOW_IN_FORCE, [*rows, *more], day) == ()


@settings(deadline=None)
@given(days, st.integers(0, 60))
def test_renewing_early_loses_no_day(issued: date, early: int) -> None:
    end = add_months(issued, 12)
    today = end - timedelta(days=early)
    renewed = next_expiry(PROGRAMME, [Past(issued, end)], today)
    assert renewed == add_months(end, 12)
    assert renewed >= add_months(today, 12) - timedelta(days=3), "a month's last day may fall short, nothing else does"
    assert judged_on(PROGRAMME, [Past(issued, end), Past(today, renewed)], today) is None, "renewed, it is not due again"


@pytest.mark.parametrize(
    ("end", "renewed"),
    [
        pytest.param(date(2027, 12, 31), date(2028, 12, 31), id="over the year's end"),
        pytest.param(date(2028, 2, 29), date(2029, 2, 28), id="from 29 February"),
        pytest.param(date(2027, 2, 28), date(2028, 2, 28), id="to a leap year"),
    ],
)
def test_a_renewed_certificate_ends(end: date, renewed: date) -> None:
    assert next_expiry(PROGRAMME, [Past(end - timedelta(days=365), end)], end - timedelta(days=10)) == renewed


def test_while_suspended_or_revoked_there_is_no_renewal() -> None:
    assert judged_on(PROGRAMME, [Past(DAY, END, suspended=True)], WINDOW) is None
    assert judged_on(PROGRAMME, [Past(DAY, END, suspended=True)], END + timedelta(days=9)) is None, "its end lifts nothing"
    assert judged_on(PROGRAMME, [Past(DAY, END, revoked_on=DAY)], WINDOW) == WINDOW, "revoked: as if there were none"


@settings(deadline=None)
@given(days, st.integers(1, 36))
def test_what_was_shown_is_spent_the_day_after_its_last(day: date, months: int) -> None:
    last = add_months(day, months)
    assert not spent(day, months, last)
    assert spent(day, months, last + timedelta(days=1))


absences = st.lists(
    st.builds(lambda first, length: Absence(first, first + timedelta(days=length)), days, st.integers(0, 400)), max_size=5
)


@settings(deadline=None)
@given(days, st.integers(1, 36), absences)
def test_leave_adds_exactly_its_days_and_they_do_not_count(day: date, months: int, away: list[Absence]) -> None:
    end = add_months(day, months)
    longer = extended(day, end, away)
    gone = {each.starts_on + timedelta(days=n) for each in away for n in range((each.ends_on - each.starts_on).days + 1)}
    counted = [day + timedelta(days=n) for n in range(1, (longer - day).days + 1)]
    assert len([each for each in counted if each not in gone]) == (end - day).days, "as many days at work as without leave"


@settings(deadline=None)
@given(days, st.integers(1, 36), absences)
def test_leave_never_shortens_and_its_order_does_not_matter(day: date, months: int, away: list[Absence]) -> None:
    end = add_months(day, months)
    assert extended(day, end, away) >= end
    assert extended(day, end, away) == extended(day, end, away[::-1])
    assert rested([], away) == []


def test_leave_over_the_end_carries_a_row_past_it() -> None:
    (row,) = rested([shown("C5.2", Kind.OA)], [Absence(date(2027, 11, 1), date(2028, 2, 29))])
    assert row.expires_on == END + timedelta(days=121)


@settings(deadline=None)
@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(0, 120))
def test_each_of_the_three_notices_comes_once_on_the_way_to_the_end(end: date, first_look: int) -> None:
    """Looked at every day from some day on, what was noticed goes down and each number comes at most once."""
    heard: list[int] = []
    for left in range(first_look, -3, -1):
        found = due_notice(end, end - timedelta(days=left))
        if found is not None and (not heard or found < heard[-1]):
            heard.append(found)
    assert heard == [each for each in DAYS if each <= max(first_look, 0)] or heard[1:] == [
        each for each in DAYS if each < first_look
    ]
    assert len(heard) <= len(DAYS)


@pytest.mark.parametrize(("left", "found"), [(91, None), (90, 90), (61, 90), (60, 60), (31, 60), (30, 30), (0, 30), (-1, None)])
def test_a_notice_falls_due(left: int, found: int | None) -> None:
    assert due_notice(END, END - timedelta(days=left)) == found
