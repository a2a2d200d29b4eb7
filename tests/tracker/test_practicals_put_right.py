"""A practical that was wrong: put right or withdrawn for a reason; what rested on it follows, what was said stays on record."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.framework import Kind
from banyan.errors import BadInputError, NotFoundError
from banyan.records.audit import AuditRow
from banyan.records.competence import Certificate, EvidenceRow, Practical
from banyan.records.corrections import CertificateDoubt
from banyan.records.learning import Assignment
from banyan.records.people import ChargeRow
from banyan.records.retractions import EvidenceRetraction
from banyan.tracker.amending import Amendment
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.people import Me, find_me
from banyan.tracker.practicals import TickList, observe, practicals_by, practised, put_right, seen_before, withdraw
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing import differences, evidence_of
from tests.county import COURSE, NOW, TODAY, County, Places

ALL = ("C5.2.a", "C5.2.b", "C5.2.c", "C5.2.d")
BECAUSE = "勾错了人，那天来的是别人"


@pytest.fixture
def learner(session: Session, county: County, places: Places, rulebook: Rulebook) -> Me:
    """Somebody who has passed the exam and waits for the practical."""
    person, programme = county.person("林秀英", places.xikou_1), rulebook.programmes[0]
    session.add(Assignment(person_id=person.id, programme=programme.code, due_on=TODAY, assigned_at=NOW))
    claims = [
        Claim(person.id, code, rulebook.framework.competency(code).indicator_codes, kind, level, TODAY, f"test:{kind}:{code}")
        for code, level in programme.targets.items()
        for kind in (Kind.OA, Kind.SIM)
    ]
    take_in(session, claims, rulebook, NOW)
    return find_me(session, person.staff_number, TODAY)


@pytest.fixture
def trainers(session: Session, county: County, places: Places) -> tuple[Me, Me]:
    """Two trainers of the learner's town."""
    found = []
    for name in ("陈玉兰", "黄老师"):
        person = county.person(name, places.qingshi, "CW", "卫生院护士")
        county.trust(person, "trainer", places.qingshi, COURSE)
        found.append(find_me(session, person.staff_number, TODAY))
    return tuple(found)


@pytest.fixture
def ticks(learner: Me) -> TickList:
    return TickList(learner.person.id, COURSE, frozenset(ALL), TODAY, "镇政府二楼会议室", "form")


@pytest.fixture
def row(session: Session, trainers: tuple[Me, Me], ticks: TickList, rulebook: Rulebook) -> Practical:
    return observe(session, ticks, trainers[0], rulebook, NOW)


def seen(session: Session, learner: Me) -> list[frozenset[str]]:
    """Return what counts of what was seen of a learner."""
    return [each.indicators for each in evidence_of(session, learner.person.id) if each.kind is Kind.OS]


def sources(session: Session) -> list[str]:
    query = select(EvidenceRow.source).where(EvidenceRow.kind == Kind.OS.value)
    return list(session.scalars(query.order_by(EvidenceRow.id)))


def reasons(session: Session) -> list[str]:
    return list(session.scalars(select(EvidenceRetraction.reason)))


def test_put_right_the_new_counts_and_the_old_stays_on_record(
    session: Session, learner: Me, trainers: tuple[Me, Me], ticks: TickList, row: Practical, rulebook: Rulebook
) -> None:
    fewer = replace(ticks, ticked=frozenset(ALL[:2]), held_on=TODAY - timedelta(days=1), form_key="fix")
    fixed = put_right(session, row.id, fewer, Amendment(trainers[0], BECAUSE), rulebook, NOW)
    assert seen(session, learner) == [frozenset(ALL[:2])]
    assert (fixed.first_id, fixed.reason, row.ticked) == (row.id, BECAUSE, list(ALL))
    assert reasons(session) == [BECAUSE]
    assert sources(session) == [f"practical:{row.id}:C5.2", f"practical:{row.id}:C5.2:2"]
    assert [(each.action, each.detail["reason"]) for each in session.scalars(select(AuditRow)) if "reason" in each.detail] == [
        ("practical.correct", BECAUSE),
        ("evidence.retract", BECAUSE),
    ]
    assert differences(session, rulebook.framework, TODAY) == []


