"""The page of programmes: what can be assigned, what is in preparation, and that the latter cannot be assigned."""

from urllib.parse import urlencode

from banyan.records.engine import reading
from banyan.records.learning import Assignment
from tests.portal.office import Office


def test_what_is_offered_and_what_is_in_preparation(office: Office) -> None:
    page = office.browser("郑国平").open("/programmes").text
    offered, to_come = page.split("<h2>准备中</h2>")
    assert "突发事件信息报告员（入门）" in offered
    assert "网格员（入门）" in to_come
    assert "网格员上岗：巡查与采集" in to_come
    assert "gs-1-patrol" not in page
    assert "证书由另一位发证人批准" in to_come


def test_what_is_in_preparation_cannot_be_chosen_nor_assigned(office: Office) -> None:
    browser = office.browser("郑国平")
    assert "网格员（入门）" not in browser.open("/assignments/new").text
    wish = {"programme": "GS-T1", "unit": "399901101201", "role": "", "due_on": "2027-03-01"}
    assert browser.open(f"/assignments/check?{urlencode(wish)}").status_code == 422
    assert "还没有发布" in browser.submit("/assignments", **wish).text
    with reading(office.house.make) as session:
        assert session.query(Assignment).filter_by(programme="GS-T1").count() == 0


def test_it_is_not_for_learners_and_not_to_be_sent(office: Office) -> None:
    assert office.browser("陈晓明").open("/programmes").status_code in {403, 404}
    assert office.browser("郑国平").submit("/programmes").status_code == 405
