"""Leave: recorded once, by somebody else, and it lets what was shown last longer where the programme says so."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.enrolment import Step
from banyan.errors import BadInputError, NotFoundError
from banyan.records.audit import AuditRow
from banyan.records.people import Person
from banyan.tracker.awards import award_due, certificates_of, owed
from banyan.tracker.chain import programme_chain
from banyan.tracker.enrolment import enrolment
from banyan.tracker.holding import evidence_for
from banyan.tracker.leaves import Away, leaves_of, record_leave, take_back_leave
from banyan.tracker.people import Me, find_me
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing import differences
from tests.county import NOW, TODAY, County, Places
from tests.tracker.test_awards import show

FIRST, LAST = date(2026, 12, 1), date(2027, 5, 30)


@pytest.fixture
def learner(county: County, places: Places) -> Person:
    return county.person("林秀英", places.xikou_1, "CW")


@pytest.fixture
def boss(session: Session, county: County, places: Places) -> Me:
    person = county.person("王主任", places.qingshi, "CW", "管理员")
    county.trust(person, "administrator", places.qingshi)
    return find_me(session, person.staff_number, TODAY)


def away(person: Person, first: date = FIRST, last: date = LAST, reason: str = "产假") -> Away:
    return Away(person.id, first, last, reason)


def test_leave_stops_the_clock_only_where_the_programme_says_so(
    session: Session, learner: Person, boss: Me, rulebook: Rulebook
) -> None:
    show(session, learner, rulebook)
    going_on, resting = rulebook.programmes[0], replace(rulebook.programmes[0], leave_suspends=True)
    record_leave(session, away(learner), boss, NOW)
    days = (LAST - FIRST).days + 1
    ends = {row.expires_on for row in evidence_for(session, learner.id, going_on, [], TODAY)}
    longer = {row.expires_on for row in evidence_for(session, learner.id, resting, [], TODAY)}
    assert longer == {end + timedelta(days=days) for end in ends}
    assert differences(session, rulebook.framework, TODAY) == [], "the standing itself is not touched"


def test_with_the_clock_stopped_a_certificate_is_owed_that_else_would_not_be(
    session: Session, learner: Person, boss: Me, rulebook: Rulebook, county: County, places: Places
) -> None:
    county.appoint(learner, places.xikou_1, "ER")
    show(session, learner, replace(rulebook, programmes=()))
    record_leave(session, away(learner), boss, NOW)
    late = TODAY + timedelta(days=400)
    assert owed(session, learner, rulebook, late) == []
    resting = replace(rulebook, programmes=(replace(rulebook.programmes[0], leave_suspends=True),))
    assert [each.programme.code for each in owed(session, learner, resting, late)] == ["ER-T1"]


def test_leave_recorded_after_the_certificate_ran_out_brings_the_next_one(
    session: Session, learner: Person, boss: Me, rulebook: Rulebook, county: County, places: Places
) -> None:
    resting = replace(rulebook, programmes=(replace(rulebook.programmes[0], leave_suspends=True),))
    programme = resting.programmes[0]
    county.appoint(learner, places.xikou_1, "ER")
    show(session, learner, resting)
    (first,) = certificates_of(session, learner.id)
    late = NOW + timedelta(days=(first.expires_on - TODAY).days + 10)
    before = enrolment(session, learner.id, programme, resting, late)
    chain, _ = programme_chain(session, learner.id, programme, resting, county_day(late))
    assert (bool(before.needs), chain.reached) == (True, False), "what was shown ran out with the certificate"
    months_off = away(learner, first.expires_on - timedelta(days=150), first.expires_on + timedelta(days=5))
    record_leave(session, months_off, boss, late)
    chain, _ = programme_chain(session, learner.id, programme, resting, county_day(late))
    assert chain.reached
    (second,) = award_due(session, learner.id, resting, late)
    assert (second.previous_id, second.issued_on) == (first.id, county_day(late))
    assert enrolment(session, learner.id, programme, resting, late).step is Step.DONE
    assert award_due(session, learner.id, resting, late) == []


def test_it_is_written_down_and_can_be_taken_back(session: Session, learner: Person, boss: Me) -> None:
    row = record_leave(session, away(learner), boss, NOW)
    assert leaves_of(session, learner.id) == [row]
    for _ in range(2):
        take_back_leave(session, learner.id, row.id, boss, NOW)
    assert leaves_of(session, learner.id) == []
    acts = session.scalars(select(AuditRow.action).where(AuditRow.action.startswith("leave"))).all()
    assert list(acts) == ["leave.record", "leave.take_back"]
    record_leave(session, away(learner), boss, NOW)


@pytest.mark.parametrize(
    ("first", "last", "reason", "said"),
    [
        pytest.param(LAST, FIRST, "产假", "不能早于第一天", id="backwards"),
        pytest.param(FIRST, date(2031, 1, 1), "外派", "最多三年", id="too long"),
        pytest.param(FIRST, LAST, " ", "什么假", id="no reason"),
        pytest.param(FIRST, LAST, "假" * 201, "什么假", id="a novel"),
        pytest.param(date(2026, 11, 1), date(2026, 11, 2), "病假", "重叠", id="overlaps"),
    ],
)
def test_bad_leave_is_refused(
    session: Session, learner: Person, boss: Me, first: date, last: date, reason: str, said: str
) -> None:
    record_leave(session, away(learner, date(2026, 11, 2), date(2026, 11, 10)), boss, NOW)
    with pytest.raises(BadInputError, match=said):
        record_leave(session, away(learner, first, last, reason), boss, NOW)
    assert len(leaves_of(session, learner.id)) == 1


def test_nobody_records_their_own_or_a_strangers(
    session: Session, learner: Person, boss: Me, county: County, places: Places
) -> None:
    row = record_leave(session, away(learner), boss, NOW)
    foreign = county.person("吴美玲")
    county.trust(foreign, "administrator", places.yunxi)
    county.trust(learner, "administrator", places.qingshi)
    for each in (foreign, learner):
        me = find_me(session, each.staff_number, TODAY)
        with pytest.raises(NotFoundError):
            record_leave(session, away(learner, date(2028, 1, 1), date(2028, 1, 2)), me, NOW)
        with pytest.raises(NotFoundError):
            take_back_leave(session, learner.id, row.id, me, NOW)
    neighbour = county.person("陈晓明", places.xikou_2)
    with pytest.raises(BadInputError, match="没有这次假期"):
        take_back_leave(session, neighbour.id, row.id, boss, NOW)