def test_what_was_recorded_before_corrections_were_possible_is_put_right_too(
    session: Session, learner: Me, trainers: tuple[Me, Me], row: Practical, rulebook: Rulebook
) -> None:
    """Its evidence has the record alone for a source, without a colon after it."""
    old = session.scalars(select(EvidenceRow).where(EvidenceRow.kind == Kind.OS.value)).one()
    old.source = f"practical:{row.id}"
    other = Claim(learner.person.id, "C5.2", frozenset(ALL), Kind.OS, 3, TODAY, f"practical:{row.id}0")
    take_in(session, [other], rulebook, NOW)
    withdraw(session, row.id, "fix", Amendment(trainers[0], BECAUSE), rulebook, NOW)
    assert [each.evidence_id for each in session.scalars(select(EvidenceRetraction))] == [old.id]
    assert len(seen(session, learner)) == 1, "the practical whose number only begins alike"


def test_withdrawn_nothing_of_it_counts_and_its_certificate_goes_before_an_administrator(
    session: Session, learner: Me, trainers: tuple[Me, Me], row: Practical, rulebook: Rulebook
) -> None:
    certificate = session.scalars(select(Certificate)).one()
    gone = withdraw(session, row.id, "fix", Amendment(trainers[0], BECAUSE), rulebook, NOW)
    assert (gone.withdrawn, gone.ticked, gone.held_on, gone.place) == (True, [], row.held_on, row.place)
    assert seen(session, learner) == []
    assert (certificate.revoked_at, session.scalars(select(CertificateDoubt)).one().why) == (None, BECAUSE)
    assert seen_before(session, learner.person.id, COURSE) == {}
    assert "practical.withdraw" in session.scalars(select(AuditRow.action)).all()
    assert withdraw(session, gone.id, "again", Amendment(trainers[0], BECAUSE), rulebook, NOW) is gone


def test_withdrawn_by_mistake_it_is_put_right_again_and_the_doubt_is_gone(
    session: Session, learner: Me, trainers: tuple[Me, Me], ticks: TickList, row: Practical, rulebook: Rulebook
) -> None:
    gone = withdraw(session, row.id, "fix", Amendment(trainers[0], BECAUSE), rulebook, NOW)
    again = Amendment(trainers[0], "看了照片，来的就是她")
    back = put_right(session, gone.id, replace(ticks, form_key="back"), again, rulebook, NOW)
    assert (back.first_id, back.withdrawn) == (row.id, False)
    assert seen(session, learner) == [frozenset(ALL)]
    assert session.scalars(select(CertificateDoubt)).all() == []
    assert len(session.scalars(select(Certificate)).all()) == 1


def test_ticked_after_all_it_earns_the_certificate(
    session: Session, learner: Me, trainers: tuple[Me, Me], ticks: TickList, rulebook: Rulebook
) -> None:
    row = observe(session, replace(ticks, ticked=frozenset(ALL[:3])), trainers[0], rulebook, NOW)
    assert session.scalars(select(Certificate)).all() == []
    put_right(session, row.id, replace(ticks, form_key="fix"), Amendment(trainers[0], "漏勾了一项"), rulebook, NOW)
    assert session.scalars(select(Certificate)).one().person_id == learner.person.id


def test_a_practical_in_which_nothing_was_seen_is_withdrawn_as_well(
    session: Session, learner: Me, trainers: tuple[Me, Me], ticks: TickList, rulebook: Rulebook
) -> None:
    row = observe(session, replace(ticks, ticked=frozenset()), trainers[0], rulebook, NOW)
    assert withdraw(session, row.id, "fix", Amendment(trainers[0], BECAUSE), rulebook, NOW).withdrawn
    assert reasons(session) == []


def test_only_who_saw_it_says_it_anew(
    session: Session, trainers: tuple[Me, Me], ticks: TickList, row: Practical, learner: Me, rulebook: Rulebook
) -> None:
    fix = replace(ticks, ticked=frozenset(ALL[:2]), form_key="fix")
    with pytest.raises(BadInputError, match="自己来改"):
        put_right(session, row.id, fix, Amendment(trainers[1], BECAUSE), rulebook, NOW)
    with pytest.raises(BadInputError, match="自己来改"):
        withdraw(session, row.id, "fix", Amendment(trainers[1], BECAUSE), rulebook, NOW)
    with pytest.raises(NotFoundError):
        withdraw(session, row.id, "fix", Amendment(learner, BECAUSE), rulebook, NOW)


@pytest.mark.parametrize("how", ["left", "without the duty"])
def test_when_who_saw_it_is_gone_another_trainer_may_withdraw_it(
    session: Session, learner: Me, trainers: tuple[Me, Me], ticks: TickList, row: Practical, rulebook: Rulebook, how: str
) -> None:
    if how == "left":
        trainers[0].person.left_on = TODAY - timedelta(days=1)
    else:
        charge = session.scalars(select(ChargeRow).where(ChargeRow.person_id == trainers[0].person.id)).one()
        charge.ends_on = TODAY - timedelta(days=1)
    session.flush()
    with pytest.raises(BadInputError, match="自己来改"):
        put_right(session, row.id, replace(ticks, form_key="fix"), Amendment(trainers[1], BECAUSE), rulebook, NOW)
    withdraw(session, row.id, "fix", Amendment(trainers[1], BECAUSE), rulebook, NOW)
    assert seen(session, learner) == []


