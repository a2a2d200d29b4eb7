"""Slips for a unit: chosen, issued, shown once on sheets in the order they are handed out."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Browser as Chromium
from sqlalchemy import func, select

from banyan.accounts.passwords import hash_password
from banyan.portal.app import create_app
from banyan.records.audit import AuditRow
from banyan.records.engine import reading, writing
from banyan.records.entry import Slip
from banyan.records.people import ChargeRow, Person
from tests.county import COURSE, TODAY
from tests.house import ROOT
from tests.portal.office import FrontDoor, Office

TOWN, COUNTY = "郑国平", "周建国"
CUT = """() => Array.from(document.querySelectorAll("article.slip")).flatMap(slip => {
  const edge = slip.getBoundingClientRect();
  return Array.from(slip.querySelectorAll("h3, p, svg")).filter(each => { const box = each.getBoundingClientRect();
    return box.bottom > edge.bottom || box.right > edge.right; }).map(each => each.textContent || "the code"); })"""


def count(office: Office) -> int:
    with reading(office.house.make) as session:
        return session.scalar(select(func.count()).select_from(Slip)) or 0


def names(page: str) -> list[str]:
    return re.findall(r"<h3>([^<]+)</h3>", page)


def headings(page: str) -> list[str]:
    return [each.strip() for each in re.findall(r'slip-sheet">\s*<h2>([^<]+)<', page)]


def make(office: Office, by: str, **form: str):
    return office.browser(by).submit("/slips", **{"unit": office.at.qingshi.code, "role": "", "who": "newcomers", **form})


def test_everybody_of_a_town_gets_a_slip_sorted_by_village(office: Office) -> None:
    page = make(office, COUNTY)
    assert page.status_code == 200
    assert headings(page.text) == ["青石镇", "青石镇 溪口村"]
    assert names(page.text) == ["黄老师", "郑国平", "陈晓明", "林秀英"]
    assert len(set(re.findall(r"\d{4} \d{4}</p>", page.text))) == 4
    assert "打给郑国平" in page.text
    assert "no-store" in page.headers["cache-control"]
    assert count(office) == 4
    with reading(office.house.make) as session:
        assert [row.action for row in session.scalars(select(AuditRow))] == ["slip.batch"]


def test_it_says_before_that_the_sheet_is_shown_once(office: Office) -> None:
    assert "打印页只出现一次" in office.browser(TOWN).open("/slips").text


def test_those_who_can_come_in_are_left_out_unless_asked_for(office: Office) -> None:
    with writing(office.house.make) as session:
        session.get_one(Person, office.people["陈晓明"].id).password_hash = hash_password("words of mine")
    assert "陈晓明" not in names(make(office, TOWN).text)
    assert "陈晓明" in names(make(office, TOWN, who="everybody").text)


def test_nobody_is_given_a_slip_by_who_does_not_command_them(office: Office) -> None:
    with writing(office.house.make) as session:
        person, unit = office.people["林秀英"].id, office.at.county.id
        session.add(ChargeRow(person_id=person, unit_id=unit, duty="trainer", course=COURSE, starts_on=TODAY))
    page = make(office, TOWN).text
    assert names(page) == ["黄老师", "陈晓明"], "neither the issuer nor who holds more"
    assert "要请上一级管理员来发：林秀英" in page


@pytest.mark.parametrize(
    ("form", "status"),
    [
        pytest.param({"unit": ""}, 422, id="no unit"),
        pytest.param({"role": "XX"}, 422, id="no such role"),
        pytest.param({"role": "VO"}, 422, id="nobody of that role"),
        pytest.param({"unit": "399901102000"}, 404, id="another town"),
        pytest.param({"unit": "' OR 1"}, 404, id="nonsense"),
    ],
)
def test_a_choice_that_comes_to_nothing_issues_nothing(office: Office, form: dict[str, str], status: int) -> None:
    assert make(office, TOWN, **form).status_code == status
    assert count(office) == 0


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_on_paper_nothing_of_a_slip_is_cut_off(office: Office, chromium: Chromium, language: str) -> None:
    with writing(office.house.make) as session:
        session.get_one(Person, office.people["陈晓明"].id).name = "古丽努尔·阿卜杜热西提"
    house = replace(office.house, origin="https://xuexi.qingshixian-example.gov.cn:8443")
    browser = replace(office, house=house, app=create_app(house, FrontDoor())).browser(COUNTY)
    browser.cookies.set("banyan-lang", language)
    page = browser.submit("/slips", unit=office.at.qingshi.code, role="", who="newcomers").text
    style = "".join((ROOT / "banyan/portal/static" / name).read_text(encoding="utf-8") for name in ("app.css", "desks.css"))
    paper = chromium.new_page(viewport={"width": 718, "height": 1047})  # A4 within its margins
    paper.set_content(re.sub("<link[^>]*stylesheet[^>]*>", "", page).replace("</head>", f"<style>{style}</style></head>"))
    paper.emulate_media(media="print")
    assert paper.locator("article.slip").count() == 4
    assert house.origin in paper.locator("article.slip").first.inner_text()
    assert paper.evaluate(CUT) == []
    paper.close()
