"""Who has not finished: seen by their own administrator alone, reminded once a day, called upon without a name."""

import re
from datetime import date, timedelta

import pytest

from banyan.domain.readiness import Halt
from banyan.portal.desks import paging as sheet_of_page
from banyan.portal.desks.unfinished import TownText, town_texts
from banyan.records.engine import reading, writing
from banyan.records.learning import Assignment, Reminder
from banyan.records.people import Person
from banyan.tracker.advance import Way
from banyan.tracker.people import Contact
from banyan.tracker.reminders import OpenLine
from tests.county import NOW, TODAY
from tests.portal.desks.test_coverage import sheet, text
from tests.portal.office import Office, certify, examine

REMINDED = "/unfinished/{}/reminded"


def ask(office: Office, *names: str, days: int = 10) -> None:
    with writing(office.house.make) as session:
        for name in names:
            due, code = TODAY + timedelta(days=days), office.house.rulebook.programmes[0].code
            session.add(Assignment(person_id=office.people[name].id, programme=code, due_on=due, assigned_at=NOW))


def test_each_line_says_where_somebody_stands_by_when_and_whom_to_ring(office: Office) -> None:
    ask(office, "陈晓明", days=-3)
    with writing(office.house.make) as session:
        examine(session, office.people["林秀英"], office.house.rulebook)

    page = office.browser("郑国平").open("/unfinished")
    said = text(page)
    assert re.search(r"2\s*个人还没有完成", said)
    assert "其中1人过了期限" in said
    assert "还没开始" in said
    assert "过了3天" in said
    assert "缺演练" in said
    assert f'href="tel:{office.people["陈晓明"].phone}"' in page.text


def test_a_town_sees_its_own_people_alone(office: Office) -> None:
    ask(office, "陈晓明", "张远")
    said = text(office.browser("吴美玲").open("/unfinished"))
    assert "张远" in said
    assert "陈晓明" not in said


def test_who_holds_a_certificate_is_not_on_the_list(office: Office) -> None:
    with writing(office.house.make) as session:
        certify(session, office.people["陈晓明"], office.house.rulebook)
    assert "没有人欠着培训" in text(office.browser("周建国").open("/unfinished"))


def test_the_list_is_filtered_by_town_stage_and_day(office: Office) -> None:
    ask(office, "陈晓明", days=-3)
    ask(office, "张远")
    browser = office.browser("周建国")
    assert "找到1个人" in text(browser.open("/unfinished?town=云溪镇"))
    assert "陈晓明" in text(browser.open("/unfinished?late=1&halt=new"))
    assert "没有这样的人" in text(browser.open("/unfinished?halt=marking"))


@pytest.mark.parametrize("query", ["town=云溪镇", "halt=x", "programme=XX"])
def test_a_filter_that_is_not_mine_is_not_there(office: Office, query: str) -> None:
    ask(office, "陈晓明")
    assert office.browser("郑国平").open(f"/unfinished?{query}").status_code == 404


def test_reminded_once_a_day_the_second_is_told_of_the_first(office: Office) -> None:
    ask(office, "陈晓明")
    number = office.people["陈晓明"].id
    first = office.browser("郑国平").submit(REMINDED.format(number), town="青石镇", p="1")
    assert first.status_code == 303
    assert first.headers["location"].endswith(f"?town=%E9%9D%92%E7%9F%B3%E9%95%87&p=1#person-{number}")

    second = office.browser("周建国")
    reply = second.submit(REMINDED.format(number))
    said = text(second.get(reply.headers["location"]))
    assert "郑国平在11月23日 10:00已经提醒过陈晓明了" in said
    with reading(office.house.make) as session:
        assert session.query(Reminder).count() == 1

    tomorrow = office.later(1).browser("周建国")
    assert "told" not in tomorrow.submit(REMINDED.format(number)).headers["location"]
    with reading(office.house.make) as session:
        assert session.query(Reminder).count() == 2


def test_who_was_not_asked_is_not_reminded(office: Office) -> None:
    reply = office.browser("郑国平").submit(REMINDED.format(office.people["陈晓明"].id))
    assert reply.status_code == 422


def test_a_stranger_reminds_nobody(office: Office) -> None:
    ask(office, "陈晓明")
    assert office.browser("吴美玲").submit(REMINDED.format(office.people["陈晓明"].id)).status_code == 404


def test_the_text_for_the_group_names_the_day_the_link_and_nobody(office: Office) -> None:
    ask(office, "陈晓明", days=-3)
    ask(office, "林秀英", "张远")
    page = office.browser("周建国").open("/unfinished/texts").text
    texts = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert [("云溪镇" in each, "青石镇" in each) for each in texts] == [(True, False), (False, True)]
    qingshi = texts[1]
    assert "请在12月3日前完成" in qingshi
    assert "还有2人没有完成" in qingshi
    assert "其中1人已经过了期限" in qingshi
    assert "http://xuexi.example/services/portal/learning" in qingshi
    assert not [name for name in office.people if name in "".join(texts)]


def test_the_sheet_holds_the_lines_of_the_page_as_text(office: Office) -> None:
    ask(office, "陈晓明", days=-3)
    with writing(office.house.make) as session:
        session.get_one(Person, office.people["陈晓明"].id).name = '=HYPERLINK("http://x","y")'
    reply = office.browser("郑国平").open("/unfinished.xlsx")
    assert reply.headers["content-type"].endswith("spreadsheetml.sheet")
    rows = sheet(reply)
    assert rows[0][0] == "还没有完成培训的人"
    assert "截至2026年11月23日 10:00" in rows[1][0]
    assert rows[3][:3] == ['=HYPERLINK("http://x","y")', office.people["陈晓明"].staff_number, "青石镇 溪口村 第一网格"]
    assert rows[3][5] == "过了"
    assert rows[3][6] == office.people["陈晓明"].phone


def line(town: str, halt: Halt, days: int) -> OpenLine:
    due = TODAY + timedelta(days=days)
    return OpenLine(Contact(1, "B1", "陈晓明", ""), (town, "村", "网格"), Way(halt), due, due < TODAY, None)


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        pytest.param([], [], id="nobody"),
        pytest.param([line("甲镇", Halt.MARKING, 1), line("甲镇", Halt.PRACTICAL, -1)], [], id="all wait for others"),
        pytest.param(
            [line("乙镇", Halt.NEW, 9), line("甲镇", Halt.RETRY, 3), line("乙镇", Halt.TO_SIT, 5), line("乙镇", Halt.NEW, -5)],
            [TownText("乙镇", 3, 1, date(2026, 11, 28)), TownText("甲镇", 1, 0, date(2026, 11, 26))],
            id="the nearest day ahead",
        ),
        pytest.param([line("甲镇", Halt.NEW, -1)], [TownText("甲镇", 1, 1, None)], id="all late"),
    ],
)
def test_a_text_counts_those_whose_turn_it_is(lines: list[OpenLine], texts: list[TownText]) -> None:
    assert town_texts(lines) == texts


def test_all_lines_stand_on_one_page_to_be_printed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_of_page.sheet, "__defaults__", (1,))
    ask(office, "林秀英", "陈晓明")
    browser = office.browser("周建国")
    paged, whole = (browser.get(f"/services/portal/unfinished{each}").text for each in ("", "?all=1"))
    assert "打印全部" in paged
    assert paged.count('id="person-') == 1
    assert "打印全部" not in whole
    assert whole.count('id="person-') > 1
