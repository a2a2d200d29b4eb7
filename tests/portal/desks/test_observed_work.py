"""Observation and practice at the desk and on the learner's page: filled in, decided, read by whom it concerns."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from banyan.records.competence import EvidenceRow
from banyan.records.engine import reading, writing
from banyan.records.observations import Observation
from banyan.records.people import Person
from banyan.records.pieces import Piece
from tests.county import COURSE, TODAY, County
from tests.portal.office import Browser, Office

MARKS = {f"mark:C5.2.{letter}": "yes" for letter in "abcd"}
SHEET = {"competency": "C5.2", "level": "4", "day": TODAY.isoformat(), "place": "村委会", "note": "说得清楚", **MARKS}
PRACTICE = {
    "competency": "C2.1", "first": "2026-11-02", "last": "2026-11-20", "hours": "24", "place": "溪口村",
    "words": "跟着走访了十二户人家", "form_key": "practice",
}  # fmt: skip


def send(browser: Browser, path: str, **fields: object) -> object:
    return browser.post(f"/services/portal{path}", data={"csrf": browser.seal, **fields})


def main(browser: Browser, path: str) -> str:
    return browser.open(path).text.partition("<main")[2].partition("</main>")[0]


def count(office: Office, table: type) -> int:
    with reading(office.house.make) as session:
        return session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def office(office: Office) -> Office:
    """With a second assessor, over the whole county."""
    with writing(office.house.make) as session:
        county = County(session, people=900)
        person = county.person("孙老师", office.at.county)
        county.trust(person, "assessor", office.at.county, COURSE)
    office.people["孙老师"] = person
    return office


def test_two_assessors_and_the_learner_each_read_what_is_theirs_to_read(office: Office) -> None:
    one, other, learner = (office.browser(name) for name in ("许素芬", "孙老师", "陈晓明"))
    path = f"/observations/new/{COURSE}/{office.people['陈晓明'].id}"
    assert "遇到险情" in main(one, f"{path}?competency=C5.2")
    assert send(one, path, **SHEET, form_key="one").headers["location"].endswith("/observations/1")
    assert "还差一位" in main(one, "/observations/1")
    assert "另一位考评员看的" in main(other, "/observations/1")
    assert "说得清楚" not in main(other, "/observations/1")
    assert send(other, path, **(SHEET | {"mark:C5.2.b": "not_yet"}), form_key="two").status_code == 303
    assert "说得不一样" in main(one, "/observations/1")
    assert "说得清楚" in main(other, "/observations/1")
    told = main(learner, "/record")
    assert "两位考评员有的地方说得不一样" in told
    assert "孙老师" in told
    assert count(office, EvidenceRow) == 2


def test_what_is_left_open_comes_back_as_it_was(office: Office) -> None:
    assessor, path = office.browser("许素芬"), f"/observations/new/{COURSE}/{office.people['陈晓明'].id}"
    for asked in ("晓明", "cxm"):
        assert path in main(assessor, f"/observations?q={asked}")
    sheet = {key: value for key, value in SHEET.items() if key != "mark:C5.2.c"}
    for spoilt in (sheet, SHEET | {"mark:C5.2.c": "maybe"}, SHEET | {"day": "昨天"}, SHEET | {"level": "x"}, {}):
        reply = send(assessor, path, **spoilt)
        assert reply.status_code == 422
    assert count(office, Observation) == 0
    assert 'name="place" type="text" value="村委会"' in send(assessor, path, **sheet).text


def test_one_s_own_is_put_right_with_a_reason_and_another_s_is_not(office: Office) -> None:
    one, other = office.browser("许素芬"), office.browser("孙老师")
    send(one, f"/observations/new/{COURSE}/{office.people['陈晓明'].id}", **SHEET, form_key="one")
    fixed = SHEET | {"mark:C5.2.a": "unseen", "form_key": "fix"}
    assert send(one, "/observations/1/correct", **fixed, reason="").status_code == 422
    assert send(other, "/observations/1/correct", **fixed, reason="我觉得不对").status_code == 422
    assert other.open("/observations/1/correct").status_code == 303
    assert 'value="村委会"' in main(one, "/observations/1/correct")
    assert send(one, "/observations/1/correct", **fixed, reason="录像里没有这一项").status_code == 303
    assert "录像里没有这一项" in main(office.browser("陈晓明"), "/record")


def test_practice_goes_to_whom_it_names_and_comes_back(office: Office) -> None:
    learner, guide = office.browser("陈晓明"), office.browser("黄老师")
    assert "黄老师" in main(learner, "/record/practice")
    sent = PRACTICE | {"guide": office.people["黄老师"].id}
    assert send(learner, "/record/practice", **(sent | {"hours": "三天"})).status_code == 422
    assert send(learner, "/record/practice", **(sent | {"first": ""})).status_code == 422
    for _ in range(2):
        assert send(learner, "/record/practice", **sent).status_code == 303
    assert count(office, Piece) == 1
    assert "请您看" in main(guide, "/practices")
    assert "请您看" not in main(office.browser("何老师"), "/practices")
    assert "跟着走访了十二户人家" in main(guide, "/practices/1")
    assert send(guide, "/practices/1", outcome="maybe").status_code == 422
    assert send(guide, "/practices/1", outcome="returned", words="请写清楚是哪几户").status_code == 303
    assert "请写清楚是哪几户" in main(learner, "/record")
    assert "跟着走访了十二户人家" in main(learner, "/record/practice?again=1")
    assert send(learner, "/record/practice", **(sent | {"form_key": "again", "replaces": 1})).status_code == 303
    assert send(guide, "/practices/2", outcome="accepted", seen=["C2.1.a", "C2.1.c"]).status_code == 303
    assert count(office, EvidenceRow) == 1
    assert send(office.browser("何老师"), "/practices/2", outcome="returned", words="不是我带的").status_code == 422


def gone(office: Office, name: str) -> None:
    """Let somebody have left yesterday."""
    with writing(office.house.make) as session:
        session.get_one(Person, office.people[name].id).left_on = TODAY - timedelta(days=1)


def test_whose_assessor_left_is_withdrawn_whole_by_another_and_the_learner_reads_why(office: Office) -> None:
    other, path = office.browser("孙老师"), f"/observations/new/{COURSE}/{office.people['陈晓明'].id}"
    send(office.browser("许素芬"), path, **SHEET, form_key="one")
    gone(office, "许素芬")
    assert "/observations/1" in main(other, path), "found by the person"
    assert "/observations/1/correct" in main(other, "/observations/1")
    form = main(other, "/observations/1/correct")
    assert "许素芬已经不在这里考评这门课了" in form
    assert "mark:C5.2.a" not in form
    assert send(other, "/observations/1/correct", whole="1", reason="错", form_key="x").status_code == 422
    assert count(office, Observation) == 1
    reply = send(other, "/observations/1/correct", whole="1", reason="那天他不在村里", form_key="x")
    assert reply.headers["location"].endswith("/observations/2")
    assert other.open("/observations/1").headers["location"].endswith("/observations/2")
    assert "这次观察撤回了" in main(other, "/observations/2")
    told = main(office.browser("陈晓明"), "/record")
    assert "那天他不在村里" in told
    assert "撤回了" in told


def test_one_s_own_is_withdrawn_and_brought_back(office: Office) -> None:
    one = office.browser("许素芬")
    send(one, f"/observations/new/{COURSE}/{office.people['陈晓明'].id}", **SHEET, form_key="one")
    assert "记错了人，或者没有这次观察" in main(one, "/observations/1/correct")
    assert send(one, "/observations/1/correct", whole="1", reason="记错了人，是他的邻居", form_key="x").status_code == 303
    assert "撤错了，改回来" in main(one, "/observations/2")
    assert "保存以后又算数" in main(one, "/observations/2/correct")
    assert "撤回了" in main(one, "/observations")
    assert send(one, "/observations/2/correct", **SHEET, form_key="back", reason="看了照片，就是他").status_code == 303
    assert count(office, EvidenceRow) == 2
    assert one.open("/observations/1/correct").headers["location"].endswith("/observations/3/correct")


def test_practice_whose_guide_left_is_withdrawn_by_another_on_its_page(office: Office) -> None:
    learner, other = office.browser("陈晓明"), office.browser("何老师")
    send(learner, "/record/practice", **PRACTICE, guide=office.people["黄老师"].id)
    send(office.browser("黄老师"), "/practices/1", outcome="accepted", seen=["C2.1.a"])
    assert "整次撤回" not in main(other, "/practices/1")
    gone(office, "黄老师")
    form = main(other, "/practices/1")
    assert "黄老师已经不在这里带人了" in form
    known = form.partition('name="known" value="')[2].partition('"')[0]
    sent = {"outcome": "returned", "whole": "1", "known": known}
    assert send(other, "/practices/1", **sent, reason="").status_code == 422
    assert send(other, "/practices/1", **sent, reason="查出来是别人做的").status_code == 303
    assert "查出来是别人做的" in main(learner, "/record")
    assert send(other, "/practices/1", outcome="accepted", seen=["C2.1.a"], known=known).status_code == 422


def test_english_has_words_for_what_is_withdrawn(office: Office) -> None:
    send(office.browser("许素芬"), f"/observations/new/{COURSE}/{office.people['陈晓明'].id}", **SHEET, form_key="one")
    gone(office, "许素芬")
    assert "no longer assesses this course here" in main(office.browser("孙老师"), "/observations/1/correct?lang=en")
