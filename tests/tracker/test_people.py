"""Who somebody is today, and whom they may act on."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.permission import Action, Charge, Duty
from banyan.errors import NotFoundError
from banyan.records.organisation import Unit
from banyan.tracker.people import find_me, people_under, require, target_of, under
from banyan.tracker.people import places as place_names
from tests.county import COURSE, TODAY, County, Places

YESTERDAY = TODAY - timedelta(days=1)


def test_somebody_is_their_posts_and_their_duties_that_hold_today(session: Session, county: County, places: Places) -> None:
    nurse = county.person("陈秀兰", places.qingshi, "CW", "卫生院护士")
    county.trust(nurse, "trainer", places.qingshi, COURSE)
    county.trust(nurse, "administrator", places.county, until=YESTERDAY)
    me = find_me(session, nurse.staff_number, TODAY)
    assert me.actor.charges == (Charge(Duty.TRAINER, places.qingshi.path, COURSE),)
    assert [unit.name for unit in me.units] == ["青石镇"]


def test_the_unit_nearest_the_grid_comes_first(session: Session, county: County, places: Places) -> None:
    worker = county.person("林秀英", places.qingshi, "CW")
    county.appoint(worker, places.xikou_1)
    assert [unit.name for unit in find_me(session, worker.staff_number, TODAY).units] == ["第一网格", "青石镇"]


@pytest.mark.parametrize("number", ["99999999", "", "10010001' OR '1'='1"])
def test_a_stranger_is_nobody(session: Session, county: County, places: Places, number: str) -> None:
    county.person("林秀英", places.xikou_1)
    with pytest.raises(NotFoundError):
        find_me(session, number, TODAY)


def test_who_has_left_is_nobody_from_the_day_after_their_last_on(session: Session, county: County, places: Places) -> None:
    worker = county.person("林秀英", places.xikou_1)
    worker.left_on = TODAY
    session.flush()
    assert find_me(session, worker.staff_number, TODAY).person is worker
    assert list(session.scalars(people_under([places.xikou.path], TODAY))) == [worker]
    tomorrow = TODAY + timedelta(days=1)
    assert list(session.scalars(people_under([places.xikou.path], tomorrow))) == []
    with pytest.raises(NotFoundError):
        find_me(session, worker.staff_number, tomorrow)


def test_a_subtree_holds_its_own_units_and_no_others(session: Session, places: Places) -> None:
    found = session.scalars(select(Unit).where(under([places.qingshi.path])).order_by(Unit.code))
    assert [unit.id for unit in found] == [places.qingshi.id, places.xikou.id, places.xikou_1.id, places.xikou_2.id]


def test_no_subtree_holds_nobody(session: Session, county: County, places: Places) -> None:
    county.person("林秀英", places.xikou_1)
    assert list(session.scalars(people_under([], TODAY))) == []


def test_a_path_with_a_wildcard_in_it_reaches_nothing_more(session: Session, places: Places) -> None:
    assert list(session.scalars(select(Unit).where(under(["/%"])))) == []
    assert list(session.scalars(select(Unit).where(under(["/______________"])))) == []


def test_people_are_found_once_by_where_they_are_appointed_today(session: Session, county: County, places: Places) -> None:
    here = county.person("林秀英", places.xikou_1)
    county.appoint(here, places.xikou_2)
    gone = county.person("黄志强")
    county.appoint(gone, places.xikou_1, until=YESTERDAY)
    county.person("郑小燕", places.shangping_1)
    assert list(session.scalars(people_under([places.qingshi.path], TODAY))) == [here]


def test_what_lies_outside_ones_subtree_does_not_exist(session: Session, county: County, places: Places) -> None:
    admin = county.person("吴美玲", places.yunxi, "CW")
    county.trust(admin, "administrator", places.yunxi)
    mine, foreign = county.person("郑小燕", places.shangping_1), county.person("林秀英", places.xikou_1)
    me = find_me(session, admin.staff_number, TODAY)
    require(me.actor, Action.SEE_PEOPLE, target_of(session, mine.id, TODAY))
    with pytest.raises(NotFoundError):
        require(me.actor, Action.SEE_PEOPLE, target_of(session, foreign.id, TODAY))
    with pytest.raises(NotFoundError):
        require(me.actor, Action.SEE_PEOPLE, target_of(session, 987654, TODAY))


def test_a_unit_is_named_from_its_town_down(session: Session, places: Places) -> None:
    assert place_names(session, [places.xikou_1]) == {places.xikou_1.id: ("青石镇", "溪口村", "第一网格")}
