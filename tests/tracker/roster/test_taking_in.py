"""Taking a roster in: all or nothing, dated, logged, and once."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from banyan.errors import BadInputError
from banyan.records import audit
from banyan.records.audit import AuditRow
from banyan.records.engine import reading, writing
from banyan.records.learning import Assignment, AssignmentRule
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.tracker.roster import taking_in
from tests import house
from tests.county import COURSE, LONG_AGO, NOW, TODAY, County
from tests.tracker.roster.registry import Registry
from tests.tracker.roster.test_difference import CHEN, LIN, NEW, but, sheet

YESTERDAY = TODAY - timedelta(days=1)
MOVED = but(CHEN, grid="第二网格")


def log(registry: Registry) -> list[tuple[str, str, str]]:
    with reading(registry.make) as session:
        audit.verify(session)
        return [(row.actor, row.action, row.subject) for row in session.scalars(select(AuditRow).order_by(AuditRow.position))]


def test_a_newcomer_has_a_number_drawn_and_a_post_from_the_sheet_s_day(registry: Registry) -> None:
    row = registry.take(sheet(CHEN, LIN, NEW))
    person = registry.person("黄小燕")
    assert person
    assert (person.staff_number, person.phone, person.password_hash) == ("26000001", "13900000003", None)
    assert registry.posts("黄小燕") == [("第二网格", "GS", date(2024, 3, 1), None)]
    assert row.counts == {"fresh": 1, "same": 2, "faulty": 0}


def test_a_number_of_the_sheet_is_kept_and_no_drawn_one_repeats_it(registry: Registry) -> None:
    registry.take(sheet(but(NEW, number="26000001"), but(NEW, name="李四", phone="")))
    assert [registry.person(name).staff_number for name in ("黄小燕", "李四")] == ["26000001", "26000002"]  # type: ignore[union-attr]


def test_the_same_file_again_changes_nothing(registry: Registry) -> None:
    content = sheet(MOVED, LIN, NEW, but(NEW, name="李四", phone="", post="志愿者", full="", grid=""))
    registry.take(content)
    before = log(registry)
    assert registry.look(content).changes_nothing
    registry.take(content)
    assert log(registry)[: len(before)] == before
    assert [each[1] for each in log(registry)[len(before) :]] == ["roster.take_in"]


def test_whoever_is_as_the_sheet_says_is_compared_without_a_record(registry: Registry) -> None:
    with reading(registry.make) as session:
        outlook = registry._compare(session, sheet(CHEN, LIN), "周建国", grow=False)
        assert outlook.changes_nothing
        assert not [each for each in session.identity_map.values() if isinstance(each, Person | Appointment)]


def test_what_is_done_in_portions_is_done_to_all(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking_in, "AT_ONCE", 1)
    monkeypatch.setattr(taking_in, "PORTION", 1)
    zhang = but(CHEN, number="10010003", name="张远", phone="13800000003", town="云溪镇", community="上坪村", post="网格长")
    fresh = but(NEW, grid="第三网格"), but(NEW, name="李四", phone="13900000004", grid="第四网格")
    content = sheet(but(CHEN, post="网格长"), zhang, *fresh)
    row = registry.take(content, grow=True, left=frozenset({registry.people["林秀英"].id}))
    assert row.counts == {"units": 2, "fresh": 2, "changed": 2, "left": 1, "faulty": 0}
    assert registry.look(content, grow=True).changes_nothing
    with reading(registry.make) as session:
        assert audit.verify(session)


def test_one_faulty_row_keeps_everything_out_unless_chosen(registry: Registry) -> None:
    content = sheet(NEW, but(NEW, name="李四", phone="139"))
    with pytest.raises(BadInputError, match="什么也没有导入"):
        registry.take(content)
    assert registry.person("黄小燕") is None
    assert registry.take(content, only_good=True).counts["faulty"] == 1
    assert registry.person("黄小燕") is not None
    assert registry.person("李四") is None


def test_a_grid_s_phone_goes_with_the_grid(registry: Registry) -> None:
    registry.take(sheet(but(CHEN, phone="13800000002", grid="第二网格"), but(LIN, phone="13800000001", grid="第一网格")))
    assert [registry.person(name).phone for name in ("陈晓明", "林秀英")] == ["13800000002", "13800000001"]  # type: ignore[union-attr]
    assert [registry.posts(name)[-1][0] for name in ("陈晓明", "林秀英")] == ["第二网格", "第一网格"]


def test_who_became_a_community_worker_leaves_the_grid_when_ticked(registry: Registry) -> None:
    content = sheet(but(CHEN, grid="", post="社区工作者"), LIN)
    (_, old), *_ = registry.look(content).dropped
    registry.take(content, ended=frozenset({old.id}))
    assert [(unit, role, ends) for unit, role, _, ends in registry.posts("陈晓明")] == [
        ("第一网格", "GS", registry.today - timedelta(days=1)), ("溪口村", "CW", None),
    ]  # fmt: skip
    assert registry.look(content).changes_nothing


def test_who_moves_grid_has_the_old_post_ended_the_day_before(registry: Registry) -> None:
    assert [plan.name for plan in registry.look(sheet(MOVED, LIN)).of("moved")] == ["陈晓明"]
    registry.take(sheet(MOVED, LIN))
    assert registry.posts("陈晓明") == [("第一网格", "GS", LONG_AGO, YESTERDAY), ("第二网格", "GS", TODAY, None)]
    assert ("10010004", "person.change", "10010001") in log(registry)


def test_a_move_taken_back_on_the_same_day_leaves_no_trace_among_the_posts(registry: Registry) -> None:
    registry.take(sheet(MOVED))
    registry.take(sheet(CHEN))
    assert registry.posts("陈晓明") == [("第一网格", "GS", LONG_AGO, None)]


def test_both_posts_stay_where_that_was_ticked(registry: Registry) -> None:
    old = registry.look(sheet(MOVED)).of("moved")[0].moves[0].instead
    assert old
    registry.take(sheet(MOVED), kept=frozenset({old.id}))
    assert [each[3] for each in registry.posts("陈晓明")] == [None, None]


def test_several_rows_are_several_posts(registry: Registry) -> None:
    registry.take(sheet(CHEN, MOVED, but(CHEN, grid="", post="志愿者")))
    assert [(each[0], each[1]) for each in registry.posts("陈晓明")] == [("第一网格", "GS"), ("第二网格", "GS"), ("溪口村", "VO")]


def test_a_post_no_longer_named_ends_only_when_ticked(registry: Registry) -> None:
    registry.take(sheet(CHEN, MOVED))
    plan, row = registry.look(sheet(CHEN)).dropped[0]
    registry.take(sheet(CHEN))
    assert registry.posts("陈晓明")[1][3] is None
    registry.now = NOW + timedelta(days=10)
    registry.take(sheet(CHEN), ended=frozenset({row.id}))
    assert registry.posts("陈晓明")[1][3] == registry.today - timedelta(days=1)
    assert plan.person


def test_leavers_stay_until_ticked_then_lose_posts_and_duties(registry: Registry) -> None:
    lin = registry.people["林秀英"]
    with writing(registry.make) as session:
        County(session).trust(session.merge(lin), "administrator", session.merge(registry.at.xikou))
    registry.take(sheet(CHEN))
    assert registry.person("林秀英").left_on is None  # type: ignore[union-attr]
    registry.take(sheet(CHEN), left=frozenset({lin.id}))
    assert registry.person("林秀英").left_on == YESTERDAY  # type: ignore[union-attr]
    assert registry.posts("林秀英")[0][3] == YESTERDAY
    with reading(registry.make) as session:
        assert session.query(ChargeRow).filter_by(person_id=lin.id).one().ends_on == YESTERDAY


def test_who_has_a_post_elsewhere_loses_only_the_one_here(registry: Registry) -> None:
    lin = registry.people["林秀英"]
    with writing(registry.make) as session:
        County(session).appoint(session.merge(lin), session.merge(registry.at.shangping_1))
    registry.take(sheet(CHEN), by="郑国平", left=frozenset({lin.id}))
    assert registry.person("林秀英").left_on is None  # type: ignore[union-attr]
    assert [each[3] for each in registry.posts("林秀英")] == [YESTERDAY, None]


def test_nobody_outside_the_list_of_leavers_can_be_ticked_away(registry: Registry) -> None:
    registry.take(sheet(CHEN, LIN), left=frozenset(each.id for each in registry.people.values()))
    assert all(registry.person(name).left_on is None for name in registry.people)  # type: ignore[union-attr]


def test_somebody_who_comes_back_is_the_same_person(registry: Registry) -> None:
    lin = registry.people["林秀英"]
    registry.take(sheet(CHEN), left=frozenset({lin.id}))
    registry.now = NOW + timedelta(days=40)
    assert [plan.name for plan in registry.look(sheet(CHEN, LIN)).of("back")] == ["林秀英"]
    registry.take(sheet(CHEN, LIN))
    back = registry.person("林秀英")
    assert back
    assert (back.id, back.left_on) == (lin.id, None)
    assert registry.posts("林秀英")[-1] == ("第二网格", "GS", registry.today, None)


def test_a_new_county_s_units_grow_level_by_level(registry: Registry) -> None:
    rows = [("", f"人{n}", "", "新丰乡", "石坑村", f"第{n}网格", "", "", "") for n in "一二三"]
    content = sheet(*rows, ("", "", "", "新丰乡", "石坑村", "第四网格", "", "", ""))
    assert registry.look(content).wants_units
    outlook = registry.look(content, grow=True)
    assert [each.words for each in outlook.tree.new] == [
        "新丰乡",
        "新丰乡石坑村",
        *(f"新丰乡石坑村第{n}网格" for n in "一二三四"),
    ]
    registry.take(content, grow=True)
    assert registry.look(content, grow=True).changes_nothing
    with reading(registry.make) as session:
        from banyan.records.organisation import Unit

        grid = session.query(Unit).filter_by(name="第四网格").one()
        assert (grid.code, grid.path.count("/")) == ("U000006", 5)
        assert not session.query(Appointment).filter_by(unit_id=grid.id).count()


def test_a_town_that_looks_like_a_slip_is_never_built(registry: Registry) -> None:
    outlook = registry.look(sheet(but(NEW, town="青石街")), grow=True)
    assert registry.told(outlook) == ["D2 没有“青石街”，是不是“青石镇”？"]
    assert outlook.tree.new == []


def test_standing_rules_reach_newcomers_at_once(registry: Registry, tmp_path: Path) -> None:
    registry.rulebook = house.rulebook(tmp_path / "releases")  # what is asked has to be published
    programme = next(each.code for each in registry.rulebook.programmes if each.courses == (COURSE,))
    with writing(registry.make) as session:
        made = {"due_on": TODAY + timedelta(days=30), "days": 30, "made_at": NOW}
        session.add(AssignmentRule(programme=programme, unit_id=registry.at.qingshi.id, role="GS", **made))
    registry.take(sheet(CHEN, LIN, NEW))
    with reading(registry.make) as session:
        asked = set(session.scalars(select(Assignment.person_id)))
    assert registry.person("黄小燕").id in asked  # type: ignore[union-attr]


def test_the_log_says_what_changed_and_copies_nothing_else(registry: Registry) -> None:
    registry.take(sheet(but(CHEN, phone="13911111111", post="网格长"), NEW))
    with reading(registry.make) as session:
        rows = {row.action: row for row in session.scalars(select(AuditRow))}
    assert audit.without_salt(rows["person.change"].detail) == {"phone": "13800000001 → 13911111111", "post": "网格员 → 网格长"}
    assert audit.without_salt(rows["roster.newcomers"].detail) == {"staff": ["26000001"]}
    assert audit.without_salt(rows["roster.take_in"].detail) == {"digest": "0" * 64, "fresh": 1, "changed": 1, "faulty": 0}
    assert {row.actor for row in rows.values()} == {"10010004"}
