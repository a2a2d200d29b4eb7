"""Made anew page by page, the cache is what the rule says: after any history, on both databases, and after a new framework."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, event, select
from sqlalchemy.orm import Session

from banyan.courseware.content import open_framework
from banyan.domain.framework import Framework, Indicator, Kind
from banyan.records.competence import EvidenceRow, StandingRow
from banyan.records.corrections import Correction, EvidenceWithdrawal
from banyan.records.engine import Sessions, sessions, writing
from banyan.tracker import standing_pages
from banyan.tracker.standing import differences, rebuild, rebuild_in_turns, refresh
from tests.county import NOW, TODAY, County, Places, places
from tests.house import ROOT
from tests.records.conftest import blank, pattern, postgres  # noqa: F401

FRAMEWORK = open_framework(ROOT / "content")
CODES = ["C5.2", "C4.3", "C1.1"]
serial = count()

ROW = st.tuples(
    st.integers(0, 2),  # whose
    st.sampled_from(CODES),
    st.sampled_from([Kind.OA, Kind.OA, Kind.SIM, Kind.OS, Kind.AO, Kind.AO, Kind.PF]),
    st.integers(1, 4),
    st.sampled_from([0, 0, 1, 200, 360, 500]),  # days ago
    st.sampled_from([1, 1, 30, 366]),  # lasting days more than a year
    st.sets(st.sampled_from("abcd"), min_size=2),
    st.integers(0, 2),  # seen by whom, 0 by nobody
    st.sampled_from([False, False, False, True]),  # withdrawn
)


@pytest.fixture
def make(blank: Engine) -> Sessions:  # noqa: F811
    return sessions(blank)


@pytest.fixture
def people(make: Sessions) -> list[int]:
    with writing(make) as session:
        county = County(session)
        at: Places = places(county)
        return [county.person(name, at.xikou_1).id for name in ("林秀英", "陈晓明", "张远")]


def evidence(people: list[int], told: tuple[int, str, Kind, int, int, int, set[str], int, bool]) -> EvidenceRow:
    whose, code, kind, level, ago, more, letters, eyes, _ = told
    seen = TODAY - timedelta(days=ago)
    return EvidenceRow(
        person_id=people[whose],
        competency=code,
        indicators=sorted(f"{code}.{each}" for each in letters),
        kind=kind.value,
        level=level,
        observed_on=seen,
        expires_on=seen + timedelta(days=365 + more),
        assessor_id=people[eyes - 1] if eyes else None,
        framework=FRAMEWORK.version,
        source=f"pages:{next(serial)}",
        digest="",
        taken_at=NOW,
    )


def fill(session: Session, people: list[int], history: list[tuple[int, str, Kind, int, int, int, set[str], int, bool]]) -> None:
    for table in (EvidenceWithdrawal, StandingRow, EvidenceRow):
        session.execute(delete(table))
    if not session.scalars(select(Correction)).first():
        correction = Correction(course="x", release=1, rulings={}, reason="", decided_by=people[0], decided_at=NOW)
        session.add(correction)
    rows = [evidence(people, told) for told in history]
    session.add_all(rows)
    session.flush()
    why = session.scalars(select(Correction)).one().id
    gone = [row.id for row, told in zip(rows, history, strict=True) if told[-1]]
    session.add_all(EvidenceWithdrawal(evidence_id=each, correction_id=why, withdrawn_at=NOW) for each in gone)
    session.flush()


def narrower(framework: Framework) -> Framework:
    """The next edition: C1.1 is gone, C4.3 asks for one thing more."""
    domains = []
    for domain in framework.domains:
        kept = [each for each in domain.competencies if each.code != "C1.1"]
        more = (Indicator("C4.3.e", {"zh": "新的"}),)
        grown = [replace(each, indicators=each.indicators + more) if each.code == "C4.3" else each for each in kept]
        domains.append(replace(domain, competencies=tuple(grown)))
    return replace(framework, version="2027.1", domains=tuple(domains))


def cache(session: Session) -> dict[tuple[int, str], tuple[int, date]]:
    rows = session.execute(select(StandingRow.person_id, StandingRow.competency, StandingRow.level, StandingRow.until))
    return {(person, code): (level, until) for person, code, level, until in rows}


def test_after_any_history_what_is_made_anew_is_what_the_rule_says(
    make: Sessions, people: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    @settings(max_examples=30, deadline=None)
    @given(history=st.lists(ROW, max_size=25), later=st.sampled_from([0, 1, 5, 31, 170]), size=st.sampled_from([1, 3, 1000]))
    def check(history: list[tuple[int, str, Kind, int, int, int, set[str], int, bool]], later: int, size: int) -> None:
        with make() as session:
            fill(session, people, history)
            for framework, day in (
                (FRAMEWORK, TODAY),
                (FRAMEWORK, TODAY + timedelta(days=later)),
                (narrower(FRAMEWORK), TODAY + timedelta(days=later)),
            ):
                monkeypatch.setattr(standing_pages.stretches, "__defaults__", (size,))
                rebuild(session, framework, day)
                assert differences(session, framework, day) == []
                made = cache(session)
                for person in people:
                    refresh(session, person, framework, day)
                assert cache(session) == made, "person by person it comes to the same"
            session.rollback()

    check()


def test_a_page_ends_with_a_person_and_leaves_nobody_out(make: Sessions, people: list[int]) -> None:
    with make() as session:
        fill(session, people, [(whose, "C5.2", Kind.OA, 1, 0, 1, set("abcd"), 0, False) for whose in (0, 0, 0, 1, 2, 2)])
        found = list(standing_pages.stretches(session, 2))
        assert [each.upto for each in found] == [people[0], people[2], None]
        session.rollback()


def test_in_turns_it_comes_to_the_same_and_writes_only_what_differs(make: Sessions, people: list[int]) -> None:
    with writing(make) as session:
        fill(session, people, [(whose, code, Kind.OA, 1, 0, 1, set("abcd"), 0, False) for whose in (0, 1) for code in CODES])
        session.add(StandingRow(person_id=people[2], competency="C5.2", level=4, until=TODAY, as_of=TODAY))
    assert rebuild_in_turns(make, FRAMEWORK, TODAY) == 3
    with make() as session:
        assert differences(session, FRAMEWORK, TODAY) == []
        assert people[2] not in {person for person, _ in cache(session)}
    written: list[str] = []
    bind = make.kw["bind"] if hasattr(make, "kw") else None
    assert bind is not None
    event.listen(bind, "before_cursor_execute", lambda *args: written.append(args[2]))
    assert rebuild_in_turns(make, FRAMEWORK, TODAY) == 2
    assert not [each for each in written if each.startswith(("INSERT INTO standing", "DELETE FROM standing", "COPY"))]


def test_one_new_row_reads_no_more_when_there_are_more_people(make: Sessions, people: list[int]) -> None:
    """Every statement of a refresh finds its rows by an index: no table is walked."""
    random, plans = Random(0), []
    with writing(make) as session:
        fill(session, people, [])
        told = [(random.randrange(3), "C5.2", Kind.OA, 1, 0, 1, set("abcd"), 0, False) for _ in range(50)]
        session.add_all(evidence(people, each) for each in told)
    with make() as session:
        if session.connection().dialect.name != "sqlite":
            pytest.skip("PostgreSQL walks small tables, as it should")
        said: list[tuple[str, tuple[object, ...]]] = []
        event.listen(session.connection(), "before_cursor_execute", lambda *args: said.append((args[2], args[3])))
        refresh(session, people[0], FRAMEWORK, TODAY)
        for statement, values in [each for each in said if each[0].startswith("SELECT")]:
            plans += [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
        session.rollback()
    assert plans
    assert not [each for each in plans if each.startswith("SCAN")], plans
