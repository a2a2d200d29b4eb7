"""Units and posts on their pages."""

from datetime import timedelta

from tests.county import TODAY
from tests.portal.office import Office
from tests.tracker.roster.registry import xlsx

TOWN, COUNTY = "郑国平", "周建国"


def test_an_administrator_walks_the_tree_adds_to_it_and_rearranges_it(office: Office) -> None:
    browser, xikou = office.browser(COUNTY), f"/units/{office.at.xikou.code}"
    assert browser.open("/units").headers["location"].endswith(office.at.county.code)
    assert browser.submit(f"{xikou}/below", name="第三网格", new_code="399901101201003").status_code == 303
    page = browser.open(xikou).text
    assert "第三网格" in page
    assert "社区村" in page
    reply = browser.submit(f"{xikou}/move", to=office.at.yunxi.code, reason="2026年区划调整")
    assert reply.status_code == 303
    assert "云溪镇" in browser.open(xikou).text
    assert office.browser(TOWN).open(xikou).status_code == 404
    assert office.browser("吴美玲").open(xikou).status_code == 200


def test_what_is_wrong_is_said_on_the_page(office: Office) -> None:
    browser, town = office.browser(COUNTY), f"/units/{office.at.qingshi.code}"
    assert "不能倒过来放" in browser.submit(f"{town}/move", to=office.at.xikou.code, reason="区划调整").text
    village = f"/units/{office.at.xikou.code}"
    assert "前12位" in browser.submit(f"{village}/below", name="第三网格", new_code="399901102201003").text
    assert browser.submit(f"{town}/name", name="").status_code == 422
    assert browser.submit(f"{town}/facilities", kind="x", name="某处").status_code == 422


def test_a_facility_comes_and_goes(office: Office) -> None:
    browser, path = office.browser(TOWN), f"/units/{office.at.xikou.code}"
    form = {"kind": "womens_corner", "name": "溪口妇女微家", "address": "溪口村18号"}
    assert browser.submit(f"{path}/facilities", **form).status_code == 303
    page = browser.open(path).text
    assert "妇女微家" in page
    number = page.split('name="facility" value="')[1].split('"')[0]
    assert browser.submit(f"{path}/facilities/end", facility=number).status_code == 303
    assert 'name="facility"' not in browser.open(path).text


def test_somebody_is_moved_on_their_page_and_the_timeline_keeps_both(office: Office) -> None:
    browser, path = office.browser(TOWN), f"/people/{office.people['陈晓明'].id}"
    instead = browser.open(path).text.split('name="instead"')[1].split('value="')[1].split('"')[0]
    form = {"at": office.at.xikou.code, "part": "第二网格", "role": "GS", "post": "专职网格员", "grade": "4"}
    day = (TODAY + timedelta(days=3)).isoformat()
    assert browser.submit(f"{path}/posts", instead=instead, from_day=day, **form).status_code == 303
    page = browser.open(path).text.split('class="timeline"')[1].split("</ol>")[0]
    assert page.index("专职网格员") < page.index("第一网格")
    assert "4级" in page
    assert "1到18" in browser.submit(f"{path}/posts", from_day=day, **{**form, "grade": "40"}).text


def test_ending_the_only_post_lets_somebody_leave(office: Office) -> None:
    browser, chen = office.browser(TOWN), office.people["陈晓明"]
    path = f"/people/{chen.id}"
    ending = browser.open(path).text.split('name="ending"')[1].split('value="')[1].split('"')[0]
    assert browser.submit(f"{path}/posts/end", ending=ending, last_day="nie").status_code == 422
    last = (TODAY - timedelta(days=1)).isoformat()
    assert browser.submit(f"{path}/posts/end", ending=ending, last_day=last).status_code == 303
    assert browser.open(path).status_code == 404
    assert office.browser("陈晓明").open("/learning").status_code in (302, 403, 404)


def send(office: Office, who: str, content: bytes):
    browser = office.browser(who)
    file = {"file": ("单位.xlsx", content)}
    reply = browser.post("/services/portal/units/import", data={"csrf": browser.seal}, files=file)
    return browser, reply


def test_units_from_a_sheet_are_looked_at_and_then_taken_in(office: Office) -> None:
    rows = [("单位编码", "单位名称", "上级编码"), ("399901101202", "溪尾村", office.at.qingshi.code)]
    browser, reply = send(office, COUNTY, xlsx(rows))
    path = reply.headers["location"].removeprefix("/services/portal")
    page = browser.open(path).text
    assert "溪尾村" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    digest = path.split("upload=")[1]
    assert browser.submit("/units/import/confirm", upload=digest, seen="0" * 16).status_code == 409
    assert "溪尾村" not in browser.open(f"/units/{office.at.qingshi.code}").text
    assert browser.submit("/units/import/confirm", upload=digest, seen=seen).status_code == 303
    assert "溪尾村" in browser.open(f"/units/{office.at.qingshi.code}").text


def test_a_fault_is_told_with_sheet_and_cell_and_cannot_be_confirmed(office: Office) -> None:
    rows = [("单位编码", "单位名称", "上级编码"), ("399901102299", "溪尾村", office.at.qingshi.code)]
    browser, reply = send(office, TOWN, xlsx(rows))
    page = browser.open(reply.headers["location"].removeprefix("/services/portal")).text
    assert "名册!A2" in page
    assert "/units/import/confirm" not in page
    assert send(office, TOWN, b"")[1].status_code == 422
    assert "没有认出" in browser.open(send(office, TOWN, xlsx([("甲", "乙"), ("1", "2")]))[1].headers["location"][16:]).text
