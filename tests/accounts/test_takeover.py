"""Nobody comes to hold more by a slip or a duty than they held before, however they combine."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from banyan.accounts.takeover import openable
from banyan.domain.organisation import lies_within
from banyan.domain.permission import Actor, Charge, Duty, Target, subtrees
from banyan.domain.takeover import may_grant, may_open
from banyan.records.engine import Sessions, writing
from banyan.records.people import ChargeRow
from tests.county import LONG_AGO, TODAY, County, Places, places

PATHS = ("/c/", "/c/q/", "/c/q/x/", "/c/q/x/1/", "/c/y/", "/c/y/s/")
charges = st.builds(Charge, st.sampled_from(Duty), st.sampled_from(PATHS), st.sampled_from(["", "x-1", "y-1"]))
held = st.lists(charges, max_size=3).map(tuple)
posts = st.frozensets(st.sampled_from(PATHS), max_size=2)


def reach(charged: tuple[Charge, ...]) -> set[str]:
    """Return every place in somebody's hands."""
    mine = [each.path for each in charged if each.duty is Duty.ADMINISTRATOR]
    return {path for path in PATHS if any(lies_within(path, each) for each in mine)}


def holds_platform(charged: tuple[Charge, ...]) -> bool:
    return any(each.duty is Duty.PLATFORM for each in charged)


@given(held, held, posts)
def test_whoever_opens_another_account_gains_no_place_and_no_duty(
    mine: tuple[Charge, ...], theirs: tuple[Charge, ...], at
) -> None:
    if may_open(Actor(1, mine), Target(at, 2), theirs):
        assert reach(theirs) <= reach(mine)
        assert {each.path for each in theirs if each.duty is Duty.TRAINER} <= reach(mine)
        assert holds_platform(mine) or not holds_platform(theirs)
        assert at & reach(mine)


@given(held, posts, held)
def test_nobody_opens_their_own_account_nor_gives_themselves_a_duty(
    mine: tuple[Charge, ...], at, given_: tuple[Charge, ...]
) -> None:
    assert not may_open(Actor(1, mine), Target(at, 1), mine)
    assert not [each for each in given_ if may_grant(Actor(1, mine), Target(at, 1), each)]


@given(st.lists(held, min_size=2, max_size=4), st.data())
@settings(max_examples=200)
def test_friends_who_hand_each_other_duties_and_slips_never_reach_further(start: list[tuple[Charge, ...]], data) -> None:
    people = [list(each) for each in start]
    at = [data.draw(posts) for _ in people]
    together = set().union(*(reach(each) for each in start))
    platform = any(holds_platform(each) for each in start)
    for _ in range(8):
        one, other = data.draw(st.permutations(range(len(people))))[:2]
        wish, actor = data.draw(charges), Actor(one, tuple(people[one]))
        if may_grant(actor, Target(at[other], other), wish):
            people[other].append(wish)
        if may_open(actor, Target(at[other], other), people[other]):
            people[one] += people[other]
    assert set().union(*(reach(tuple(each)) for each in people)) == together
    assert any(holds_platform(tuple(each)) for each in people) == platform


@given(held, posts)
def test_a_learner_is_opened_by_exactly_those_over_their_post(mine: tuple[Charge, ...], at: frozenset[str]) -> None:
    over = any(lies_within(path, each) for path in at for each in subtrees(Actor(1, mine), Duty.ADMINISTRATOR))
    assert may_open(Actor(1, mine), Target(at, 2), ()) == over


@pytest.fixture
def session(records: Sessions) -> Iterator[Session]:
    with writing(records) as opened:
        yield opened


@pytest.fixture
def at(session: Session) -> Places:
    return places(County(session))


@pytest.mark.parametrize(
    ("duty", "where", "may"),
    [
        pytest.param("", "", True, id="a learner"),
        pytest.param("trainer", "qingshi", True, id="a trainer of the same town"),
        pytest.param("administrator", "xikou", True, id="the village's administrator"),
        pytest.param("administrator", "qingshi", True, id="another administrator of the town"),
        pytest.param("trainer", "county", False, id="the county's trainer"),
        pytest.param("administrator", "county", False, id="the county's administrator"),
        pytest.param("administrator", "yunxi", False, id="administrator elsewhere too"),
        pytest.param("platform", "qingshi", False, id="who looks after the platform"),
    ],
)
@pytest.mark.parametrize("starts", [LONG_AGO, TODAY + timedelta(days=30)], ids=["today", "from next month"])
def test_a_town_administrator_opens_whom_they_are_wholly_over(
    session: Session, at: Places, duty: str, where: str, may: bool, starts
) -> None:
    county = County(session)
    boss, other = county.person("郑国平", at.qingshi), county.person("林秀英", at.xikou_1)
    county.trust(boss, "administrator", at.qingshi)
    if duty:
        unit = getattr(at, where)
        session.add(ChargeRow(person_id=other.id, unit_id=unit.id, duty=duty, starts_on=starts))
    session.flush()
    assert (other.id in openable(session, boss, [other], TODAY)) == may


def test_a_duty_that_is_over_no_longer_stands_in_the_way_nor_opens_anything(session: Session, at: Places) -> None:
    county, yesterday = County(session), TODAY - timedelta(days=1)
    boss, other, past = (county.person(name, at.qingshi) for name in ("郑国平", "林秀英", "旧人"))
    county.trust(boss, "administrator", at.qingshi)
    county.trust(other, "administrator", at.county, until=yesterday)
    county.trust(past, "administrator", at.county, until=yesterday)
    assert openable(session, boss, [other], TODAY) == {other.id}
    assert openable(session, past, [other], TODAY) == set()


def test_who_looks_after_the_platform_is_opened_by_one_who_does_and_is_over_them(session: Session, at: Places) -> None:
    county = County(session)
    boss, keeper = county.person("周建国", at.county), county.person("何立新", at.county)
    county.trust(boss, "administrator", at.county)
    county.trust(keeper, "platform", at.county)
    assert openable(session, boss, [keeper], TODAY) == set()
    county.trust(boss, "platform", at.county)
    assert openable(session, boss, [keeper], TODAY) == {keeper.id}
