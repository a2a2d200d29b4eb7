"""The way round: few entries in the open, by duty; the rest behind 更多; learners see their own and nothing else."""

from banyan.domain.permission import Action, Actor, Charge, Duty
from banyan.portal.navigation import AT_ONCE, Entry, Signs, folded
from banyan.records.people import Person
from banyan.tracker.people import Me, Workplace

LEARN = tuple(Entry(label, f"/{label}", Action.LEARN) for label in ("学习", "课程", "证书"))
COUNTY = tuple(Entry(label, f"/{label}", Action.ASSIGN, daily=True) for label in ("到岗", "未完成", "人员", "布置"))
RARE = tuple(Entry(label, f"/{label}", Action.SET_COUNTY) for label in ("发证", "本县设置"))
TEACH = tuple(Entry(label, f"/{label}", Action.MARK, daily=True) for label in ("教学", "阅卷", "演练"))
SERVER = tuple(Entry(label, f"/{label}", Action.LOOK_AFTER) for label in ("平台状况", "审计"))


def test_a_learner_s_own_entries_stand_in_the_open() -> None:
    assert folded(LEARN).first == LEARN
    assert (folded(LEARN).duties, folded(LEARN).own) == ((), ())


def test_daily_work_stands_before_more_and_ones_own_learning_last() -> None:
    ways = folded(LEARN + COUNTY + RARE)
    assert (ways.first, ways.duties, ways.own) == (COUNTY, RARE, LEARN)


def test_whoever_holds_several_duties_still_sees_few() -> None:
    entries = LEARN + COUNTY + RARE + TEACH + SERVER
    ways = folded(entries)
    assert len(ways.first) + 1 == AT_ONCE
    assert sorted((*ways.first, *ways.duties, *ways.own), key=entries.index) == list(entries)


def test_who_has_no_daily_work_sees_all_their_duty() -> None:
    assert folded(SERVER).first == SERVER
    assert folded(LEARN + SERVER).first == SERVER


def test_the_page_one_is_on_is_known_behind_more() -> None:
    ways = folded(LEARN + COUNTY + RARE)
    assert ways.leading_to("/发证/1") == {RARE[0]} < {*ways.duties}
    assert ways.leading_to("/学习") == {LEARN[0]} < {*ways.own}
    assert ways.leading_to("/到岗") == {COUNTY[0]} < {*ways.first}
    assert ways.leading_to("/发证单位") == frozenset()


def test_whoever_has_the_same_charges_is_shown_the_same_made_once() -> None:
    signs = Signs(LEARN + COUNTY)
    grid, office = Workplace(1, "/1/2/", "一网格"), Workplace(2, "/1/", "县")
    one, other = (Me(Person(id=number), Actor(number, ()), (grid,)) for number in (1, 2))
    head = Me(Person(id=3), Actor(3, (Charge(Duty.ADMINISTRATOR, "/1/", ""),)), (office,))
    assert signs.ways(one) is signs.ways(other)
    assert signs.ways(one).entries == LEARN
    assert signs.ways(head).entries == LEARN + COUNTY
    assert signs.ways(head).desk == COUNTY[0]
    assert (signs.ways(None).entries, signs.ways(one).desk) == ((), None)
