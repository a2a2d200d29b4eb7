"""The administrator's first page: one number, its picture and its list, of one's own subtree alone."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from banyan.domain.organisation import UnitLevel
from banyan.portal.app import create_app
from banyan.records.competence import Certificate
from banyan.records.engine import writing
from banyan.records.learning import Assignment, StepDone
from banyan.records.people import Person
from banyan.tracker.awards import revoke
from tests.county import NOW, County
from tests.portal.office import Browser, FrontDoor, Office, certify, examine, learn, run_out


def text(reply: Any) -> str:
    return re.sub(r"<[^>]+>", "", re.search(r"<main.*</main>", reply.text, re.S).group())  # type: ignore[union-attr]


def sheet(reply: Any) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(reply.content)).get_sheet_by_index(0).to_python()


def test_the_first_line_says_how_many_grids_have_nobody_qualified(office: Office) -> None:
    with writing(office.house.make) as session:
        certify(session, office.people["陈晓明"], office.house.rulebook)

    page = text(office.browser("周建国").open("/coverage"))
    assert re.search(r"3个网格，\s*2个无合格人员", page)
    assert "截至2026年11月23日" in page


def test_a_town_sees_its_own_grids_alone(office: Office) -> None:
    page = text(office.browser("吴美玲").open("/coverage"))
    assert re.search(r"1个网格，\s*1个无合格人员", page)
    assert "张远" in page
    assert "青石镇" not in page
    assert "陈晓明" not in page


def test_when_nothing_is_wrong_the_page_says_so(office: Office) -> None:
    with writing(office.house.make) as session:
        certify(session, office.people["张远"], office.house.rulebook)

    page = text(office.browser("吴美玲").open("/coverage"))
    assert "1个网格，个个都有合格人员" in page
    assert "每个网格都有合格人员" in page


def test_each_grid_says_why_and_whom_to_ring(office: Office) -> None:
    with writing(office.house.make) as session:
        learn(session, office.people["陈晓明"], office.house.rulebook)
        examine(session, office.people["林秀英"], office.house.rulebook)

    page = office.browser("郑国平").open("/coverage")
    assert "未考" in page.text
    assert "缺演练" in page.text
    assert f'href="tel:{office.people["林秀英"].phone}"' in page.text


def test_a_certificate_that_ran_out_or_was_revoked_covers_nothing(office: Office) -> None:
    with writing(office.house.make) as session:
        run_out(session, certify(session, office.people["陈晓明"], office.house.rulebook))
        serial = certify(session, office.people["林秀英"], office.house.rulebook).serial
        revoke(session, serial, "代考", office.me("郑国平"), NOW)

    page = text(office.browser("郑国平").open("/coverage"))
    assert re.search(r"2个网格，\s*2个无合格人员", page)
    assert "过期" in page
    assert "31天" in page
    assert "已撤销" in page


def test_each_grid_says_which_administrator_is_over_it_also_where_nobody_works(office: Office) -> None:
    with writing(office.house.make) as session:
        County(session, people=500).unit("空网格", UnitLevel.GRID, session.merge(office.at.xikou), "399901101201009")

    page = office.browser("周建国").open("/coverage")
    assert "无人" in text(page)
    assert f'href="tel:{office.people["郑国平"].phone}"' in page.text
    assert "截至2026年11月23日 10:00" in text(page)


def test_the_sheet_holds_the_lines_of_the_page(office: Office) -> None:
    rows = sheet(office.browser("周建国").open("/coverage.xlsx"))
    assert rows[0][0] == "没有合格人员的网格"
    assert "榕溪县" in rows[1][0]
    assert "截至2026年11月23日 10:00" in rows[1][0]
    assert rows[2][:3] == ["镇街", "村（社区）", "网格"]
    assert [row[:3] for row in rows[3:]] == [
        ["青石镇", "溪口村", "第一网格"],
        ["青石镇", "溪口村", "第二网格"],
        ["云溪镇", "上坪村", "第一网格"],
    ]
    assert rows[3][8:10] == ["郑国平", office.people["郑国平"].phone]

    town = sheet(office.browser("周建国").open(f"/coverage.xlsx?town={office.at.yunxi.code}"))
    assert len(town) == 4, "the sheet is filtered as the page is"


@pytest.mark.parametrize("path", ["/coverage", "/coverage.xlsx", "/people"])
def test_a_programme_is_chosen_in_the_address(office: Office, path: str) -> None:
    rulebook = office.house.rulebook
    other = replace(rulebook.programmes[0], code="ER-T2", title={"zh": "另一个培训", "en": "Another"})
    two = replace(office.house, rulebook=replace(rulebook, programmes=(*rulebook.programmes, other)))
    browser = replace(office, house=two, app=create_app(two, FrontDoor())).browser("周建国")
    with writing(office.house.make) as session:
        certify(session, office.people["陈晓明"], rulebook)

    assert browser.open(f"{path}?programme=XX").status_code == 404
    reply = browser.open(f"{path}?programme=ER-T2")
    if path == "/coverage":
        assert "另一个培训" in text(reply)
        assert re.search(r"3个网格，\s*3个无合格人员", text(reply)), "a certificate of one programme is none of the other"
        assert "programme=ER-T2" in reply.text, "the sheet and the filters stay with it"
    assert reply.status_code == 200


def test_the_list_is_filtered_by_town_and_reason(office: Office) -> None:
    browser = office.browser("周建国")
    yunxi = office.at.yunxi.code

    assert "找到1个网格" in text(browser.open(f"/coverage?town={yunxi}"))
    assert "没有这样的网格" in text(browser.open(f"/coverage?town={yunxi}&why=revoked"))
    assert "3个网格" in text(browser.open(f"/coverage?town={yunxi}")), "the number stays that of the whole"


@pytest.mark.parametrize("query", ["town=1", "why=x", "why=qualified", "town=399901102000"])
def test_a_filter_that_is_not_mine_is_not_there(office: Office, query: str) -> None:
    assert office.browser("郑国平").open(f"/coverage?{query}").status_code == 404


PAGES = [
    *((f"/coverage{kind}", "郑国平") for kind in ("", ".xlsx")),
    *((f"/unfinished{kind}", "郑国平") for kind in ("", ".xlsx", "/texts")),
    *((path, "郑国平") for path in ("/people", "/issued", "/assignments")),
    ("/teaching", "黄老师"),
]


def test_a_page_costs_the_same_number_of_queries_however_large_the_county(office: Office) -> None:
    few = {page: queries(office, *page) for page in PAGES}
    with writing(office.house.make) as session:
        county = County(session, people=500)
        village = session.merge(office.at.xikou)
        for number in range(25):
            unit = county.unit(f"新{number}网格", UnitLevel.GRID, village, f"3999011012019{number:02}")
            certify(session, county.person(f"新{number}", unit), office.house.rulebook)

    assert {page: queries(office, *page) for page in PAGES} == few


def test_a_list_makes_no_records_of_those_it_lists(office: Office) -> None:
    with writing(office.house.make) as session:
        county = County(session, people=500)
        for number in range(20):
            person = county.person(f"新{number}", session.merge(office.at.xikou_1))
            session.flush()
            (certify if number % 2 else learn)(session, person, office.house.rulebook)
    for path, who in (("/coverage", "郑国平"), ("/unfinished", "郑国平"), ("/people", "郑国平"), ("/teaching", "黄老师")):
        browser = office.browser(who)
        assert records_made(browser, path) < 20, f"{path}: more than the reader, and the administrators to ring"


def records_made(browser: Browser, path: str) -> int:
    """Return how many records were made of rows for a page."""
    made: list[object] = []

    def note(record: object, _context: Any) -> None:
        made.append(record)

    for each in (Person, Certificate, Assignment, StepDone):
        event.listen(each, "load", note)
    reply = browser.open(path)
    for each in (Person, Certificate, Assignment, StepDone):
        event.remove(each, "load", note)
    assert reply.status_code == 200
    return len(made)


def queries(office: Office, path: str, who: str = "郑国平") -> int:
    """Count what a page asks of the records."""
    asked: list[str] = []
    engine = office.house.make.kw["bind"]

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    reply = office.browser(who).open(path)
    event.remove(engine, "before_cursor_execute", note)
    assert reply.status_code == 200
    return len(asked)
