"""Voluntary service at the desk: written down, paired, confirmed, and read by the volunteer."""

from datetime import timedelta

from sqlalchemy import func, select

from banyan.records.engine import reading, writing
from banyan.records.people import Person
from banyan.records.service import ServedRow, ServiceActivity
from tests.county import TODAY
from tests.portal.office import Browser, Office

FORM = {
    "kind": "elders", "title": "上门看望老人", "place": "溪口村", "day": "2026-11-20", "begins": "09:00", "ends": "11:30",
    "form_key": "key",
}  # fmt: skip


def send(browser: Browser, path: str, **fields: object) -> object:
    return browser.post(f"/services/portal{path}", data={"csrf": browser.seal, **fields})


def main(browser: Browser, path: str) -> str:
    return browser.open(path).text.partition("<main")[2].partition("</main>")[0]


def count(office: Office, table: type) -> int:
    with reading(office.house.make) as session:
        return session.scalar(select(func.count()).select_from(table))


def test_from_writing_it_down_to_the_volunteer_s_page(office: Office) -> None:
    leader, unit, person = office.browser("蔡明辉"), office.at.qingshi.code, office.people["陈晓明"].id
    assert "您还没有记过活动" in main(leader, "/service")
    assert send(leader, "/service", **FORM, unit=unit).headers["location"].endswith("/service/1")
    for asked in ("晓明", "cxm"):
        assert "陈晓明" in main(leader, f"/service/1?q={asked}")
    assert send(leader, "/service/1/pairs", people=[person, office.people["林秀英"].id]).status_code == 303
    late = {"begins": "09:30", "ends": "11:30"}
    assert send(leader, f"/service/1/people/{person}", **late).status_code == 303
    assert send(leader, "/service/1/whole").status_code == 303
    assert count(office, ServedRow) == 2
    assert "120分钟" in main(leader, "/service/1")
    assert send(leader, f"/service/1/people/{person}", absent="1").status_code == 422, "put right without a reason"
    assert send(leader, f"/service/1/people/{person}", begins="10:00", ends="11:30", reason="十点才到").status_code == 303
    told = main(office.browser("陈晓明"), "/record")
    assert "一共1.5小时" in told
    assert "十点才到" in told
    assert "再做98.5小时，就是1星" in told
    assert "一共2.5小时" in main(office.browser("林秀英"), "/record")


def test_what_is_wrong_is_said_on_the_form(office: Office) -> None:
    leader, unit = office.browser("蔡明辉"), office.at.qingshi.code
    for spoilt in ({"day": ""}, {"begins": "12:00"}, {"kind": "party"}, {"title": ""}, {"day": "2020-11-20"}):
        reply = send(leader, "/service", **(FORM | spoilt), unit=unit)
        assert reply.status_code == 422, spoilt
        assert 'value="溪口村"' in reply.text
    assert send(leader, "/service", **FORM, unit=office.at.yunxi.code).status_code == 404
    assert count(office, ServiceActivity) == 0
    send(leader, "/service", **FORM, unit=unit)
    person = office.people["陈晓明"].id
    send(leader, "/service/1/pairs", people=person)
    for spoilt in ({"begins": "08:00", "ends": "11:30"}, {"begins": "", "ends": ""}, {"begins": "11:00", "ends": "09:00"}):
        assert send(leader, f"/service/1/people/{person}", **spoilt).status_code == 422, spoilt
    assert send(office.browser("郑国平"), "/service/1/whole").status_code == 422
    assert count(office, ServedRow) == 0


def test_hours_confirmed_late_ask_for_no_reason_and_the_volunteer_reads_why_in_their_language(office: Office) -> None:
    leader, unit, person = office.browser("蔡明辉"), office.at.qingshi.code, office.people["陈晓明"].id
    days = {"2026-11-01": "17:00", "2026-11-10": "17:00", "2026-11-20": "17:00", "2026-11-15": "15:00"}
    for number, (day, ends) in enumerate(days.items(), start=1):
        told = {"day": day, "begins": "09:00", "ends": ends, "form_key": day}
        assert send(leader, "/service", **(FORM | told), unit=unit).status_code == 303
        send(leader, f"/service/{number}/pairs", people=person)
        assert send(leader, f"/service/{number}/whole").status_code == 303, day
    learner = office.browser("陈晓明")
    assert "后来补认了时数，重新算过" in main(learner, "/record")
    assert "Hours confirmed later; counted anew" in main(learner, "/record?lang=en")


def test_whose_leader_left_is_found_and_confirmed_by_who_leads_there_now(office: Office) -> None:
    leader, other = office.browser("蔡明辉"), office.browser("郑国平")
    send(leader, "/service", **FORM, unit=office.at.qingshi.code)
    send(leader, "/service/1/pairs", people=[office.people["陈晓明"].id, office.people["郑国平"].id])
    assert "请您接着认" not in main(other, "/service")
    with writing(office.house.make) as session:
        session.get_one(Person, office.people["蔡明辉"].id).left_on = TODAY - timedelta(days=1)
    assert "带的人不在了，请您接着认" in main(other, "/service")
    assert "/service/1" in main(other, "/service")
    page = main(other, "/service/1")
    assert "蔡明辉已经不在这里带服务了" in page
    assert f"/service/1/people/{office.people['郑国平'].id}" not in page
    assert send(other, "/service/1/whole").status_code == 303
    assert count(office, ServedRow) == 1, "not one's own"