@pytest.mark.parametrize(
    ("changes", "reason", "says"),
    [
        pytest.param({"ticked": frozenset(ALL[:1])}, "错", "为什么", id="no reason"),
        pytest.param({"ticked": frozenset({"C1.3.a"})}, BECAUSE, "没有这一项", id="not on the list"),
        pytest.param({"held_on": TODAY + timedelta(days=1)}, BECAUSE, "不能晚于今天", id="tomorrow"),
        pytest.param({"held_on": TODAY - timedelta(days=61)}, BECAUSE, "太早", id="long ago"),
        pytest.param({}, BECAUSE, "没有改", id="nothing changed"),
    ],
)
def test_a_correction_that_makes_no_sense_changes_nothing(
    session: Session,
    trainers: tuple[Me, Me],
    ticks: TickList,
    row: Practical,
    rulebook: Rulebook,
    changes: dict[str, object],
    reason: str,
    says: str,
) -> None:
    fix = replace(ticks, form_key="fix", **changes)
    with pytest.raises(BadInputError, match=says):
        put_right(session, row.id, fix, Amendment(trainers[0], reason), rulebook, NOW)
    assert (len(session.scalars(select(Practical)).all()), reasons(session)) == (1, [])


def test_it_is_put_right_for_the_same_person_and_course(
    session: Session, county: County, places: Places, trainers: tuple[Me, Me], ticks: TickList, row: Practical, rulebook: Rulebook
) -> None:
    other = replace(ticks, person_id=county.person("黄志强", places.xikou_2).id, form_key="fix")
    with pytest.raises(NotFoundError):
        put_right(session, row.id, other, Amendment(trainers[0], BECAUSE), rulebook, NOW)


def test_sent_twice_it_is_put_right_once_and_an_old_page_overrules_nothing(
    session: Session, trainers: tuple[Me, Me], ticks: TickList, row: Practical, rulebook: Rulebook
) -> None:
    mine = Amendment(trainers[0], BECAUSE)
    fix = replace(ticks, ticked=frozenset(ALL[:2]), form_key="fix")
    assert put_right(session, row.id, fix, mine, rulebook, NOW) is put_right(session, row.id, fix, mine, rulebook, NOW)
    with pytest.raises(BadInputError, match="刚才改过"):
        put_right(session, row.id, replace(fix, ticked=frozenset(ALL[:1]), form_key="stale"), mine, rulebook, NOW)
    with pytest.raises(BadInputError, match="刚才改过"):
        withdraw(session, row.id, "stale", mine, rulebook, NOW)
    assert len(session.scalars(select(Practical)).all()) == 2


def test_one_recorded_months_ago_keeps_its_day_when_it_is_put_right(
    session: Session, learner: Me, trainers: tuple[Me, Me], ticks: TickList, row: Practical, rulebook: Rulebook
) -> None:
    """The sixty days count from when it was recorded, so that nobody has to write a false day to take a tick away."""
    later = NOW + timedelta(days=100)
    fewer = replace(ticks, ticked=frozenset(ALL[:2]), form_key="fix")
    fixed = put_right(session, row.id, fewer, Amendment(trainers[0], BECAUSE), rulebook, later)
    again = replace(fewer, held_on=TODAY - timedelta(days=60), form_key="again")
    put_right(session, fixed.id, again, Amendment(trainers[0], "日期也写错了"), rulebook, later)
    assert seen(session, learner) == [frozenset(ALL[:2])]


def test_lists_hold_what_is_said_now_and_what_was_said_before_it(
    session: Session, learner: Me, trainers: tuple[Me, Me], ticks: TickList, row: Practical, rulebook: Rulebook
) -> None:
    second = observe(session, replace(ticks, form_key="second"), trainers[1], rulebook, NOW)
    fewer = replace(ticks, ticked=frozenset(ALL[1:]), form_key="fix")
    fixed = put_right(session, row.id, fewer, Amendment(trainers[0], BECAUSE), rulebook, NOW)
    assert [each.id for each in practicals_by(session, trainers[0].person.id, COURSE)] == [fixed.id]
    told = {each.row.id: (each.lost, each.gained) for each in practised(session, learner.person.id)}
    assert told == {fixed.id: ({ALL[0]}, set()), second.id: (set(), set())}
