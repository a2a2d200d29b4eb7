"""Who is asked to learn what by when, and how far they have come."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banyan.domain.certification import Need
from banyan.domain.enrolment import Step
from banyan.errors import BadInputError, NotFoundError
from banyan.records.audit import AuditRow
from banyan.records.learning import Assignment
from banyan.records.people import Person
from banyan.tracker.enrolment import Order, addressed, assign, enrolments
from banyan.tracker.people import Me, find_me
from banyan.tracker.progress import Place, finish_step
from banyan.tracker.rulebook import Rulebook
from tests.county import COURSE, NOW, TODAY, County, Places

DUE = TODAY + timedelta(days=17)


@pytest.fixture
def learner(county: County, places: Places) -> Person:
    return county.person("林秀英", places.xikou_1)


@pytest.fixture
def admin(session: Session, county: County, places: Places) -> Me:
    person = county.person("吴美玲", places.qingshi, "CW", "党建办干部")
    county.trust(person, "administrator", places.qingshi)
    return find_me(session, person.staff_number, TODAY)


def order(path: str, role: str = "GS", due_on: date = DUE) -> Order:
    return Order("ER-T1", path, role, due_on)


def test_an_order_reaches_a_role_under_a_unit(
    session: Session, county: County, places: Places, learner: Person, admin: Me, rulebook: Rulebook
) -> None:
    county.person("张海燕", places.xikou, "VO", "志愿者")
    assert assign(session, order(places.qingshi.path), admin, rulebook, NOW) == 1
    row = session.scalars(select(Assignment)).one()
    assert (row.person_id, row.due_on, row.assigned_by) == (learner.id, DUE, admin.person.id)
    assert assign(session, order(places.qingshi.path, role=""), admin, rulebook, NOW) == 3


def test_a_rehearsal_changes_nothing(session: Session, places: Places, learner: Person, admin: Me) -> None:
    assert addressed(session, order(places.qingshi.path), admin, TODAY) == [learner]
    assert session.scalar(select(func.count()).select_from(Assignment)) == 0


def test_asking_again_moves_the_day(session: Session, places: Places, learner: Person, admin: Me, rulebook: Rulebook) -> None:
    assign(session, order(places.qingshi.path), admin, rulebook, NOW)
    assign(session, order(places.qingshi.path, due_on=DUE + timedelta(days=7)), admin, rulebook, NOW)
    assert [row.due_on for row in session.scalars(select(Assignment))] == [DUE + timedelta(days=7)]
    assert session.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.action == "programme.assign")) == 2


def test_a_unit_that_is_not_theirs_does_not_exist(
    session: Session, places: Places, learner: Person, admin: Me, rulebook: Rulebook
) -> None:
    for path in (places.yunxi.path, places.county.path, "/", ""):
        with pytest.raises(NotFoundError):
            assign(session, order(path), admin, rulebook, NOW)


def test_a_day_that_is_over_cannot_be_asked_for(session: Session, places: Places, admin: Me, rulebook: Rulebook) -> None:
    with pytest.raises(BadInputError):
        assign(session, order(places.qingshi.path, due_on=TODAY - timedelta(days=1)), admin, rulebook, NOW)


def test_a_learner_begins_with_the_first_lesson(
    session: Session, places: Places, learner: Person, admin: Me, rulebook: Rulebook
) -> None:
    assign(session, order(places.qingshi.path), admin, rulebook, NOW)
    (mine,) = enrolments(session, learner.id, rulebook, NOW)
    assert (mine.step, mine.due_on, mine.needs) == (Step.LEARN, DUE, (Need.EXAM,))
    assert mine.next_lesson is not None
    assert mine.next_lesson.name == rulebook.catalogue.newest(COURSE).lessons[0].name


def test_the_last_step_of_the_last_lesson_opens_the_exam(
    session: Session, places: Places, learner: Person, admin: Me, rulebook: Rulebook
) -> None:
    assign(session, order(places.qingshi.path), admin, rulebook, NOW)
    release = rulebook.catalogue.newest(COURSE)
    for lesson in release.lessons:
        for step in lesson.steps:
            assert enrolments(session, learner.id, rulebook, NOW)[0].step is Step.LEARN
            finish_step(session, learner.id, release, Place(lesson.name, step.name), NOW)
    (mine,) = enrolments(session, learner.id, rulebook, NOW)
    assert mine.step is Step.SIT
    assert mine.next_lesson is None
