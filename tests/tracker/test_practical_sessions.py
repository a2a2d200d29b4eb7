"""A practical is announced for a unit, read by who waits for one there, and called off without a trace of its own lost."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import COUNTY_TIME
from banyan.errors import BadInputError, NotFoundError
from banyan.records.audit import AuditRow
from banyan.records.competence import PracticalSession
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.tracker.people import Me, find_me
from banyan.tracker.practical_sessions import Meeting, announce, announced_one, call_off, waiting
from banyan.tracker.rulebook import Rulebook
from tests.county import COURSE, NOW, TODAY, County, Places

SOON = datetime(2026, 12, 3, 14, 30, tzinfo=COUNTY_TIME)
PLACE = "镇政府二楼会议室"


@pytest.fixture
def learner(county: County, places: Places) -> Person:
    return county.person("林秀英", places.xikou_1)


@pytest.fixture
def nurse(session: Session, county: County, places: Places) -> Me:
    person = county.person("陈玉兰", places.qingshi, "CW", "卫生院护士")
    county.trust(person, "trainer", places.qingshi, COURSE)
    return find_me(session, person.staff_number, TODAY)


def meet(unit: Unit, starts_at: datetime = SOON, place: str = PLACE) -> Meeting:
    return Meeting(COURSE, unit.path, starts_at, place)


def counted(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(PracticalSession)).one()


def test_whoever_waits_under_the_unit_reads_when_where_and_from_whom(
    session: Session, places: Places, learner: Person, nurse: Me, rulebook: Rulebook
) -> None:
    announce(session, meet(places.qingshi), nurse, rulebook, NOW)
    found = waiting(session, learner.id, COURSE, TODAY, NOW).ahead
    assert found
    assert (found.row.starts_at, found.row.place, found.by.name) == (SOON, PLACE, "陈玉兰")


def test_the_next_one_counts_and_one_of_today_until_the_day_is_over(
    session: Session, places: Places, learner: Person, nurse: Me, rulebook: Rulebook
) -> None:
    announce(session, meet(places.qingshi), nurse, rulebook, NOW)
    first = announce(session, meet(places.xikou, NOW + timedelta(hours=1)), nurse, rulebook, NOW)
    for hours, stands in ((0, True), (5, True), (24, False)):
        found = waiting(session, learner.id, COURSE, None, NOW + timedelta(hours=hours)).ahead
        assert found
        assert (found.row is first) is stands, hours


def test_another_town_s_session_is_nothing_to_me_until_i_move_there(
    session: Session, county: County, places: Places, learner: Person, rulebook: Rulebook
) -> None:
    other = county.person("周老师", places.yunxi)
    county.trust(other, "trainer", places.yunxi, COURSE)
    announce(session, meet(places.yunxi), find_me(session, other.staff_number, TODAY), rulebook, NOW)
    assert waiting(session, learner.id, COURSE, None, NOW).ahead is None
    post = session.scalars(select(Appointment).where(Appointment.person_id == learner.id)).one()
    post.unit_id = places.shangping_1.id
    session.flush()
    assert waiting(session, learner.id, COURSE, None, NOW).ahead is not None


def test_one_that_is_over_is_spoken_of_to_who_waited_then(
    session: Session, places: Places, learner: Person, nurse: Me, rulebook: Rulebook
) -> None:
    announce(session, meet(places.qingshi), nurse, rulebook, NOW)
    later = SOON + timedelta(days=2)
    assert waiting(session, learner.id, COURSE, TODAY, later).missed
    assert waiting(session, learner.id, COURSE, later.date(), later).missed is None, "the exam was passed only afterwards"
    assert waiting(session, learner.id, COURSE, TODAY, SOON + timedelta(days=90)).missed is None


def test_announced_twice_it_is_one(session: Session, places: Places, nurse: Me, rulebook: Rulebook) -> None:
    first = announce(session, meet(places.qingshi), nurse, rulebook, NOW)
    assert announce(session, meet(places.qingshi, place=f" {PLACE} "), nurse, rulebook, NOW) is first
    assert counted(session) == 1


def test_called_off_it_is_read_by_nobody_and_may_be_announced_anew(
    session: Session, places: Places, learner: Person, nurse: Me, rulebook: Rulebook
) -> None:
    row = announce(session, meet(places.qingshi), nurse, rulebook, NOW)
    call_off(session, row.id, nurse, NOW)
    call_off(session, row.id, nurse, NOW + timedelta(hours=1))
    assert row.called_off_at == NOW
    assert waiting(session, learner.id, COURSE, TODAY, NOW).ahead is None
    assert waiting(session, learner.id, COURSE, TODAY, SOON + timedelta(days=1)).missed is None
    assert announce(session, meet(places.qingshi), nurse, rulebook, NOW) is not row
    said = session.scalars(select(AuditRow.action).order_by(AuditRow.position)).all()
    assert said == ["practical.announce", "practical.call_off", "practical.announce"]


@pytest.mark.parametrize(
    ("starts_at", "place", "told"),
    [
        pytest.param(NOW, PLACE, "已经过了", id="now"),
        pytest.param(NOW + timedelta(days=400), PLACE, "太远了", id="the wrong year"),
        pytest.param(SOON, " 。 ", "请写清楚在哪里", id="no place"),
        pytest.param(SOON, "长" * 81, "请写清楚在哪里", id="an overlong place"),
    ],
)
def test_what_cannot_be_announced_changes_nothing(
    session: Session, places: Places, nurse: Me, rulebook: Rulebook, starts_at: datetime, place: str, told: str
) -> None:
    with pytest.raises(BadInputError, match=told):
        announce(session, meet(places.qingshi, starts_at, place), nurse, rulebook, NOW)
    assert counted(session) == 0


def test_only_who_trains_there_announces_and_calls_off(
    session: Session, county: County, places: Places, nurse: Me, rulebook: Rulebook
) -> None:
    for unit in (places.county, places.yunxi):
        with pytest.raises(NotFoundError):
            announce(session, meet(unit), nurse, rulebook, NOW)
    row = announce(session, meet(places.qingshi), nurse, rulebook, NOW)
    other = county.person("周老师", places.yunxi)
    county.trust(other, "trainer", places.yunxi, COURSE)
    for act in (announced_one, lambda session, number, by: call_off(session, number, by, NOW)):
        with pytest.raises(NotFoundError):
            act(session, row.id, find_me(session, other.staff_number, TODAY))
    assert row.called_off_at is None
