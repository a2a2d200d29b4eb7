"""Who may do what, where: nobody reaches outside their subtree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.domain.permission import MAY, Action, Actor, Charge, Duty, Target, may, subtrees

COUNTY, TOWN, OTHER = "/39/3999/", "/39/3999/001/", "/39/3999/002/"
COURSE = "x-1-reporter"
LEARNER = Target(frozenset({TOWN + "201/01/"}), person_id=7, course=COURSE)


def actor(duty: Duty, path: str, course: str = "", person_id: int = 1) -> Actor:
    return Actor(person_id, (Charge(duty, path, course),))


@pytest.mark.parametrize(
    ("who", "action", "allowed"),
    [
        pytest.param(Actor(7), Action.LEARN, True, id="one's own learning"),
        pytest.param(Actor(8), Action.LEARN, False, id="another's learning"),
        pytest.param(actor(Duty.TRAINER, TOWN, COURSE), Action.MARK, True, id="the trainer of the course, here"),
        pytest.param(actor(Duty.TRAINER, COUNTY, COURSE), Action.MARK, True, id="the trainer of the course, for the county"),
        pytest.param(actor(Duty.TRAINER, OTHER, COURSE), Action.MARK, False, id="the trainer of another town"),
        pytest.param(actor(Duty.TRAINER, TOWN, "gs-1"), Action.MARK, False, id="the trainer of another course"),
        pytest.param(actor(Duty.TRAINER, TOWN, COURSE, person_id=7), Action.MARK, False, id="a trainer's own paper"),
        pytest.param(actor(Duty.ADMINISTRATOR, TOWN), Action.MARK, False, id="an administrator does not mark"),
        pytest.param(actor(Duty.ADMINISTRATOR, TOWN), Action.REVOKE, True, id="the administrator over the unit"),
        pytest.param(actor(Duty.ADMINISTRATOR, OTHER), Action.REVOKE, False, id="a foreign administrator"),
        pytest.param(actor(Duty.ADMINISTRATOR, TOWN, person_id=7), Action.REVOKE, False, id="an administrator's own certificate"),
        pytest.param(actor(Duty.ASSESSOR, TOWN, COURSE), Action.OBSERVE, True, id="the assessor of the course, here"),
        pytest.param(actor(Duty.ASSESSOR, TOWN, COURSE), Action.MARK, False, id="an assessor marks no paper"),
        pytest.param(actor(Duty.ASSESSOR, TOWN, "gs-1"), Action.OBSERVE, False, id="the assessor of another course"),
        pytest.param(actor(Duty.ASSESSOR, TOWN, COURSE, person_id=7), Action.OBSERVE, False, id="an assessor's own practical"),
        pytest.param(actor(Duty.CERTIFIER, COUNTY), Action.CERTIFY, True, id="the certifier over the unit"),
        pytest.param(actor(Duty.CERTIFIER, OTHER), Action.CERTIFY, False, id="a foreign certifier"),
        pytest.param(actor(Duty.CERTIFIER, COUNTY, person_id=7), Action.CERTIFY, False, id="a certifier's own certificate"),
        pytest.param(actor(Duty.ADMINISTRATOR, COUNTY), Action.CERTIFY, False, id="an administrator does not certify"),
        pytest.param(actor(Duty.SUPERVISOR, TOWN), Action.REMIND, True, id="the supervisor over the unit"),
        pytest.param(actor(Duty.SUPERVISOR, OTHER), Action.REMIND, False, id="a foreign supervisor"),
        pytest.param(actor(Duty.SUPERVISOR, TOWN), Action.ASSIGN, False, id="a supervisor asks nothing of anybody"),
        pytest.param(actor(Duty.SUPERVISOR, TOWN), Action.SEE_PEOPLE, False, id="nor opens anybody's page"),
        pytest.param(actor(Duty.PLATFORM, COUNTY), Action.SEE_PEOPLE, False, id="looking after the server opens no records"),
        pytest.param(actor(Duty.PLATFORM, COUNTY), Action.READ_AUDIT, True, id="but the audit log"),
    ],
)
def test_the_table(who: Actor, action: Action, allowed: bool) -> None:
    assert may(who, action, LEARNER) is allowed


def test_every_action_has_its_row() -> None:
    assert set(MAY) == set(Action)


@given(st.sampled_from(list(Action)), st.sampled_from(list(Duty)))
def test_a_duty_elsewhere_opens_nothing_about_a_person_here(action: Action, duty: Duty) -> None:
    if action not in {Action.READ_AUDIT, Action.LOOK_AFTER}:
        assert not may(actor(duty, OTHER, COURSE), action, LEARNER)


def test_subtrees_of_a_duty_are_those_of_the_course_asked_for() -> None:
    who = Actor(1, (Charge(Duty.TRAINER, TOWN, COURSE), Charge(Duty.TRAINER, OTHER, "gs-1"), Charge(Duty.ADMINISTRATOR, OTHER)))
    assert subtrees(who, Duty.TRAINER, COURSE) == (TOWN,)
    assert subtrees(who, Duty.TRAINER) == (TOWN, OTHER)
    assert subtrees(who, (Duty.TRAINER, Duty.ADMINISTRATOR)) == (TOWN, OTHER, OTHER)
