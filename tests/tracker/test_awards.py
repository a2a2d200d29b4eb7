"""Certificates are issued once, signed and written down; revoking takes a reason, the right person, and holds."""

import dataclasses
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from banyan.domain.framework import Kind
from banyan.errors import BadInputError, NotFoundError
from banyan.records.audit import AuditRow, verify, without_salt
from banyan.records.competence import Certificate
from banyan.records.county import CountySetting
from banyan.records.learning import Assignment
from banyan.records.people import Person
from banyan.tracker.awards import REASON_LENGTH, award_due, certificates_of, revoke
from banyan.tracker.county import Filled, put
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.people import Me, find_me
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.verification import statement_of
from tests.county import COURSE, NOW, TODAY, County, Places

SHOWN = [("C5.2", Kind.OA), ("C4.3", Kind.OA), ("C1.3", Kind.OA), ("C5.2", Kind.SIM), ("C4.3", Kind.SIM), ("C5.2", Kind.OS)]


def show(session: Session, person: Person, rulebook: Rulebook, now: datetime = NOW) -> None:
    """Let a person show all that ER T1 asks for on one day; what that earns is awarded by the intake."""
    day = (now + timedelta(hours=8)).date()
    indicators = {code: rulebook.framework.competency(code).indicator_codes for code, _ in SHOWN}
    claims = [Claim(person.id, code, indicators[code], kind, 3, day, f"{kind}:{code}:{person.id}:{day}") for code, kind in SHOWN]
    take_in(session, claims, rulebook, now)


@pytest.fixture
def learner(county: County, places: Places) -> Person:
    return county.person("林秀英", places.xikou_1, "ER", "突发事件信息报告员")


@pytest.fixture
def certificate(session: Session, learner: Person, rulebook: Rulebook) -> Certificate:
    show(session, learner, rulebook)
    return certificates_of(session, learner.id)[0]


@pytest.fixture
def administrator(session: Session, county: County, places: Places) -> Me:
    person = county.person("王主任", places.qingshi, "CW", "管理员")
    county.trust(person, "administrator", places.qingshi)
    return find_me(session, person.staff_number, TODAY)


def test_what_is_owed_is_issued_once_signed_and_written_down(
    session: Session, learner: Person, certificate: Certificate, rulebook: Rulebook
) -> None:
    assert award_due(session, learner.id, rulebook, NOW) == []
    statement = statement_of(certificate, rulebook.issuer)
    assert (statement.name, statement.title, statement.demo) == ("林秀英", "培训考核合格证明", True)
    assert (certificate.issued_on, certificate.expires_on) == (TODAY, date(2027, 11, 23))
    row = session.scalars(select(AuditRow).where(AuditRow.action == "certificate.issue")).one()
    assert (row.subject, row.detail["holder"]) == (certificate.serial, learner.staff_number)


@pytest.mark.parametrize(
    ("role", "assigned", "given"),
    [
        pytest.param("ER", False, 1, id="appointed in its role"),
        pytest.param("GS", True, 1, id="assigned to them"),
        pytest.param("GS", False, 0, id="neither"),
    ],
)
def test_a_programme_is_theirs_by_post_or_by_assignment(
    session: Session, county: County, places: Places, rulebook: Rulebook, role: str, assigned: bool, given: int
) -> None:
    person = county.person("陈网格", places.xikou_2, role)
    if assigned:
        session.add(Assignment(person_id=person.id, programme="ER-T1", due_on=TODAY, assigned_at=NOW))
    show(session, person, rulebook)
    assert len(certificates_of(session, person.id)) == given


def test_who_has_left_is_given_none(session: Session, learner: Person, rulebook: Rulebook) -> None:
    learner.left_on = TODAY - timedelta(days=1)
    show(session, learner, rulebook)
    assert certificates_of(session, learner.id) == ()


def test_a_title_that_claims_too_much_is_never_signed(session: Session, learner: Person, rulebook: Rulebook) -> None:
    proud = dataclasses.replace(rulebook.programmes[0], certificate_title="国家级职业资格证书")
    with pytest.raises(BadInputError, match="国家"):
        show(session, learner, dataclasses.replace(rulebook, programmes=(proud,)))
    assert session.scalar(select(func.count()).select_from(Certificate)) == 0


def test_after_it_ran_out_showing_all_again_renews_it_in_a_chain(
    session: Session, learner: Person, certificate: Certificate, rulebook: Rulebook
) -> None:
    then = NOW + timedelta(days=400)
    assert award_due(session, learner.id, rulebook, then) == []
    show(session, learner, rulebook, then)
    newest, oldest = certificates_of(session, learner.id)
    assert (newest.previous_id, oldest.id) == (certificate.id, certificate.id)


def test_after_a_revocation_only_what_is_shown_later_counts(
    session: Session, learner: Person, certificate: Certificate, administrator: Me, rulebook: Rulebook
) -> None:
    revoke(session, certificate.serial, "冒名顶替考试", administrator, NOW)
    show(session, learner, rulebook)
    assert award_due(session, learner.id, rulebook, NOW + timedelta(days=30)) == []
    show(session, learner, rulebook, NOW + timedelta(days=31))
    assert len(certificates_of(session, learner.id)) == 2


