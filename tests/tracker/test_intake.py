"""Evidence is taken in once, the cached standing follows, and the rule and the cache always agree."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from banyan.courseware.exam import draw
from banyan.domain.evidence import Evidence
from banyan.domain.framework import Kind
from banyan.records import audit
from banyan.records.certification import CertificateProposal
from banyan.records.competence import Certificate, EvidenceRow, StandingRow
from banyan.records.corrections import Correction
from banyan.records.people import Person
from banyan.tracker.amending import Account, Amendment, amend
from banyan.tracker.awards import award_due
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.outcome import Graded, SlotResult
from banyan.tracker.people import Me, find_me
from banyan.tracker.restating import restate
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing import differences, evidence_of, lapse, rebuild, refresh
from grading.questions import case
from tests.county import COURSE, NOW, TODAY, County, Places
from tests.tracker.hall import right


@pytest.fixture
def learner(county: County, places: Places) -> Person:
    return county.person("林秀英", places.xikou_1, "ER", "突发事件信息报告员")


def claim(person: Person, rulebook: Rulebook, code: str, kind: Kind, level: int = 3, days_ago: int = 0) -> Claim:
    shown = rulebook.framework.competency(code).indicator_codes
    source = f"test:{kind}:{code}:{days_ago}"
    return Claim(person.id, code, shown, kind, level, TODAY - timedelta(days=days_ago), source)


def exam_and_drill(person: Person, rulebook: Rulebook) -> list[Claim]:
    exam = [claim(person, rulebook, code, Kind.OA) for code in ("C5.2", "C4.3", "C1.3")]
    return [*exam, claim(person, rulebook, "C5.2", Kind.SIM), claim(person, rulebook, "C4.3", Kind.SIM)]


def level(session: Session, person: Person, code: str) -> int:
    row = session.get(StandingRow, (person.id, code))
    return row.level if row else 0


def test_exam_and_drill_alone_never_suffice(session: Session, learner: Person, rulebook: Rulebook) -> None:
    take_in(session, exam_and_drill(learner, rulebook), rulebook, NOW)
    assert level(session, learner, "C5.2") == 2
    assert session.scalar(select(func.count()).select_from(Certificate)) == 0


def test_the_practical_makes_the_certificate(session: Session, learner: Person, rulebook: Rulebook) -> None:
    take_in(session, exam_and_drill(learner, rulebook), rulebook, NOW)
    take_in(session, [claim(learner, rulebook, "C5.2", Kind.OS)], rulebook, NOW)
    certificate = session.scalars(select(Certificate)).one()
    assert (certificate.person_id, certificate.issued_on) == (learner.id, TODAY)
    assert certificate.expires_on == TODAY.replace(year=TODAY.year + 1)


def test_the_same_source_counts_once_for_ever(session: Session, learner: Person, rulebook: Rulebook) -> None:
    everything = [*exam_and_drill(learner, rulebook), claim(learner, rulebook, "C5.2", Kind.OS)]
    for _ in range(3):
        take_in(session, everything, rulebook, NOW)
    assert session.scalar(select(func.count()).select_from(EvidenceRow)) == len(everything)
    assert session.scalar(select(func.count()).select_from(Certificate)) == 1


def test_what_is_taken_in_is_written_in_the_log(session: Session, learner: Person, rulebook: Rulebook) -> None:
    take_in(session, exam_and_drill(learner, rulebook), rulebook, NOW)
    row = session.scalars(select(audit.AuditRow).where(audit.AuditRow.action == "evidence.taken")).one()
    assert row.subject == learner.staff_number
    assert audit.verify(session) >= 1


def test_an_indicator_of_another_competency_is_refused(session: Session, learner: Person, rulebook: Rulebook) -> None:
    wrong = Claim(learner.id, "C5.2", frozenset({"C1.3.a"}), Kind.OA, 1, TODAY, "test:wrong")
    with pytest.raises(ValueError, match=r"C1\.3\.a"):
        take_in(session, [wrong], rulebook, NOW)


def test_what_has_run_out_leaves_the_cache_when_the_day_comes(session: Session, learner: Person, rulebook: Rulebook) -> None:
    take_in(session, [claim(learner, rulebook, "C1.3", Kind.OA)], rulebook, NOW)
    last = session.get_one(StandingRow, (learner.id, "C1.3")).until
    assert lapse(session, rulebook.framework, last) == 0
    assert lapse(session, rulebook.framework, last + timedelta(days=1)) == 1
    assert level(session, learner, "C1.3") == 0


def test_a_cache_that_was_tampered_with_is_found_and_rebuilt(session: Session, learner: Person, rulebook: Rulebook) -> None:
    take_in(session, exam_and_drill(learner, rulebook), rulebook, NOW)
    session.get_one(StandingRow, (learner.id, "C5.2")).level = 4
    session.flush()
    assert differences(session, rulebook.framework, TODAY) == [(learner.id, "C5.2")]
    assert rebuild(session, rulebook.framework, TODAY) == 1
    assert differences(session, rulebook.framework, TODAY) == []


SHOWING = st.tuples(
    st.sampled_from(["C5.2", "C4.3", "C1.3"]),
    st.sampled_from([Kind.OA, Kind.SIM, Kind.OS, Kind.AO]),
    st.integers(1, 4),
    st.integers(0, 500),
    st.just(set("abcd")) | st.sets(st.sampled_from("abcd"), min_size=1),
)
TAKEN = st.tuples(st.just("taken in"), SHOWING)
RECORDED = st.tuples(st.just("recorded"), st.integers(1, 3), st.lists(SHOWING, max_size=2))
"""What one of three records shows from now on; nothing where it is withdrawn whole."""
EXAMINED = st.tuples(st.just("examined"), st.integers(1, 2), st.sets(st.integers(0, 30), max_size=6))
"""Which places of one of two papers earn nothing from now on: the first time it is graded, then it is corrected."""
HISTORY = st.lists(TAKEN | RECORDED | EXAMINED, max_size=12)
serial = count()


@dataclass(frozen=True)
class Told:
    """Lets a step of a history happen to somebody, by the verb whose it is."""

    session: Session
    learner: Person
    me: Me
    rulebook: Rulebook
    correction: int

    def happen(self, what: str, *how: Any) -> None:
        {"taken in": self.taken, "recorded": self.recorded, "examined": self.examined}[what](*how)

    def taken(self, showing: Any) -> None:
        take_in(self.session, [self.claim(showing, f"any:{next(serial)}")], self.rulebook, NOW)

    def recorded(self, number: int, showings: list[Any]) -> None:
        record = f"record:{number}"
        told = {f"{record}:{each[0]}:{each[1]}": each for each in showings}
        claims = tuple(self.claim(showing, source) for source, showing in told.items())
        amend(self.session, Account(record, self.learner.id, claims), Amendment(self.me, "记错了，改过来"), self.rulebook, NOW)
        shown = {(each.competency, each.kind, each.level, each.indicators) for each in self.standing(record)}
        assert shown == {(each.competency, each.kind, each.level, each.indicators) for each in claims}

    def examined(self, number: int, lost: set[int]) -> None:
        exam = self.rulebook.catalogue.newest(COURSE).exam
        form = draw(exam, b"%d" % number)
        items = {each.name: exam.items[each.question] for each in form.slots}
        answers = {name: list(case.key(item)) if isinstance(item, case.Item) else right(item) for name, item in items.items()}
        earned = [0.0 if place in lost else each.points for place, each in enumerate(form.slots)]
        results = tuple(
            SlotResult(each.name, each.question, got, each.points) for each, got in zip(form.slots, earned, strict=True)
        )
        graded = Graded(number, self.learner.id, TODAY - timedelta(days=number), exam, form, answers, results)
        before = self.standing(f"submission:{number}")
        restate(self.session, graded, self.rulebook, NOW, self.correction if before else None)

    def claim(self, showing: Any, source: str) -> Claim:
        code, kind, height, days_ago, letters = showing
        shown = frozenset(f"{code}.{letter}" for letter in letters)
        return Claim(self.learner.id, code, shown, kind, height, TODAY - timedelta(days=days_ago), source)

    def standing(self, record: str) -> list[Evidence]:
        """Return what counts of a record."""
        mine = set(self.session.scalars(select(EvidenceRow.id).where(EvidenceRow.source.startswith(f"{record}:"))))
        return [each for each in evidence_of(self.session, self.learner.id) if each.ref in mine]


@pytest.fixture
def told(session: Session, county: County, places: Places, learner: Person, rulebook: Rulebook) -> Told:
    me = find_me(session, county.person("黄老师", places.qingshi, "CW").staff_number, TODAY)
    about = {"course": COURSE, "release": 1, "corrected": None, "rulings": {}, "reason": "答案错了"}
    correction = Correction(**about, decided_by=me.person.id, decided_at=NOW)
    session.add(correction)
    session.flush()
    return Told(session, learner, me, rulebook, correction.id)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORY, later=st.integers(0, 400))
def test_after_any_history_the_cache_equals_the_rule(
    session: Session, told: Told, history: list[tuple[Any, ...]], later: int
) -> None:
    """Taken in, put right, withdrawn, examined and corrected, in any order: what is cached is what the rule says."""
    framework, person = told.rulebook.framework, told.learner.id
    with session.begin_nested() as before:
        for step in history:
            told.happen(*step)
            assert differences(session, framework, TODAY) == [], step
        then = TODAY + timedelta(days=later)
        lapse(session, framework, then)
        refreshed = refresh(session, person, framework, then)
        kept = {row.competency for row in session.scalars(select(StandingRow))}
        assert kept == set(refreshed)
        before.rollback()


@pytest.mark.parametrize("first", [set(), {0, 1, 2, 3, 4, 5}])
def test_the_histories_pass_and_fail_exams_and_take_away_what_was_shown(session: Session, told: Told, first: set[int]) -> None:
    """What the random ones rest on: a paper that is corrected both ways, a record that is withdrawn."""
    told.happen("examined", 1, first)
    assert told.standing("submission:1")
    told.happen("examined", 1, set(range(31)))
    assert told.standing("submission:1") == []
    told.happen("examined", 1, set())
    assert {each.kind for each in told.standing("submission:1")} == {Kind.OA, Kind.SIM}
    told.happen("examined", 1, set(range(31)))
    told.happen("recorded", 1, [("C1.3", Kind.OA, 1, 0, set("abcd"))])
    assert level(session, told.learner, "C1.3") == 1
    told.happen("recorded", 1, [])
    assert level(session, told.learner, "C1.3") == 0
    assert differences(session, told.rulebook.framework, TODAY) == []


LAST_OF_THE_LOG = re.compile(r"FROM audit ORDER BY audit.position DESC\s+LIMIT")  # one row from the end, by its key


def test_taking_in_one_row_walks_no_table(session: Session, learner: Person, rulebook: Rulebook) -> None:
    """What one new row costs does not grow with people: every statement finds what it needs by an index."""
    take_in(session, exam_and_drill(learner, rulebook), rulebook, NOW)
    wanted = replace(rulebook.programmes[0], second_pair_of_eyes=True, leave_suspends=True)
    strict = replace(rulebook, programmes=(wanted,))
    said: list[tuple[str, Any]] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: said.append((args[2], args[3])))
    take_in(session, [claim(learner, rulebook, "C5.2", Kind.OS)], strict, NOW)
    award_due(session, learner.id, strict, NOW)
    asked = [each for each in said if each[0].startswith(("SELECT", "UPDATE", "DELETE"))]
    assert session.scalars(select(CertificateProposal)).one().person_id == learner.id
    plans = []
    for statement, values in asked:
        found = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        plans += [(row[3], statement) for row in found if row[3].startswith("SCAN") and not LAST_OF_THE_LOG.search(statement)]
    assert len(asked) > 10
    assert not plans
