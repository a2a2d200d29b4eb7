"""A practical put right at the desk: ticked anew, withdrawn whole, by whom it is theirs to do, and read by the learner."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from banyan.records.competence import Practical
from banyan.records.engine import reading, writing
from banyan.records.people import ChargeRow
from tests.county import COURSE, LONG_AGO
from tests.portal.office import TICKS, Browser, Office, examine

FORM = {"seen": list(TICKS), "held_on": "2026-11-23", "place": "镇政府二楼会议室"}
BECAUSE = "那天来的是另一位"
RECORD = f"/practicals/{COURSE}/records"


@pytest.fixture
def recorded(office: Office) -> str:
    """Where 黄老师 has ticked 林秀英 off, which earned her the certificate."""
    learner = office.people["林秀英"]
    with writing(office.house.make) as session:
        examine(session, learner, office.house.rulebook)
    reply = office.browser("黄老师").submit(f"/practicals/{COURSE}/{learner.id}", **FORM, form_key="first")
    return str(reply.headers["location"]).removeprefix("/services/portal")


def main(browser: Browser, path: str) -> str:
    return str(browser.open(path).text).partition("<main")[2].partition("</main>")[0]


def correct(browser: Browser, path: str, **fields: Any) -> Any:
    return browser.submit(f"{path}/correct", **fields)


def rows(office: Office) -> int:
    with reading(office.house.make) as session:
        return session.scalar(select(func.count()).select_from(Practical)) or 0


def test_the_form_holds_what_was_recorded_and_is_reached_from_the_desk(office: Office, recorded: str) -> None:
    trainer = office.browser("黄老师")
    assert recorded in main(trainer, "/practicals")
    assert f"{recorded}/correct" in main(trainer, recorded)
    page = main(trainer, f"{recorded}/correct")
    assert len(re.findall(r'name="seen" value="[^"]+" checked', page)) == 4
    assert 'value="镇政府二楼会议室"' in page
    assert 'value="2026-11-23" required="required" min="2026-09-24" max="2026-11-23"' in page


def test_ticked_anew_the_learner_reads_what_changed_and_why(office: Office, recorded: str) -> None:
    trainer, learner = office.browser("黄老师"), office.browser("林秀英")
    reply = correct(trainer, recorded, **(FORM | {"seen": TICKS[:3], "held_on": "2026-11-20"}), reason="看录像，没有说人数")
    page = trainer.get(reply.headers["location"]).text
    assert "已改好" in page
    assert "已经交给管理员定" in page
    assert "证书已生成" not in page
    assert trainer.open(recorded).headers["location"].endswith(f"{RECORD}/2"), "an old link leads to what is said now"
    desk = main(trainer, "/practicals")
    assert ("改过" in desk, "看到3项" in desk, "看到4项" in desk) == (True, True, False)
    told = main(learner, "/record")
    assert "看录像，没有说人数" in told
    assert "原来记着看到，现在不算" in told
    assert "原来记的是2026年11月23日" in told
    assert "看录像，没有说人数" in main(office.browser("郑国平"), "/oversight")


def test_withdrawn_whole_it_counts_for_nobody_and_can_be_put_back(office: Office, recorded: str) -> None:
    trainer, learner = office.browser("黄老师"), office.browser("林秀英")
    reply = correct(trainer, recorded, whole="1", reason=BECAUSE)
    page = trainer.get(reply.headers["location"]).text
    assert "已撤回" in page
    assert BECAUSE in page
    assert "撤回了" in main(trainer, "/practicals")
    told = main(learner, "/record")
    assert "撤回了" in told
    assert BECAUSE in told
    assert "已经看到过" not in main(trainer, f"/practicals/{COURSE}/{office.people['林秀英'].id}")
    assert "又算数" in main(trainer, f"{RECORD}/2/correct")
    assert correct(trainer, f"{RECORD}/2", **FORM, reason="看了照片，就是她").status_code == 303
    assert "已改好，证书已生成" in main(trainer, f"{RECORD}/3")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"seen": TICKS[:3], "reason": "错"}, "请写为什么改", id="no reason"),
        pytest.param({"held_on": "", "reason": BECAUSE}, "请选演练的日期", id="no day"),
        pytest.param({"held_on": "2026-09-23", "reason": BECAUSE}, "最早可以填2026-09-24", id="long ago"),
        pytest.param({"reason": BECAUSE}, "没有改什么", id="nothing changed"),
        pytest.param({"whole": "1", "reason": ""}, "请写为什么改", id="withdrawn without a reason"),
    ],
)
def test_what_does_not_fit_comes_back_filled_in(office: Office, recorded: str, changes: dict[str, Any], said: str) -> None:
    reply = correct(office.browser("黄老师"), recorded, **(FORM | changes))
    assert reply.status_code == 422
    assert said in reply.text
    assert ('class="card fold" open' in reply.text) == ("whole" in changes)
    assert rows(office) == 1


def test_sent_twice_it_is_put_right_once(office: Office, recorded: str) -> None:
    trainer = office.browser("黄老师")
    fields = FORM | {"seen": TICKS[:3], "reason": "漏看了一项", "form_key": "fix"}
    assert len({correct(trainer, recorded, **fields).headers["location"] for _ in range(2)}) == 1
    assert rows(office) == 2


def test_another_trainer_reads_it_and_changes_nothing_while_who_saw_it_trains_there(office: Office, recorded: str) -> None:
    other = office.browser("何老师")
    assert "改一下" not in main(other, recorded)
    assert other.open(f"{recorded}/correct").headers["location"].endswith(recorded)
    reply = correct(other, recorded, **(FORM | {"seen": TICKS[:1]}), reason=BECAUSE)
    assert reply.status_code == 422
    assert "请黄老师自己来改" in reply.text
    assert "<form" not in reply.text.partition("<main")[2].partition("</main>")[0]
    assert correct(other, recorded, whole="1", reason=BECAUSE).status_code == 422
    assert rows(office) == 1


def test_once_who_saw_it_trains_there_no_more_another_trainer_withdraws_it(office: Office, recorded: str) -> None:
    with writing(office.house.make) as session:
        charges = session.scalars(select(ChargeRow).where(ChargeRow.person_id == office.people["黄老师"].id))
        charges.one().ends_on = LONG_AGO
    other = office.browser("何老师")
    assert f'{recorded}"' in main(other, f"/practicals/{COURSE}/{office.people['林秀英'].id}"), "found under the learner's name"
    page = main(other, f"{recorded}/correct")
    assert "黄老师已经不在这里带这门课了" in page
    assert 'name="seen"' not in page
    assert correct(other, recorded, whole="1", reason=BECAUSE).status_code == 303


@pytest.mark.parametrize(("name", "status"), [("周老师", 404), ("王老师", 404), ("林秀英", 403), ("郑国平", 403)])
def test_who_does_not_train_here_puts_nothing_right(office: Office, recorded: str, name: str, status: int) -> None:
    browser = office.browser(name)
    assert browser.open(f"{recorded}/correct").status_code == status
    assert correct(browser, recorded, **FORM, reason=BECAUSE).status_code == status
    assert browser.request("DELETE", f"/services/portal{recorded}/correct").status_code in (404, 405)
    assert rows(office) == 1


def test_under_another_course_it_is_not_there(office: Office, recorded: str) -> None:
    elsewhere = recorded.replace(COURSE, "y-1-other")
    assert office.browser("黄老师").open(f"{elsewhere}/correct").status_code == 404
