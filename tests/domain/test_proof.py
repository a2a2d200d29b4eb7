"""A proof says why: its level is the standing, its rows are enough, and it falls with the first of them."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from banyan.domain.evidence import Evidence
from banyan.domain.framework import Kind
from banyan.domain.proof import Rung, prove
from banyan.domain.standing import NOTHING, standing
from tests.domain.test_standing import ALL, REPORTING, TODAY, coaching, rows_of_evidence, shown

any_rows = st.lists(
    st.one_of(
        rows_of_evidence,
        st.builds(
            Evidence,
            competency=st.just("C5.2"),
            indicators=st.just(ALL),
            kind=st.sampled_from([Kind.AO, Kind.PF, Kind.OS]),
            level=st.just(4),
            observed_on=st.just(TODAY - timedelta(days=9)),
            expires_on=st.integers(0, 6).map(lambda days: TODAY + timedelta(days=days)),
            assessor=st.sampled_from(["1", "2", ""]),
            teaching_log=st.booleans(),
        ),
    ),
    max_size=8,
)


def used(rung: Rung) -> list[Evidence]:
    return [row for part in rung.parts for row in part.rows]


@settings(deadline=None)
@given(any_rows)
def test_the_rows_of_a_proof_are_enough_and_the_first_to_expire_ends_it(rows: list[Evidence]) -> None:
    found = prove(REPORTING, rows, TODAY)
    held = found.standing
    assert held == standing(REPORTING, rows, TODAY)
    if held == NOTHING:
        return
    rung = found.rung(held.level)
    assert standing(REPORTING, used(rung), TODAY) == held, "nothing but its own rows is needed"
    first = rung.first_to_expire
    assert first is not None
    assert held.until == first.expires_on


@settings(deadline=None)
@given(any_rows)
def test_what_is_missing_is_enough_to_make_the_rung_hold(rows: list[Evidence]) -> None:
    found = prove(REPORTING, rows, TODAY)
    lower = found.next_missing(3)
    if lower is None:
        return
    kinds = {1: Kind.OA, 2: Kind.SIM, 3: Kind.OS}
    given_since = [shown(kinds[part.rung], 3, part.lacking) for part in lower.missing]
    assert standing(REPORTING, [*rows, *given_since], TODAY).level >= lower.level


def test_what_is_missing_is_named() -> None:
    rows = [shown(Kind.OA), shown(Kind.SIM), shown(Kind.OS, indicators=frozenset({"C5.2.a"}))]
    third = prove(REPORTING, rows, TODAY).rung(3)
    (missing,) = third.missing
    assert (missing.rung, missing.lacking) == (3, frozenset({"C5.2.b", "C5.2.c"}))
    assert [row.kind for row in missing.rows] == [Kind.OS]


def test_the_fourth_rung_says_whether_eyes_or_the_log_are_missing() -> None:
    observed, log = prove(REPORTING, coaching(log=False, assessors=("1", "1")), TODAY).rung(4).parts[-2:]
    assert (observed.eyes, observed.lacking, log.log) == (1, frozenset(), True)
