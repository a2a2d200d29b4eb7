"""A second pair of eyes: who earned it waits, another grants or refuses, and of two who grant at once one does."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from banyan.domain.framework import Kind
from banyan.errors import BadInputError, NotAllowedError, NotFoundError, NotYetError
from banyan.records import audit
from banyan.records.certification import CertificateProposal
from banyan.records.competence import Certificate, EvidenceRow
from banyan.records.engine import Sessions, reading, sessions, writing
from banyan.records.people import Person
from banyan.tracker.awards import award_due, certificates_of
from banyan.tracker.certifying import barred, grant, proposals_for, propose_again, refusals_of, refuse
from banyan.tracker.enrolment import enrolments
from banyan.tracker.people import Me, find_me
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.withheld import count_withheld, issue_withheld
from tests.county import COURSE, NOW, TODAY, County, Places, places
from tests.records.conftest import blank, pattern, postgres  # noqa: F401
from tests.tracker.test_awards import show

WHY = "现场演练的记录和本人说的不一样"


@pytest.fixture
def strict(rulebook: Rulebook) -> Rulebook:
    """The same rules, with a second pair of eyes for the reporters."""
    programmes = (replace(rulebook.programmes[0], second_pair_of_eyes=True, trainer_apart=True), *rulebook.programmes[1:])
    return replace(rulebook, programmes=programmes)


def certifier(session: Session, county: County, at: Places, name: str = "罗雅琴") -> Me:
    person = county.person(name)
    county.trust(person, "certifier", at.qingshi)
    return find_me(session, person.staff_number, TODAY)


@pytest.fixture
def learner(county: County, places: Places) -> Person:
    return county.person("林秀英", places.xikou_1, "ER", "突发事件信息报告员")


@pytest.fixture
def second(session: Session, county: County, places: Places) -> Me:
    return certifier(session, county, places)


@pytest.fixture
def proposal(session: Session, learner: Person, strict: Rulebook) -> CertificateProposal:
    show(session, learner, strict)
    return session.scalars(select(CertificateProposal)).one()


def test_what_was_earned_waits_and_is_proposed_once(session: Session, learner: Person, strict: Rulebook) -> None:
    show(session, learner, strict)
    assert certificates_of(session, learner.id) == ()
    assert award_due(session, learner.id, strict, NOW) == []
    assert session.scalar(select(func.count()).select_from(CertificateProposal)) == 1
    assert count_withheld(session, strict, TODAY) == 0, "it does not wait for the issuer"


def test_granted_it_is_issued_by_the_certifiers_name_in_the_log(
    session: Session, learner: Person, second: Me, proposal: CertificateProposal, strict: Rulebook
) -> None:
    assert [line.row.id for line in proposals_for(session, second, strict, NOW)] == [proposal.id]
    given = grant(session, proposal.id, second, strict, NOW)
    assert certificates_of(session, learner.id) == (given,)
    assert (proposal.granted, proposal.certificate_id, proposal.decided_by) == (True, given.id, second.person.id)
    row = session.scalars(select(audit.AuditRow).where(audit.AuditRow.action == "certificate.issue")).one()
    assert row.actor == second.person.staff_number
    assert proposals_for(session, second, strict, NOW) == []


def test_refused_it_waits_for_something_new_or_for_an_administrator(
    session: Session, county: County, places: Places, learner: Person, second: Me, proposal: CertificateProposal, strict: Rulebook
) -> None:
    refuse(session, proposal.id, f" {WHY} ", second, NOW)
    assert (proposal.granted, proposal.reason) == (False, WHY)
    assert award_due(session, learner.id, strict, NOW) == []
    assert proposals_for(session, second, strict, NOW) == []
    assert refusals_of(session, learner.id)["ER-T1"].id == proposal.id
    boss = county.person("郑国平", places.qingshi, "CW", "管理员")
    county.trust(boss, "administrator", places.qingshi)
    county.trust(boss, "certifier", places.qingshi)
    me = find_me(session, boss.staff_number, TODAY)
    again = propose_again(session, learner.id, "ER-T1", me, strict, NOW + timedelta(hours=1))
    assert refusals_of(session, learner.id) == {}
    with pytest.raises(NotAllowedError, match="您报上来的"):
        grant(session, again.id, me, strict, NOW)
    with pytest.raises(BadInputError, match="已经报上去"):
        propose_again(session, learner.id, "ER-T1", me, strict, NOW)
    assert grant(session, again.id, second, strict, NOW).person_id == learner.id


def test_after_a_refusal_something_new_proposes_it_again(
    session: Session, learner: Person, second: Me, proposal: CertificateProposal, strict: Rulebook
) -> None:
    refuse(session, proposal.id, WHY, second, NOW)
    show(session, learner, strict, NOW + timedelta(days=3))
    assert [line.row.proposed_by for line in proposals_for(session, second, strict, NOW + timedelta(days=3))] == [None]


def test_after_a_lapse_what_still_counts_is_proposed_again_unless_it_was_refused(
    session: Session, learner: Person, second: Me, proposal: CertificateProposal, strict: Rulebook
) -> None:
    first, late = grant(session, proposal.id, second, strict, NOW), NOW + timedelta(days=370)
    for row in session.scalars(select(EvidenceRow)):
        row.expires_on = first.expires_on + timedelta(days=99)
    session.flush()
    award_due(session, learner.id, strict, late)
    (line,) = proposals_for(session, second, strict, late)
    refuse(session, line.row.id, WHY, second, late)
    award_due(session, learner.id, strict, late + timedelta(days=1))
    assert proposals_for(session, second, strict, late + timedelta(days=1)) == [], "for the same it waits for somebody"


@pytest.mark.parametrize("duty", ["trainer", "assessor"])
def test_who_teaches_or_assesses_the_course_does_not_grant(
    session: Session, county: County, places: Places, second: Me, proposal: CertificateProposal, strict: Rulebook, duty: str
) -> None:
    county.trust(second.person, duty, places.county, COURSE)
    me = find_me(session, second.person.staff_number, TODAY)
    with pytest.raises(NotAllowedError, match="另一位发证人"):
        grant(session, proposal.id, me, strict, NOW)
    together = replace(strict.programmes[0], trainer_apart=False)
    assert barred(session, proposal, together, me) == "", "where the programme does not mind"


def test_who_saw_the_practical_does_not_grant(
    session: Session, learner: Person, second: Me, proposal: CertificateProposal, strict: Rulebook
) -> None:
    row = session.scalars(select(EvidenceRow).where(EvidenceRow.kind == Kind.OS)).one()
    row.assessor_id = second.person.id
    session.flush()
    with pytest.raises(NotAllowedError, match="考过或批过"):
        grant(session, proposal.id, second, strict, NOW)


def test_nobody_grants_their_own_nor_one_outside_their_subtree(
    session: Session, county: County, places: Places, learner: Person, proposal: CertificateProposal, strict: Rulebook
) -> None:
    county.trust(learner, "certifier", places.qingshi)
    foreign = county.person("吴美玲")
    county.trust(foreign, "certifier", places.yunxi)
    for each in (learner, foreign):
        me = find_me(session, each.staff_number, TODAY)
        with pytest.raises(NotFoundError):
            grant(session, proposal.id, me, strict, NOW)
        with pytest.raises(NotFoundError):
            refuse(session, proposal.id, WHY, me, NOW)
        assert proposals_for(session, me, strict, NOW) == []


def test_what_is_no_longer_earned_is_not_granted(
    session: Session, second: Me, proposal: CertificateProposal, strict: Rulebook
) -> None:
    with pytest.raises(NotYetError, match="不再够格"):
        grant(session, proposal.id, second, strict, NOW + timedelta(days=500))
    assert proposal.decided_at is None


@pytest.mark.parametrize("reason", ["", "不行", "长" * 201])
def test_a_refusal_wants_a_reason(session: Session, second: Me, proposal: CertificateProposal, reason: str) -> None:
    with pytest.raises(BadInputError, match="为什么退回"):
        refuse(session, proposal.id, reason, second, NOW)


def test_the_learner_reads_that_it_waits(
    session: Session, learner: Person, proposal: CertificateProposal, strict: Rulebook
) -> None:
    assert [each.step.value for each in enrolments(session, learner.id, strict, NOW)] == []
    del proposal


@pytest.fixture
def make(blank: Engine) -> Sessions:  # noqa: F811
    return sessions(blank)


def test_two_who_grant_at_once_issue_one(make: Sessions, strict: Rulebook) -> None:
    with writing(make) as session:
        county = County(session)
        at = places(county)
        learner = county.person("林秀英", at.xikou_1, "ER")
        show(session, learner, strict)
        who = [certifier(session, county, at, name) for name in ("罗雅琴", "蔡明辉")]
        number = session.scalars(select(CertificateProposal.id)).one()
    together = Barrier(2)

    def work(me: Me) -> str:
        together.wait()
        try:
            with writing(make) as session:
                return grant(session, number, me, strict, NOW).serial
        except BadInputError as fault:
            return str(fault)

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(work, who))
    assert len([each for each in said if "已经定了" in each]) == 1, said
    with reading(make) as session:
        assert session.scalar(select(func.count()).select_from(Certificate)) == 1
        assert audit.verify(session) > 0
    assert issue_withheld(make, strict, NOW) == 0