def test_revoking_is_written_down_with_its_reason(session: Session, certificate: Certificate, administrator: Me) -> None:
    revoke(session, f" {certificate.serial.lower()} ", "  冒名\n顶替 ", administrator, NOW)
    assert (certificate.revoked_at, certificate.revoked_by) == (NOW, administrator.person.id)
    row = session.scalars(select(AuditRow).where(AuditRow.action == "certificate.revoke")).one()
    assert (row.actor, row.subject) == (administrator.person.staff_number, certificate.serial)
    assert without_salt(row.detail) == {"reason": certificate.revoked_reason} == {"reason": "冒名 顶替"}
    assert verify(session) > 0


def test_revoking_again_changes_nothing_and_says_so(session: Session, certificate: Certificate, administrator: Me) -> None:
    revoke(session, certificate.serial, "冒名顶替", administrator, NOW)
    with pytest.raises(BadInputError, match="2026-11-23 已经撤销"):
        revoke(session, certificate.serial, "另一个原因", administrator, NOW + timedelta(days=1))
    assert (certificate.revoked_reason, certificate.revoked_at) == ("冒名顶替", NOW)
    assert session.scalar(select(func.count()).where(AuditRow.action == "certificate.revoke")) == 1


@pytest.mark.parametrize("reason", ["", " \n\t　", "长" * (REASON_LENGTH + 1)], ids=["none", "blank", "too long"])
def test_revoking_takes_a_reason(session: Session, certificate: Certificate, administrator: Me, reason: str) -> None:
    with pytest.raises(BadInputError):
        revoke(session, certificate.serial, reason, administrator, NOW)
    assert certificate.revoked_at is None


def foreign_administrator(county: County, places: Places, learner: Person) -> Person:
    person = county.person("外镇管理员", places.yunxi, "CW")
    county.trust(person, "administrator", places.yunxi)
    return person


def trainer(county: County, places: Places, learner: Person) -> Person:
    person = county.person("教员", places.qingshi, "CW")
    county.trust(person, "trainer", places.qingshi, COURSE)
    return person


def the_holder(county: County, places: Places, learner: Person) -> Person:
    county.trust(learner, "administrator", places.county)
    return learner


@pytest.mark.parametrize("who", [foreign_administrator, trainer, the_holder])
def test_to_who_may_not_revoke_it_is_not_there(
    session: Session, county: County, places: Places, learner: Person, certificate: Certificate, who: Callable[..., Person]
) -> None:
    me = find_me(session, who(county, places, learner).staff_number, TODAY)
    with pytest.raises(NotFoundError):
        revoke(session, certificate.serial, "原因", me, NOW)
    assert certificate.revoked_at is None


@pytest.mark.parametrize("serial", ["", "BY26", "BY26-7K3M-92Q3", "' OR 1=1 --"])
def test_a_certificate_that_is_not_there_cannot_be_revoked(session: Session, administrator: Me, serial: str) -> None:
    with pytest.raises(NotFoundError):
        revoke(session, serial, "原因", administrator, NOW)


def fill(session: Session, administrator: Me, places: Places, key: str, value: str) -> None:
    put(session, Filled(key, places.county.path, value, "县委办12号文", date(2026, 5, 20), "王主任"), administrator, NOW)


@pytest.fixture
def clerk(session: Session, county: County, places: Places) -> Me:
    person = county.person("周建国", places.county, "CW")
    county.trust(person, "administrator", places.county)
    return find_me(session, person.staff_number, TODAY)


def test_the_countys_own_title_and_name_stand_on_the_next_certificate_and_on_no_earlier_one(
    session: Session, learner: Person, certificate: Certificate, clerk: Me, county: County, places: Places, rulebook: Rulebook
) -> None:
    fill(session, clerk, places, "certificate_title", "信息报告员培训合格证明")
    fill(session, clerk, places, "issuer_name", "榕溪县应急管理局")
    neighbour = county.person("张远", places.xikou_1, "ER")
    show(session, neighbour, rulebook)
    later = statement_of(certificates_of(session, neighbour.id)[0], rulebook.issuer)
    assert (later.title, later.issuer) == ("信息报告员培训合格证明", "榕溪县应急管理局")
    earlier = statement_of(certificates_of(session, learner.id)[0], rulebook.issuer)
    assert (earlier.title, earlier.issuer) == ("培训考核合格证明", "榕溪县")


def test_a_title_that_got_into_the_records_past_the_check_is_stopped_at_issuing(
    session: Session, learner: Person, places: Places, clerk: Me, rulebook: Rulebook
) -> None:
    fill(session, clerk, places, "certificate_title", "培训合格证明")
    session.execute(update(CountySetting).values(value="国家职业资格证书"))
    with pytest.raises(BadInputError, match="国家"):
        show(session, learner, rulebook)
