"""What was asked is taken back: looked at first, for a reason, with nothing lost that was learnt or earned."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banyan.domain.framework import Kind
from banyan.errors import BadInputError, NotFoundError
from banyan.records.audit import AuditRow
from banyan.records.competence import Certificate, EvidenceRow
from banyan.records.learning import Assignment, StepDone
from banyan.records.people import Person
from banyan.tracker.enrolment import Order, assign, enrolments
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.people import Me, find_me
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing_orders import apply_rules, make_rule
from banyan.tracker.withdrawals import Waiver, look_back, take_back
from tests.county import NOW, TODAY, County, Places
from tests.tracker.hall import finish_lessons

WHY = "这批人下个月再学"


@pytest.fixture
def learner(county: County, places: Places) -> Person:
    return county.person("林秀英", places.xikou_1)


@pytest.fixture
def neighbour(county: County, places: Places) -> Person:
    return county.person("陈晓明", places.xikou_2)


@pytest.fixture
def boss(session: Session, county: County, places: Places) -> Me:
    person = county.person("郑国平", places.qingshi, "CW", "干部")
    county.trust(person, "administrator", places.qingshi)
    return find_me(session, person.staff_number, TODAY)


@pytest.fixture
def order(rulebook: Rulebook, places: Places) -> Order:
    return Order(rulebook.programmes[0].code, places.qingshi.path, "GS", TODAY + timedelta(days=30))


@pytest.fixture
def waiver(order: Order) -> Waiver:
    return Waiver(order.programme, order.unit_path, order.role, reason=WHY)


def prove(session: Session, person: Person, rulebook: Rulebook, *kinds: Kind) -> None:
    """Let somebody show everything the programme asks for, in these ways."""
    framework, targets = rulebook.framework, rulebook.programmes[0].targets
    claims = [
        Claim(person.id, code, framework.competency(code).indicator_codes, kind, level, TODAY, f"{person.id}:{kind}:{code}")
        for code, level in targets.items()
        for kind in kinds
    ]
    take_in(session, claims, rulebook, NOW)


def asked(session: Session) -> set[int]:
    return set(session.scalars(select(Assignment.person_id)))


def test_a_look_counts_who_began_and_who_is_left_alone_and_changes_nothing(
    session: Session, learner: Person, neighbour: Person, boss: Me, order: Order, waiver: Waiver, rulebook: Rulebook
) -> None:
    assign(session, order, boss, rulebook, NOW)
    finish_lessons(session, learner.id, rulebook)
    prove(session, neighbour, rulebook, Kind.OA, Kind.SIM, Kind.OS)
    found = look_back(session, waiver, boss, rulebook, NOW)
    assert [(each.person.name, each.begun) for each in found.asked] == [("林秀英", True)]
    assert (found.begun, found.finished) == (1, 1)
    assert asked(session) == {learner.id, neighbour.id}


def test_what_was_learnt_stays_and_the_log_says_from_whom_and_why(
    session: Session, learner: Person, neighbour: Person, boss: Me, order: Order, waiver: Waiver, rulebook: Rulebook
) -> None:
    assign(session, order, boss, rulebook, NOW)
    finish_lessons(session, learner.id, rulebook)
    steps = session.scalar(select(func.count()).select_from(StepDone))

    take_back(session, waiver, boss, rulebook, NOW)
    assert asked(session) == set()
    assert session.scalar(select(func.count()).select_from(StepDone)) == steps
    row = session.scalars(select(AuditRow).where(AuditRow.action == "programme.take_back")).one()
    assert row.detail["staff"] == [learner.staff_number, neighbour.staff_number]
    assert row.detail["reason"] == WHY
    mine = enrolments(session, learner.id, rulebook, NOW)
    assert [(each.withdrawn, each.due_on) for each in mine] == [(True, None)], "who began may go on"
    assert enrolments(session, neighbour.id, rulebook, NOW) == [], "who never began is asked nothing"


def test_done_twice_it_is_done_once(
    session: Session, learner: Person, boss: Me, order: Order, waiver: Waiver, rulebook: Rulebook
) -> None:
    assign(session, order, boss, rulebook, NOW)
    assert len(take_back(session, waiver, boss, rulebook, NOW).asked) == 1
    assert take_back(session, waiver, boss, rulebook, NOW).asked == ()


def test_who_goes_on_all_the_same_is_given_the_certificate(
    session: Session, learner: Person, boss: Me, order: Order, waiver: Waiver, rulebook: Rulebook
) -> None:
    assign(session, order, boss, rulebook, NOW)
    prove(session, learner, rulebook, Kind.OA, Kind.SIM)
    before = session.scalar(select(func.count()).select_from(EvidenceRow))
    take_back(session, waiver, boss, rulebook, NOW)
    assert session.scalar(select(func.count()).select_from(EvidenceRow)) == before
    prove(session, learner, rulebook, Kind.OS)
    assert session.scalars(select(Certificate.person_id)).all() == [learner.id]


def test_a_standing_rule_does_not_ask_again_but_a_person_may(
    session: Session, learner: Person, boss: Me, order: Order, waiver: Waiver, rulebook: Rulebook
) -> None:
    assign(session, order, boss, rulebook, NOW)
    make_rule(session, order, 30, boss, rulebook, NOW)
    take_back(session, waiver, boss, rulebook, NOW)
    assert apply_rules(session, None, rulebook, NOW) == 0
    assert assign(session, order, boss, rulebook, NOW) == 1
    assert asked(session) == {learner.id}
    assert [each.withdrawn for each in enrolments(session, learner.id, rulebook, NOW)] == [False]


def test_from_one_person_alone(
    session: Session, learner: Person, neighbour: Person, boss: Me, order: Order, rulebook: Rulebook
) -> None:
    assign(session, order, boss, rulebook, NOW)
    take_back(session, Waiver(order.programme, person_id=learner.id, reason=WHY), boss, rulebook, NOW)
    assert asked(session) == {neighbour.id}


@pytest.mark.parametrize("reason", ["", "  不  ", "长" * 201])
def test_without_a_fitting_reason_nothing_is_taken_back(
    session: Session, learner: Person, boss: Me, order: Order, rulebook: Rulebook, reason: str
) -> None:
    assign(session, order, boss, rulebook, NOW)
    with pytest.raises(BadInputError, match="请写为什么收回"):
        take_back(session, Waiver(order.programme, order.unit_path, "", reason=reason), boss, rulebook, NOW)
    assert asked(session) == {learner.id}


def test_beyond_ones_own_units_there_is_nothing_to_take_back(
    session: Session, county: County, places: Places, boss: Me, order: Order, rulebook: Rulebook
) -> None:
    foreign = county.person("张远", places.shangping_1)
    for waiver in (
        Waiver(order.programme, places.county.path, reason=WHY),
        Waiver(order.programme, places.yunxi.path, reason=WHY),
        Waiver(order.programme, person_id=foreign.id, reason=WHY),
    ):
        with pytest.raises(NotFoundError):
            take_back(session, waiver, boss, rulebook, NOW)
