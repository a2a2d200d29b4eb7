"""The people of one's subtree: found by name, sorted by how far they have come, nobody else's among them."""

import pytest

from banyan.portal.desks.paging import sheet
from banyan.records.engine import writing
from tests.county import County
from tests.portal.office import Office, certify, examine


def test_everybody_of_my_subtree_is_listed_with_unit_stage_and_date(office: Office) -> None:
    with writing(office.house.make) as session:
        certify(session, office.people["陈晓明"], office.house.rulebook)

    page = office.browser("郑国平").open("/people").text
    assert "陈晓明" in page
    assert "青石镇 溪口村 第一网格" in page
    assert "2027年11月23日" in page
    assert "张远" not in page


def test_who_was_never_asked_owes_nothing(office: Office) -> None:
    with writing(office.house.make) as session:
        examine(session, office.people["陈晓明"], office.house.rulebook)

    page = office.browser("郑国平").open("/people").text
    assert "未布置" in page
    assert "缺演练" in page
    assert "未学" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("q=晓", {"陈晓明"}, id="part of a name"),
        pytest.param("q=chenxm", set(), id="neither the whole nor the initials"),
        pytest.param("q=cxm", {"陈晓明"}, id="initials"),
        pytest.param("q=linxiu", {"林秀英"}, id="how a name begins in letters"),
        pytest.param("town=青石镇&q=cxm", {"陈晓明"}, id="town and initials"),
        pytest.param("q=13800000002", {"林秀英"}, id="a phone"),
        pytest.param("town=青石镇&q=林", {"林秀英"}, id="town and name"),
        pytest.param("stage=no_practical", {"陈晓明"}, id="a stage"),
        pytest.param("q=张远", set(), id="somebody else's"),
    ],
)
def test_people_are_found(office: Office, query: str, found: set[str]) -> None:
    with writing(office.house.make) as session:
        examine(session, office.people["陈晓明"], office.house.rulebook)

    main = office.browser("郑国平").open(f"/people?{query}").text.split('role="status"')[-1]
    assert {name for name in ("陈晓明", "林秀英", "黄老师") if f">{name}</a> <small" in main} == found


def test_a_long_list_comes_in_pages(office: Office) -> None:
    with writing(office.house.make) as session:
        county = County(session, people=500)
        for number in range(60):
            county.person(f"新人{number}", session.merge(office.at.xikou))

    browser = office.browser("郑国平")
    assert "第 1 页，共 2 页" in browser.open("/people").text
    assert "第 2 页，共 2 页" in browser.open("/people?p=99").text
    assert browser.open("/people?p=x").status_code == 422


@pytest.mark.parametrize(
    ("lines", "asked", "number", "pages", "shown"),
    [
        pytest.param(0, 1, 1, 1, 0, id="none"),
        pytest.param(50, 1, 1, 1, 50, id="exactly one page"),
        pytest.param(51, 2, 2, 2, 1, id="one over"),
        pytest.param(51, -3, 1, 2, 50, id="before the first"),
    ],
)
def test_a_page_beyond_the_ends_is_the_nearest(lines: int, asked: int, number: int, pages: int, shown: int) -> None:
    got = sheet(list(range(lines)), asked)
    assert (got.number, got.pages, len(got.lines), got.total) == (number, pages, shown, lines)
