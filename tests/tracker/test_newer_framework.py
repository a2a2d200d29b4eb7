"""A framework without a competency people hold: what they showed is kept, counts for nothing, is said, and stops nothing."""

from dataclasses import replace

from sqlalchemy import func, select

from banyan.domain.certification import missing
from banyan.domain.framework import Framework, Kind
from banyan.records.competence import EvidenceRow, StandingRow
from banyan.records.engine import reading, writing
from banyan.tracker.awards import certificates_of
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.own_record import shown_by
from banyan.tracker.standing import differences, rebuild
from tests.county import NOW, TODAY
from tests.portal.office import certify
from tests.tracker.hall import Hall


def without(framework: Framework, code: str) -> Framework:
    kept = (replace(each, competencies=tuple(one for one in each.competencies if one.code != code)) for each in framework.domains)
    return replace(framework, version="2027.1", domains=tuple(kept))


def test_evidence_is_kept_not_counted_and_said(hall: Hall) -> None:
    person = hall.learner.person
    with writing(hall.make) as session:
        certificate = certify(session, person, hall.rulebook).serial
    newer = without(hall.rulebook.framework, "C4.3")
    with writing(hall.make) as session:
        before = session.scalar(select(func.count()).select_from(EvidenceRow))
        rebuild(session, newer, TODAY)
        assert session.scalar(select(func.count()).select_from(EvidenceRow)) == before
        assert set(session.scalars(select(StandingRow.competency))) == {"C5.2", "C1.3"}
        assert differences(session, newer, TODAY) == []
        told = {(each.row.competency, each.known, each.counts(TODAY)) for each in shown_by(session, person.id, newer)}
        assert told == {("C4.3", False, False), ("C5.2", True, True), ("C1.3", True, True)}
        assert [each.serial for each in certificates_of(session, person.id)] == [certificate], "it stays certified"


def test_a_programme_that_still_asks_for_it_is_not_earned_and_breaks_no_intake(hall: Hall) -> None:
    newer = replace(hall.rulebook, framework=without(hall.rulebook.framework, "C4.3"))
    programme, person = newer.programmes[0], hall.learner.person
    with writing(hall.make) as session:
        shown = newer.framework.competency("C5.2").indicator_codes
        claims = [Claim(person.id, "C5.2", shown, kind, 3, TODAY, f"test:{kind}") for kind in (Kind.OA, Kind.SIM, Kind.OS)]
        claims.append(Claim(person.id, "C4.3", frozenset({"C4.3.a"}), Kind.OA, 2, TODAY, "test:gone"))
        assert {row.competency for row in take_in(session, claims, newer, NOW)} == {"C5.2"}
        gaps = missing(programme, newer.framework, [], TODAY)
        assert "C4.3" in {gap.competency for gap in gaps if gap.held == 0}
        assert not certificates_of(session, person.id)
    with reading(hall.make) as session:
        assert session.scalar(select(func.count()).select_from(EvidenceRow)) == 3


def test_the_same_claims_count_when_the_competency_is_back(hall: Hall) -> None:
    newer = replace(hall.rulebook, framework=without(hall.rulebook.framework, "C4.3"))
    claim = Claim(hall.learner.person.id, "C4.3", frozenset({"C4.3.a"}), Kind.OA, 2, TODAY, "test:back")
    with writing(hall.make) as session:
        assert take_in(session, [claim], newer, NOW) == []
        assert len(take_in(session, [claim], hall.rulebook, NOW)) == 1
