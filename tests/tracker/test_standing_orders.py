"""A standing rule asks who comes later, once, and never moves a day."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.errors import BadInputError, NotFoundError
from banyan.records.audit import AuditRow
from banyan.records.learning import Assignment
from banyan.records.people import Appointment, Person
from banyan.tracker.enrolment import Order, assign
from banyan.tracker.people import Me, find_me
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing_orders import apply_rules, end_rule, make_rule, rules
from tests.county import NOW, TODAY, County, Places

DUE = TODAY + timedelta(days=10)


@pytest.fixture
def boss(session: Session, county: County, places: Places) -> Me:
    person = county.person("周建国", places.county)
    county.trust(person, "administrator", places.county)
    return find_me(session, person.staff_number, TODAY)


@pytest.fixture
def neighbour(session: Session, county: County, places: Places) -> Me:
    person = county.person("吴美玲", places.yunxi)
    county.trust(person, "administrator", places.yunxi)
    return find_me(session, person.staff_number, TODAY)


def order(rulebook: Rulebook, places: Places, role: str = "GS") -> Order:
    return Order(rulebook.programmes[0].code, places.qingshi.path, role, DUE)


def day_of(session: Session, person: Person) -> object:
    return session.scalars(select(Assignment.due_on).where(Assignment.person_id == person.id)).one_or_none()


@pytest.mark.parametrize(
    ("days", "later", "due"),
    [
        pytest.param(5, 0, DUE, id="never less than the rule's own day leaves"),
        pytest.param(30, 0, TODAY + timedelta(days=30), id="so many days from when they are met"),
        pytest.param(5, 20, TODAY + timedelta(days=25), id="also when the rule's own day has passed"),
    ],
)
def test_a_newcomer_is_asked_with_days_of_their_own(
    session: Session, county: County, places: Places, boss: Me, rulebook: Rulebook, days: int, later: int, due: object
) -> None:
    make_rule(session, order(rulebook, places), days, boss, rulebook, NOW)
    newcomer = county.person("新来", places.xikou_1)
    elsewhere = county.person("外镇", places.shangping_1)
    other_role = county.person("志愿者", places.xikou_1, "VO", "志愿者")

    now = NOW + timedelta(days=later)
    assert apply_rules(session, None, rulebook, now) == 1
    assert apply_rules(session, None, rulebook, now) == 0, "once is enough"
    assert day_of(session, newcomer) == due
    assert day_of(session, elsewhere) is None
    assert day_of(session, other_role) is None


def test_only_those_named_are_looked_at(session: Session, county: County, places: Places, boss: Me, rulebook: Rulebook) -> None:
    make_rule(session, order(rulebook, places), 30, boss, rulebook, NOW)
    one, other = county.person("甲", places.xikou_1), county.person("乙", places.xikou_2)
    assert apply_rules(session, [one.id], rulebook, NOW) == 1
    assert day_of(session, other) is None
    assert apply_rules(session, [], rulebook, NOW) == 0


def test_a_day_already_given_stays(session: Session, county: County, places: Places, boss: Me, rulebook: Rulebook) -> None:
    person = county.person("甲", places.xikou_1)
    assign(session, order(rulebook, places), boss, rulebook, NOW)
    make_rule(session, order(rulebook, places), 90, boss, rulebook, NOW)
    assert apply_rules(session, None, rulebook, NOW + timedelta(days=40)) == 0
    assert day_of(session, person) == DUE


def test_who_moves_in_is_asked_and_who_moves_out_stays_asked(
    session: Session, county: County, places: Places, boss: Me, rulebook: Rulebook
) -> None:
    make_rule(session, order(rulebook, places), 30, boss, rulebook, NOW)
    leaves, comes = county.person("走的", places.xikou_1), county.person("来的", places.shangping_1)
    apply_rules(session, None, rulebook, NOW)
    for person, unit in ((leaves, places.shangping_1), (comes, places.xikou_1)):
        session.scalars(select(Appointment).where(Appointment.person_id == person.id)).one().ends_on = TODAY
        county.appoint(person, unit)

    assert apply_rules(session, None, rulebook, NOW + timedelta(days=1)) == 1
    assert day_of(session, leaves) == TODAY + timedelta(days=30)
    assert day_of(session, comes) == TODAY + timedelta(days=31)


def test_of_two_rules_the_earlier_day_counts(
    session: Session, county: County, places: Places, boss: Me, rulebook: Rulebook
) -> None:
    make_rule(session, order(rulebook, places, ""), 60, boss, rulebook, NOW)
    make_rule(session, order(rulebook, places), 30, boss, rulebook, NOW)
    person = county.person("甲", places.xikou_1)
    assert apply_rules(session, None, rulebook, NOW) == 1
    assert day_of(session, person) == TODAY + timedelta(days=30)


def test_who_left_is_not_asked(session: Session, county: County, places: Places, boss: Me, rulebook: Rulebook) -> None:
    make_rule(session, order(rulebook, places), 30, boss, rulebook, NOW)
    county.person("走了", places.xikou_1).left_on = TODAY - timedelta(days=1)
    assert apply_rules(session, None, rulebook, NOW) == 0


def test_an_ended_rule_asks_nobody_and_is_no_longer_listed(
    session: Session, county: County, places: Places, boss: Me, rulebook: Rulebook
) -> None:
    row = make_rule(session, order(rulebook, places), 30, boss, rulebook, NOW)
    assert [line.row.id for line in rules(session, [places.county.path])] == [row.id]
    assert rules(session, [places.yunxi.path]) == []
    end_rule(session, row.id, boss, NOW)
    end_rule(session, row.id, boss, NOW)

    county.person("甲", places.xikou_1)
    assert rules(session, [places.county.path]) == []
    assert apply_rules(session, None, rulebook, NOW) == 0
    told = session.scalars(select(AuditRow.action).where(AuditRow.action.startswith("rule.")).order_by(AuditRow.position)).all()
    assert told == ["rule.make", "rule.end"]


def test_made_again_it_replaces_the_one_that_stood(session: Session, places: Places, boss: Me, rulebook: Rulebook) -> None:
    first = make_rule(session, order(rulebook, places), 30, boss, rulebook, NOW)
    assert make_rule(session, order(rulebook, places), 30, boss, rulebook, NOW).id == first.id
    second = make_rule(session, order(rulebook, places), 14, boss, rulebook, NOW)
    assert [line.row.id for line in rules(session, [places.county.path])] == [second.id]


def test_a_rule_is_made_and_ended_under_ones_own_units_only(
    session: Session, places: Places, boss: Me, neighbour: Me, rulebook: Rulebook
) -> None:
    with pytest.raises(NotFoundError):
        make_rule(session, order(rulebook, places), 30, neighbour, rulebook, NOW)
    row = make_rule(session, order(rulebook, places), 30, boss, rulebook, NOW)
    with pytest.raises(NotFoundError):
        end_rule(session, row.id, neighbour, NOW)
    with pytest.raises(NotFoundError):
        end_rule(session, 99999, boss, NOW)


@pytest.mark.parametrize("days", [0, -3, 366])
def test_a_newcomers_days_must_be_sensible(session: Session, places: Places, boss: Me, rulebook: Rulebook, days: int) -> None:
    with pytest.raises(BadInputError):
        make_rule(session, order(rulebook, places), days, boss, rulebook, NOW)
