"""Suspended, resumed, issued anew: what the verify page says, what counts, and who may; renewal on the way to the end."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.enrolment import Step
from banyan.errors import BadInputError, NotFoundError, NotYetError
from banyan.records.audit import AuditRow
from banyan.records.certification import ExpiryNotice
from banyan.records.competence import Certificate, EvidenceRow
from banyan.records.learning import Assignment
from banyan.records.people import Person
from banyan.tracker.awards import award_due, certificates_of
from banyan.tracker.certificate_life import changes, reissue, resume, suspend, suspensions_of
from banyan.tracker.county import Filled, put
from banyan.tracker.enrolment import enrolment, enrolments
from banyan.tracker.notices import notice, noticed_under, notices_for, put_away
from banyan.tracker.people import Me, find_me
from banyan.tracker.reports import people
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.verification import State, check, statement_of
from tests.county import NOW, TODAY, County, Places
from tests.tracker.hall import finish_lessons
from tests.tracker.test_awards import show

WHY = "有群众反映，正在核实"
END = date(2027, 11, 23)


@pytest.fixture
def learner(county: County, places: Places) -> Person:
    return county.person("林秀莺", places.xikou_1, "ER", "突发事件信息报告员")


@pytest.fixture
def certificate(session: Session, learner: Person, rulebook: Rulebook) -> Certificate:
    show(session, learner, rulebook)
    return certificates_of(session, learner.id)[0]


@pytest.fixture
def boss(session: Session, county: County, places: Places) -> Me:
    person = county.person("王主任", places.qingshi, "CW", "管理员")
    county.trust(person, "administrator", places.qingshi)
    return find_me(session, person.staff_number, TODAY)


def worth(session: Session, serial: str, rulebook: Rulebook, day: date = TODAY) -> State:
    return check(session, serial, rulebook.issuer, day).state


def test_suspended_it_says_so_and_counts_no_more_until_resumed(
    session: Session, places: Places, certificate: Certificate, boss: Me, rulebook: Rulebook
) -> None:
    suspend(session, certificate.serial, WHY, boss, NOW)
    said = check(session, certificate.serial, rulebook.issuer, TODAY)
    assert (said.state, said.suspended_on) == (State.SUSPENDED, TODAY)
    assert WHY not in str(said), "why is nobody's business there"
    (line,) = people(session, [places.xikou_1.path], rulebook.programmes[0], rulebook, TODAY)
    assert line.stage.name == "SUSPENDED"
    assert worth(session, certificate.serial, rulebook, END + timedelta(days=1)) is State.EXPIRED
    with pytest.raises(BadInputError, match="已经暂停"):
        suspend(session, certificate.serial, WHY, boss, NOW)
    resume(session, certificate.serial, "事情查清了", boss, NOW + timedelta(days=2))
    assert worth(session, certificate.serial, rulebook) is State.VALID
    (line,) = people(session, [places.xikou_1.path], rulebook.programmes[0], rulebook, TODAY)
    assert line.stage.name == "QUALIFIED"
    (past,) = suspensions_of(session, certificate.id)
    assert (past.reason, past.resumed_reason) == (WHY, "事情查清了")
    with pytest.raises(BadInputError, match="没有暂停"):
        resume(session, certificate.serial, "事情查清了", boss, NOW)


def test_while_suspended_it_is_not_renewed(
    session: Session, learner: Person, certificate: Certificate, boss: Me, rulebook: Rulebook
) -> None:
    suspend(session, certificate.serial, WHY, boss, NOW)
    show(session, learner, rulebook, NOW + timedelta(days=330))
    assert certificates_of(session, learner.id) == (certificate,)
    resume(session, certificate.serial, "事情查清了", boss, NOW + timedelta(days=331))
    assert len(award_due(session, learner.id, rulebook, NOW + timedelta(days=331))) == 1


def test_suspended_through_its_last_day_the_next_one_comes_once_it_is_resumed(
    session: Session, learner: Person, certificate: Certificate, boss: Me, rulebook: Rulebook
) -> None:
    suspend(session, certificate.serial, WHY, boss, NOW)
    for row in session.scalars(select(EvidenceRow)):
        row.expires_on = END + timedelta(days=200)
    session.flush()
    late = NOW + timedelta(days=370)
    programme = rulebook.programmes[0]
    assert award_due(session, learner.id, rulebook, late) == [], "to wait for its end is no way round a suspension"
    assert enrolment(session, learner.id, programme, rulebook, late).paused
    resume(session, certificate.serial, "事情查清了", boss, late)
    (second,) = award_due(session, learner.id, rulebook, late)
    assert second.previous_id == certificate.id
    assert enrolment(session, learner.id, programme, rulebook, late).step is Step.DONE


def test_issued_anew_the_old_number_leads_to_the_new_one(
    session: Session, learner: Person, certificate: Certificate, boss: Me, rulebook: Rulebook
) -> None:
    with pytest.raises(BadInputError, match="林秀莺"):
        reissue(session, certificate.serial, "名字写错了", boss, rulebook, NOW)
    learner.name = "林秀英"
    new = reissue(session, certificate.serial, "名字写错了", boss, rulebook, NOW + timedelta(days=9))
    stated = statement_of(new, rulebook.issuer)
    assert (stated.name, stated.issued_on, stated.expires_on) == ("林秀英", TODAY, END)
    assert new.previous_id == certificate.id
    old = check(session, certificate.serial, rulebook.issuer, TODAY)
    assert (old.state, old.replaced_by, old.revoked_on) == (State.REPLACED, new.serial, None)
    assert worth(session, new.serial, rulebook) is State.VALID
    assert award_due(session, learner.id, rulebook, NOW + timedelta(days=9)) == [], "no third one"
    row = session.scalars(select(AuditRow).where(AuditRow.action == "certificate.reissue")).one()
    assert (row.subject, row.detail["new"]) == (certificate.serial, new.serial)


@pytest.mark.parametrize(
    ("key", "right", "said"),
    [
        pytest.param("certificate_title", "信息报告员培训合格证明", ("信息报告员培训合格证明", "榕溪县"), id="its title"),
        pytest.param("issuer_name", "榕溪县应急管理局", ("培训考核合格证明", "榕溪县应急管理局"), id="who gives it"),
    ],
)
def test_issued_anew_when_what_the_county_calls_it_was_put_right(
    session: Session,
    county: County,
    places: Places,
    certificate: Certificate,
    boss: Me,
    rulebook: Rulebook,
    key: str,
    right: str,
    said: tuple[str, str],
) -> None:
    with pytest.raises(BadInputError, match="都和现在的一样"):
        reissue(session, certificate.serial, "县里写错了", boss, rulebook, NOW)
    county.trust(boss.person, "administrator", places.county)
    clerk = find_me(session, boss.person.staff_number, TODAY)
    put(session, Filled(key, places.county.path, right, "县委办12号文", date(2026, 5, 20), "王主任"), clerk, NOW)
    assert [(each.key, each.now) for each in changes(session, certificate, rulebook)] == [(key, right)]
    new = reissue(session, certificate.serial, "县里写错了", boss, rulebook, NOW)
    stated = statement_of(new, rulebook.issuer)
    assert (stated.title, stated.issuer) == said
    assert (stated.name, stated.issued_on, stated.expires_on) == ("林秀莺", TODAY, END)
    assert changes(session, new, rulebook) == []
    with pytest.raises(BadInputError, match="都和现在的一样"):
        reissue(session, new.serial, "县里写错了", boss, rulebook, NOW)


def test_after_it_was_issued_anew_renewal_asks_for_no_more_than_before(
    session: Session, learner: Person, certificate: Certificate, boss: Me, rulebook: Rulebook
) -> None:
    learner.name = "林秀英"
    new = reissue(session, certificate.serial, "名字写错了", boss, rulebook, NOW + timedelta(days=9))
    show(session, learner, rulebook, NOW + timedelta(days=330))
    assert certificates_of(session, learner.id)[0].previous_id == new.id


@pytest.mark.parametrize("reason", ["", "错了", "长" * 201])
def test_each_deed_wants_a_reason(
    session: Session, learner: Person, certificate: Certificate, boss: Me, rulebook: Rulebook, reason: str
) -> None:
    learner.name = "林秀英"
    with pytest.raises(BadInputError, match="请写明原因"):
        suspend(session, certificate.serial, reason, boss, NOW)
    with pytest.raises(BadInputError, match="请写明原因"):
        reissue(session, certificate.serial, reason, boss, rulebook, NOW)


def test_what_has_run_out_is_left_alone(session: Session, certificate: Certificate, boss: Me, rulebook: Rulebook) -> None:
    late = NOW + timedelta(days=366)
    with pytest.raises(NotYetError):
        suspend(session, certificate.serial, WHY, boss, late)
    with pytest.raises(NotYetError):
        reissue(session, certificate.serial, WHY, boss, rulebook, late)


def test_it_is_for_an_administrator_over_somebody_else(
    session: Session, county: County, places: Places, certificate: Certificate, rulebook: Rulebook
) -> None:
    foreign, own = county.person("吴美玲"), session.get_one(Person, certificate.person_id)
    county.trust(foreign, "administrator", places.yunxi)
    county.trust(own, "administrator", places.qingshi)
    for each in (foreign, own):
        me = find_me(session, each.staff_number, TODAY)
        with pytest.raises(NotFoundError):
            suspend(session, certificate.serial, WHY, me, NOW)
        with pytest.raises(NotFoundError):
            reissue(session, certificate.serial, WHY, me, rulebook, NOW)


def test_in_the_window_one_is_told_the_next_thing_and_loses_no_day(
    session: Session, learner: Person, certificate: Certificate, rulebook: Rulebook
) -> None:
    session.add(Assignment(person_id=learner.id, programme="ER-T1", due_on=TODAY, assigned_at=NOW))
    finish_lessons(session, learner.id, rulebook)
    before, within = NOW + timedelta(days=304), NOW + timedelta(days=305)
    (early,) = enrolments(session, learner.id, rulebook, before)
    assert (early.step, early.renewing) == (Step.DONE, False)
    (now,) = enrolments(session, learner.id, rulebook, within)
    assert (now.step, now.renewing) == (Step.SIT, True)
    show(session, learner, rulebook, within)
    newest = certificates_of(session, learner.id)[0]
    assert (newest.expires_on, newest.previous_id) == (date(2028, 11, 23), certificate.id)
    (after,) = enrolments(session, learner.id, rulebook, within)
    assert (after.step, after.renewing) == (Step.DONE, False)
    assert award_due(session, learner.id, rulebook, within) == []


def test_the_end_is_noticed_three_times_and_each_once(
    session: Session, places: Places, learner: Person, certificate: Certificate
) -> None:
    heard = []
    for left in range(95, -2, -1):
        at = NOW + timedelta(days=365 - left)
        for _ in range(2):
            if notice(session, at):
                heard.append(left)
    assert heard == [90, 60, 30]
    rows = session.scalars(select(ExpiryNotice.days).order_by(ExpiryNotice.days)).all()
    assert list(rows) == [30, 60, 90]
    assert noticed_under(session, [places.qingshi.path], END) == {(learner.id, "ER-T1"): 30}
    assert noticed_under(session, [places.yunxi.path], END) == {}


def test_the_holder_hears_of_it_until_they_put_it_away(
    session: Session, learner: Person, certificate: Certificate, rulebook: Rulebook
) -> None:
    ninety, sixty = NOW + timedelta(days=275), NOW + timedelta(days=305)
    assert notice(session, ninety) == 1
    assert notices_for(session, learner.id, TODAY) == [certificate]
    put_away(session, learner.id, ninety)
    assert notices_for(session, learner.id, TODAY) == []
    assert notice(session, sixty) == 1
    assert notices_for(session, learner.id, TODAY) == [certificate]
    show(session, learner, rulebook, sixty)
    assert notices_for(session, learner.id, TODAY) == [], "renewed, nothing more is said"


def test_who_left_or_is_suspended_hears_nothing(session: Session, learner: Person, certificate: Certificate, boss: Me) -> None:
    suspend(session, certificate.serial, WHY, boss, NOW)
    assert notice(session, NOW + timedelta(days=300)) == 0
    resume(session, certificate.serial, "查清楚了", boss, NOW)
    learner.left_on = TODAY
    session.flush()
    assert notice(session, NOW + timedelta(days=300)) == 0
