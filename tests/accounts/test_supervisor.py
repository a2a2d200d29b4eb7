"""Whom to ring about a place: the nearest administrator, of those in office today."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from banyan.accounts.supervisor import supervisors, trainer_of
from banyan.records.engine import Sessions, writing
from tests.county import TODAY, County, places


@pytest.fixture
def session(records: Sessions) -> Iterator[Session]:
    with writing(records) as opened:
        yield opened


def test_the_nearest_administrator_of_today_is_whom_to_ring(session: Session) -> None:
    county = County(session)
    at = places(county)
    boss, town, over, gone = (county.person(name) for name in ("周建国", "郑国平", "旧人", "走了"))
    county.trust(boss, "administrator", at.county)
    county.trust(town, "administrator", at.qingshi)
    county.trust(over, "administrator", at.xikou, until=TODAY - timedelta(days=1))
    county.trust(gone, "administrator", at.xikou_1)
    gone.left_on = TODAY - timedelta(days=1)
    county.trust(county.person("老师"), "trainer", at.xikou_1, "x-1")
    session.flush()

    found = supervisors(session, [at.xikou_1.path, at.shangping_1.path, at.county.path], TODAY)
    assert {path: person.name for path, person in found.items()} == {
        at.xikou_1.path: "郑国平",
        at.shangping_1.path: "周建国",
        at.county.path: "周建国",
    }


def test_of_two_in_one_office_everybody_is_told_the_same(session: Session) -> None:
    county = County(session)
    at = places(county)
    first, second = county.person("甲"), county.person("乙")
    for each in (second, first):
        county.trust(each, "administrator", at.county)
    assert supervisors(session, [at.xikou_1.path], TODAY)[at.xikou_1.path].name == "甲"


def test_where_nobody_is_over_a_place_nobody_is_named(session: Session) -> None:
    at = places(County(session))
    assert supervisors(session, [at.xikou_1.path], TODAY) == {}


def test_the_nearest_trainer_of_the_course_is_whom_a_learner_rings_never_themselves(session: Session) -> None:
    county = County(session)
    at = places(county)
    town, whole, other = (county.person(name) for name in ("黄老师", "何老师", "王老师"))
    county.trust(town, "trainer", at.qingshi, "x-1")
    county.trust(whole, "trainer", at.county, "x-1")
    county.trust(other, "trainer", at.xikou, "y-1")

    assert trainer_of(session, [at.xikou_1.path], "x-1", TODAY) == town
    assert trainer_of(session, [at.xikou_1.path], "x-1", TODAY, besides=town.id) == whole
    assert trainer_of(session, [at.shangping_1.path], "x-1", TODAY) == whole
    assert trainer_of(session, [], "x-1", TODAY) is None
