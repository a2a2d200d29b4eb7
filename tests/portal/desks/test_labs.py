"""JupyterLab at the desks: what it means is read before it is turned on; a trainer then takes a copy; others read why not."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from banyan.accounts.labs import lab_of
from banyan.records.audit import AuditRow
from banyan.records.engine import reading
from tests.county import COURSE, TODAY
from tests.portal.office import Office

REASON = "对本季度的成绩"


def path(office: Office, name: str) -> str:
    return f"/people/{office.people[name].id}/lab"


def has(office: Office, name: str) -> bool:
    with reading(office.house.make) as session:
        return lab_of(session, office.people[name].staff_number, TODAY) is not None


def turn_on(office: Office, name: str, purpose: str = "grading") -> None:
    assert office.browser("周建国").submit(path(office, name), purpose=purpose, reason=REASON).status_code == 303


def test_an_administrator_reads_what_it_means_and_turns_it_on_and_off(office: Office):
    browser, where = office.browser("周建国"), path(office, "黄老师")
    assert where in browser.open(f"/people/{office.people['黄老师'].id}").text
    page = browser.open(where).text
    for words in ("他能在服务器上运行自己写的程序", "没有姓名", "标准答案不在副本里", "打的分不算数"):
        assert words in page

    turn_on(office, "黄老师")
    assert has(office, "黄老师")
    page = browser.open(where).text
    assert "黄老师的 JupyterLab 开着" in page
    assert REASON in page
    assert "JupyterLab：开着" in browser.open(f"/people/{office.people['黄老师'].id}").text

    assert browser.submit(f"{where}/off").status_code == 303
    assert not has(office, "黄老师")
    assert "给黄老师打开 JupyterLab？" in browser.open(where).text
    with reading(office.house.make) as session:
        query = select(AuditRow.action).where(AuditRow.action.startswith("lab."))
        found = list(session.scalars(query.order_by(AuditRow.position)))
    assert found == ["lab.on", "lab.off"]


def test_without_a_reason_nothing_is_turned_on_and_what_was_chosen_stays(office: Office):
    reply = office.browser("周建国").submit(path(office, "黄老师"), purpose="tasks", reason="")
    assert reply.status_code == 422
    assert "请写明为什么打开" in reply.text
    assert re.search(r'value="tasks" required checked', reply.text)
    assert not has(office, "黄老师")


def test_who_is_no_trainer_is_offered_tasks_alone(office: Office):
    page = office.browser("周建国").open(path(office, "陈晓明")).text
    assert 'value="tasks"' in page
    assert 'value="grading"' not in page
    assert "成绩册要先有老师的职责" in page


@pytest.mark.parametrize("name", ["陈晓明", "黄老师", "吴美玲"])
def test_others_do_not_turn_it_on(office: Office, name: str):
    reply = office.browser(name).submit(path(office, "陈晓明"), purpose="tasks", reason=REASON)
    assert reply.status_code in (403, 404)
    assert not has(office, "陈晓明")


def test_nobody_turns_it_on_for_oneself(office: Office):
    assert office.browser("周建国").submit(path(office, "周建国"), purpose="tasks", reason=REASON).status_code == 404


def test_a_trainer_takes_a_copy_and_is_led_to_formgrader(office: Office):
    browser = office.browser("黄老师")
    assert "/lab" not in re.findall(r'href="/services/portal(/lab)"', browser.open("/teaching").text)
    turn_on(office, "黄老师")
    assert 'href="/services/portal/lab"' in browser.open("/teaching").text
    page = browser.open("/lab").text
    assert "在里面打的分不算数" in page
    assert "复制一份，打开" in page

    reply = browser.submit(f"/lab/gradebooks/{COURSE}")

    number = office.people["黄老师"].staff_number
    assert reply.status_code == 303
    assert reply.headers["location"] == f"/hub/spawn?next=%2Fuser%2F{number}%2Fformgrader%2Fgradebook"
    assert (office.house.labs / office.people["黄老师"].handle / "work" / "gradebooks" / COURSE / "gradebook.db").exists()
    assert "重新复制一份，打开" in browser.open("/lab").text


def test_a_course_without_a_gradebook_says_so(office: Office):
    turn_on(office, "黄老师")
    (office.house.gradebooks / COURSE / "gradebook.db").unlink()
    reply = office.browser("黄老师").submit(f"/lab/gradebooks/{COURSE}")
    assert reply.status_code == 422
    assert "还没有人交过卷" in reply.text


def test_a_trainer_without_it_gets_no_copy_and_reads_whom_to_ask(office: Office):
    browser = office.browser("黄老师")
    reply = browser.submit(f"/lab/gradebooks/{COURSE}")
    assert reply.status_code == 422
    assert "请您的管理员在您的人员页面上打开" in reply.text
    assert "郑国平" in browser.open("/lab").text
    assert not Path(office.house.labs / office.people["黄老师"].handle).exists()


def test_a_learner_with_tasks_finds_the_way_on_their_home(office: Office):
    browser = office.browser("陈晓明")
    assert "上机作业" not in browser.open("/learning").text
    turn_on(office, "陈晓明", "tasks")
    assert "去做上机作业" in browser.open("/learning").text
    number = office.people["陈晓明"].staff_number
    assert f'href="/hub/spawn?next=%2Fuser%2F{number}%2Flab"' in browser.open("/lab").text
