"""Appointing, moving, ending: what was before stays, and who has no post left has left."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.errors import BadInputError, NotAllowedError, NotFoundError
from banyan.records.audit import AuditRow
from banyan.records.learning import Assignment
from banyan.records.people import ChargeRow, Person
from banyan.tracker.enrolment import Order
from banyan.tracker.people import Me, find_me, people_under, units_of
from banyan.tracker.posts import Wanted, appoint, end_post, history, transfer
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing_orders import apply_rules, make_rule
from tests.county import COURSE, LONG_AGO, NOW, TODAY, County, Places

DAY = timedelta(days=1)


@pytest.fixture
def boss(session: Session, county: County, places: Places) -> Me:
    person = county.person("郑国平", places.qingshi)
    county.trust(person, "administrator", places.qingshi)
    return find_me(session, person.staff_number, TODAY)


@pytest.fixture
def chen(county: County, places: Places) -> Person:
    return county.person("陈晓明", places.xikou_1)


@pytest.fixture
def wanted(places: Places) -> Wanted:
    return Wanted(places.xikou.code, "第二网格", "GS", "网格员", 3, True, TODAY)


def where(session: Session, person: Person, day: int = 0) -> list[str]:
    return [unit.name for unit in units_of(session, person.id, TODAY + day * DAY)]


def test_a_move_ends_the_old_post_the_day_before_and_keeps_it(
    session: Session, boss: Me, chen: Person, wanted: Wanted, rulebook: Rulebook
) -> None:
    old = history(session, chen.id)[0]
    transfer(session, boss, chen.id, old.id, replace(wanted, starts_on=TODAY + 5 * DAY), rulebook, NOW)
    assert [where(session, chen, day) for day in (0, 4, 5)] == [["第一网格"], ["第一网格"], ["第二网格"]]
    new, before = history(session, chen.id)
    assert (new.grade, new.full_time, new.starts_on) == (3, True, TODAY + 5 * DAY)
    assert (before.starts_on, before.ends_on) == (LONG_AGO, TODAY + 4 * DAY)
    row = session.scalars(select(AuditRow).where(AuditRow.action == "post.transfer")).one()
    assert row.detail["old"] == "第一网格 网格员"


def test_a_standing_rule_asks_at_once_whoever_is_appointed(
    session: Session, county: County, places: Places, boss: Me, chen: Person, wanted: Wanted, rulebook: Rulebook
) -> None:
    code = rulebook.programmes[0].code
    make_rule(session, Order(code, places.xikou_2.path, "GS", TODAY), 30, boss, rulebook, NOW)
    appoint(session, boss, chen.id, replace(wanted, starts_on=TODAY + 5 * DAY), rulebook, NOW)
    asked = select(Assignment.due_on).where(Assignment.person_id == chen.id)
    assert list(session.scalars(asked)) == [], "not before the post begins"
    assert apply_rules(session, None, rulebook, NOW + 5 * DAY) == 1, "but by the sweeper on its day"
    assert list(session.scalars(asked)) == [TODAY + 35 * DAY]
    other = county.person("林秀英", places.xikou_1)
    appoint(session, boss, other.id, wanted, rulebook, NOW)
    assert list(session.scalars(select(Assignment.due_on).where(Assignment.person_id == other.id))) == [TODAY + 30 * DAY]


def test_one_person_may_hold_several(session: Session, boss: Me, chen: Person, wanted: Wanted, rulebook: Rulebook) -> None:
    appoint(session, boss, chen.id, replace(wanted, role="VO", post="志愿者", full_time=False, part=""), rulebook, NOW)
    assert where(session, chen) == ["第一网格", "溪口村"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"part": "第九网格"}, "第一网格、第二网格", id="a grid that is not"),
        pytest.param({"grade": 19}, "1到18", id="a grade that is not"),
        pytest.param({"grade": 0}, "1到18", id="grade nought"),
        pytest.param({"role": "XX"}, "哪一类", id="a kind that is not"),
        pytest.param({"post": " "}, "岗位名称", id="no name"),
        pytest.param({"ends_on": TODAY - DAY}, "不能早于", id="over before it begins"),
        pytest.param({"starts_on": TODAY + 367 * DAY}, "提前一年", id="too far ahead"),
        pytest.param({"part": "第一网格"}, "已经是", id="what they hold"),
    ],
)
def test_what_is_wrong_is_said(
    session: Session, boss: Me, chen: Person, wanted: Wanted, rulebook: Rulebook, change: dict, says: str
) -> None:
    with pytest.raises(BadInputError, match=says):
        appoint(session, boss, chen.id, replace(wanted, **change), rulebook, NOW)


def test_nobody_is_moved_into_or_out_of_what_one_does_not_manage(
    session: Session, county: County, places: Places, boss: Me, chen: Person, wanted: Wanted, rulebook: Rulebook
) -> None:
    foreign = county.person("张远", places.shangping_1)
    county.appoint(chen, places.shangping_1)
    elsewhere = next(each for each in history(session, chen.id) if each.unit_id == places.shangping_1.id)
    with pytest.raises(NotFoundError):
        appoint(session, boss, foreign.id, wanted, rulebook, NOW)
    with pytest.raises(NotFoundError):
        appoint(session, boss, chen.id, replace(wanted, unit=places.shangping.code, part=""), rulebook, NOW)
    with pytest.raises(NotFoundError):
        transfer(session, boss, chen.id, elsewhere.id, wanted, rulebook, NOW)
    with pytest.raises(NotFoundError):
        end_post(session, boss, chen.id, elsewhere.id, TODAY, NOW)


def test_whose_last_post_ends_has_left_with_duties_and_what_was_lent_of_them(
    session: Session, county: County, places: Places, boss: Me, chen: Person
) -> None:
    county.trust(chen, "trainer", places.xikou, COURSE)
    own = session.scalars(select(ChargeRow).where(ChargeRow.person_id == chen.id)).one()
    lent = ChargeRow(person_id=county.person("林秀英", places.xikou_2).id, unit_id=own.unit_id, duty="trainer", course=COURSE)
    lent.starts_on, lent.ends_on, lent.lent_from_id = TODAY, TODAY + 30 * DAY, own.id
    session.add(lent)
    session.flush()
    assert end_post(session, boss, chen.id, history(session, chen.id)[0].id, TODAY, NOW)
    assert (chen.left_on, own.ends_on, lent.ends_on) == (TODAY, TODAY, TODAY)
    with pytest.raises(NotFoundError):
        find_me(session, chen.staff_number, TODAY + DAY)


def test_who_keeps_another_post_stays(session: Session, county: County, places: Places, boss: Me, chen: Person) -> None:
    county.appoint(chen, places.shangping_1)
    first = next(each for each in history(session, chen.id) if each.unit_id == places.xikou_1.id)
    assert not end_post(session, boss, chen.id, first.id, TODAY - DAY, NOW)
    assert (chen.left_on, where(session, chen)) == (None, ["第一网格"])


def test_who_was_to_leave_and_is_appointed_anew_stays(
    session: Session, boss: Me, chen: Person, wanted: Wanted, rulebook: Rulebook
) -> None:
    last = TODAY + 5 * DAY
    assert end_post(session, boss, chen.id, history(session, chen.id)[0].id, last, NOW)
    appoint(session, boss, chen.id, replace(wanted, ends_on=last), rulebook, NOW)
    assert chen.left_on == last, "a post that ends by then keeps nobody longer"
    appoint(session, boss, chen.id, replace(wanted, part="", starts_on=TODAY + 3 * DAY), rulebook, NOW)
    assert chen.left_on is None
    assert find_me(session, chen.staff_number, last + DAY).units
    found = session.scalars(people_under([boss.units[0].path], last + DAY))
    assert chen in list(found)


def test_who_was_to_leave_and_is_moved_instead_stays(
    session: Session, boss: Me, chen: Person, wanted: Wanted, rulebook: Rulebook
) -> None:
    old, last = history(session, chen.id)[0], TODAY + 5 * DAY
    end_post(session, boss, chen.id, old.id, last, NOW)
    transfer(session, boss, chen.id, old.id, replace(wanted, starts_on=TODAY + 2 * DAY), rulebook, NOW)
    assert (chen.left_on, where(session, chen, 6)) == (None, ["第二网格"])


def test_nobody_sends_off_themselves_or_who_holds_more_than_they(
    session: Session, county: County, places: Places, boss: Me, chen: Person
) -> None:
    county.trust(chen, "trainer", places.county, COURSE)
    with pytest.raises(NotAllowedError):
        end_post(session, boss, chen.id, history(session, chen.id)[0].id, TODAY, NOW)
    with pytest.raises(BadInputError, match="唯一的岗位"):
        end_post(session, boss, boss.person.id, history(session, boss.person.id)[0].id, TODAY, NOW)
    assert (chen.left_on, boss.person.left_on) == (None, None)
