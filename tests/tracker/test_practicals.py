"""A trainer ticks what they saw; it counts once, for whom it was, from that day."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banyan.domain.framework import Kind
from banyan.errors import BadInputError, NotFoundError
from banyan.records.competence import EvidenceRow, Practical
from banyan.records.people import Person
from banyan.tracker.people import Me, find_me
from banyan.tracker.practicals import TickList, observe
from banyan.tracker.rulebook import Rulebook
from tests.county import COURSE, NOW, TODAY, County, Places

ALL = frozenset({"C5.2.a", "C5.2.b", "C5.2.c", "C5.2.d"})


@pytest.fixture
def learner(county: County, places: Places) -> Person:
    return county.person("林秀英", places.xikou_1)


@pytest.fixture
def nurse(session: Session, county: County, places: Places) -> Me:
    person = county.person("陈玉兰", places.qingshi, "CW", "卫生院护士")
    county.trust(person, "trainer", places.qingshi, COURSE)
    return find_me(session, person.staff_number, TODAY)


def ticks(learner: Person, ticked: frozenset[str] = ALL, key: str = "form-1", days: int = 0) -> TickList:
    return TickList(learner.id, COURSE, ticked, TODAY + timedelta(days=days), "镇政府二楼会议室", key)


def test_what_was_ticked_is_evidence_of_a_session(session: Session, learner: Person, nurse: Me, rulebook: Rulebook) -> None:
    observe(session, ticks(learner), nurse, rulebook, NOW)
    row = session.scalars(select(EvidenceRow)).one()
    assert (row.person_id, row.kind, row.level, row.assessor_id) == (learner.id, Kind.OS, 3, nurse.person.id)
    assert frozenset(row.indicators) == ALL


def test_sending_the_form_twice_records_it_once(session: Session, learner: Person, nurse: Me, rulebook: Rulebook) -> None:
    first = observe(session, ticks(learner), nurse, rulebook, NOW)
    assert observe(session, ticks(learner), nurse, rulebook, NOW) is first
    assert session.scalar(select(func.count()).select_from(EvidenceRow)) == 1


def test_nothing_ticked_is_kept_and_shows_nothing(session: Session, learner: Person, nurse: Me, rulebook: Rulebook) -> None:
    observe(session, ticks(learner, frozenset()), nurse, rulebook, NOW)
    assert session.scalar(select(func.count()).select_from(Practical)) == 1
    assert session.scalar(select(func.count()).select_from(EvidenceRow)) == 0


@pytest.mark.parametrize(
    ("ticked", "days"),
    [
        pytest.param(frozenset({"C1.3.a"}), 0, id="something that is not on the list"),
        pytest.param(ALL, 1, id="tomorrow's session"),
        pytest.param(ALL, -61, id="a session long ago"),
    ],
)
def test_a_form_that_was_tampered_with_changes_nothing(
    session: Session, learner: Person, nurse: Me, rulebook: Rulebook, ticked: frozenset[str], days: int
) -> None:
    with pytest.raises(BadInputError):
        observe(session, ticks(learner, ticked, days=days), nurse, rulebook, NOW)
    assert session.scalar(select(func.count()).select_from(Practical)) == 0


def test_a_learner_elsewhere_does_not_exist(
    session: Session, county: County, places: Places, nurse: Me, rulebook: Rulebook
) -> None:
    foreign = county.person("郑小燕", places.shangping_1)
    with pytest.raises(NotFoundError):
        observe(session, ticks(foreign), nurse, rulebook, NOW)


def test_nobody_ticks_themselves(session: Session, nurse: Me, rulebook: Rulebook) -> None:
    with pytest.raises(NotFoundError):
        observe(session, ticks(nurse.person), nurse, rulebook, NOW)


def test_one_forms_key_is_nothing_for_another_person(
    session: Session, county: County, places: Places, learner: Person, nurse: Me, rulebook: Rulebook
) -> None:
    observe(session, ticks(learner), nurse, rulebook, NOW)
    other = county.person("黄志强", places.xikou_2)
    with pytest.raises(NotFoundError):
        observe(session, ticks(other), nurse, rulebook, NOW)
