"""A roster in the browser: uploaded, looked at, taken in as it was looked at, by whoever may."""

import re
from typing import Any

import pytest

from banyan.accounts.slips import issue_slips
from banyan.portal.registry import PORTAL
from banyan.records.engine import reading, writing
from banyan.records.learning import Assignment
from banyan.records.people import Person
from banyan.records.roster import RosterImport
from tests.county import NOW, TODAY
from tests.portal.office import Browser, Office
from tests.tracker.roster.registry import HEAD, xlsx

NEWCOMER = ("", "黄小燕", "13900000003", "青石镇", "溪口村", "第二网格", "网格员", "兼职", "")
ROWS = [("青石镇网格员花名册",), HEAD, ("", "陈晓明", "13800000001", "青石镇", "溪口村", "第一网格", "网格员", "", ""),
        ("", "林秀英", "13800000002", "青石镇", "溪口村", "第二网格", "网格员", "", "")]  # fmt: skip


def upload(browser: Browser, content: bytes, name: str = "名册.xlsx") -> Any:
    return browser.post(f"{PORTAL}/people/import", data={"csrf": browser.seal}, files={"file": (name, content)})


def look(browser: Browser, content: bytes, extra: str = "") -> Any:
    reply = upload(browser, content)
    assert reply.status_code == 303, reply.text
    return browser.get(reply.headers["location"] + extra)


def confirm(browser: Browser, page: Any, **changes: str) -> Any:
    form = page.text[page.text.index("/people/import/confirm") :]
    fields = dict(re.findall(r'name="(upload|sheet|units|seen|only_good)" value="([^"]*)"', form))
    return browser.submit("/people/import/confirm", **{**fields, **changes})


def names(office: Office) -> set[str]:
    with reading(office.house.make) as session:
        return {row.name for row in session.query(Person)}


def test_a_look_says_what_would_change_and_changes_nothing(office: Office) -> None:
    page = look(office.browser("周建国"), xlsx([*ROWS, NEWCOMER]))

    assert page.status_code == 200
    assert "新来1人" in page.text
    assert "26000001" in page.text
    assert "黄小燕" not in names(office)


def test_what_was_looked_at_is_what_is_taken_in(office: Office) -> None:
    browser = office.browser("周建国")
    reply = confirm(browser, look(browser, xlsx([*ROWS, NEWCOMER])))

    assert reply.status_code == 303
    assert "黄小燕" in names(office)
    done = browser.get(reply.headers["location"]).text
    assert "名册已导入" in done
    assert 'id="onward"' in done, "on a county's first day its next step, not slips for a course nobody can open yet"


def test_in_a_county_that_is_open_newcomers_are_given_slips_and_an_order(office: Office) -> None:
    with writing(office.house.make) as session:
        person = office.people["陈晓明"]
        session.add(Assignment(person_id=person.id, programme="ER-T1", due_on=TODAY, assigned_at=NOW))
        issue_slips(session, [person], bytes(32), None, NOW)
    browser = office.browser("周建国")
    done = browser.get(confirm(browser, look(browser, xlsx([*ROWS, NEWCOMER]))).headers["location"]).text
    assert 'id="onward"' not in done
    assert f'class="button" href="{PORTAL}/slips"' in done
    assert f"{PORTAL}/assignments/new" in done


def test_sent_twice_it_is_done_once(office: Office) -> None:
    browser = office.browser("周建国")
    page = look(browser, xlsx([*ROWS, NEWCOMER]))
    first, second = confirm(browser, page), confirm(browser, page)

    assert (first.status_code, second.status_code) == (303, 303)
    with reading(office.house.make) as session:
        assert session.query(RosterImport).count() == 1


def test_the_same_file_again_changes_nothing_and_says_so(office: Office) -> None:
    browser = office.browser("周建国")
    sheet = xlsx([*ROWS, NEWCOMER])
    confirm(browser, look(browser, sheet))

    again = look(browser, sheet).text
    assert "一模一样，不用导入" in again
    assert "就这样，导入" not in again


def test_if_something_changed_meanwhile_one_looks_again(office: Office) -> None:
    browser, other = office.browser("周建国"), office.browser("郑国平")
    page = look(browser, xlsx([*ROWS, NEWCOMER]))
    confirm(other, look(other, xlsx([*ROWS, ("", "李四", "13900000004", *NEWCOMER[3:])])))

    reply = confirm(browser, page)
    assert reply.status_code == 409
    assert "请再看一遍" in reply.text
    assert "黄小燕" not in names(office)


def test_nothing_comes_in_while_a_row_is_faulty_unless_that_is_chosen(office: Office) -> None:
    browser = office.browser("周建国")
    page = look(browser, xlsx([*ROWS, NEWCOMER, ("", "李四", "139", *NEWCOMER[3:])]))
    assert "名册!C6" in page.text
    assert "这里是3位" in page.text

    assert confirm(browser, page, only_good="").status_code == 409
    assert "黄小燕" not in names(office)
    done = confirm(browser, page)
    assert done.status_code == 303
    assert "黄小燕" in names(office)
    assert "李四" not in names(office)
    assert "marked.xlsx" in browser.get(done.headers["location"]).text


def test_an_unknown_post_is_asked_once(office: Office) -> None:
    browser = office.browser("周建国")
    sheet = xlsx([*ROWS, ("", "李四", "13900000004", "青石镇", "溪口村", "", "楼栋长", "", "")])
    page = look(browser, sheet)
    assert "这些岗位是哪一类人？" in page.text

    browser.submit("/people/import/posts", **{"post-1": "楼栋长", "role-1": "VO"})
    again = look(browser, sheet)
    assert "这些岗位是哪一类人？" not in again.text
    assert "新来1人" in again.text


def test_a_column_matched_by_hand_is_remembered(office: Office) -> None:
    browser = office.browser("周建国")
    rows = [("谁", "号", "镇街", "村社区", "网格"), ("李四", "13900000004", "青石镇", "溪口村", "第二网格")]
    page = look(browser, xlsx(rows))
    assert "没有认出“姓名”是哪一列" in page.text

    digest = re.search(r'name="upload" value="(\w+)"', page.text)
    assert digest
    kept = browser.submit(
        "/people/import/columns",
        **{
            "upload": digest[1],
            "column-0": "name",
            "column-1": "phone",
            "column-2": "town",
            "column-3": "community",
            "column-4": "grid",
        },
    )
    assert "新来1人" in browser.get(kept.headers["location"]).text
    assert "新来1人" in look(browser, xlsx(rows)).text


def test_two_columns_cannot_be_the_same(office: Office) -> None:
    browser = office.browser("周建国")
    page = look(browser, xlsx([("谁", "号", "镇街"), ("李四", "139", "青石镇")]))
    digest = re.search(r'name="upload" value="(\w+)"', page.text)
    assert digest
    told = browser.submit("/people/import/columns", **{"upload": digest[1], "column-0": "name", "column-1": "name"})
    assert told.status_code == 422
    assert "有两列选成了同一项" in told.text


def test_new_units_come_in_by_an_explicit_choice(office: Office) -> None:
    browser = office.browser("周建国")
    sheet = xlsx([*ROWS, ("", "李四", "13900000004", "新丰乡", "石坑村", "第一网格", "网格员", "", "")])
    page = look(browser, sheet)
    assert "有的单位系统里还没有" in page.text
    assert "“新丰乡”1行" in page.text

    page = look(browser, sheet, "&units=1")
    assert "新建3个单位" in page.text
    confirm(browser, page)
    assert "李四" in names(office)


def test_leavers_are_shown_and_go_only_when_ticked(office: Office) -> None:
    browser = office.browser("周建国")
    page = look(browser, xlsx([*ROWS[:3], NEWCOMER]))
    left = f"left-{office.people['林秀英'].id}"
    assert left in page.text

    confirm(browser, page)
    assert browser.open("/people?q=林秀英").text.count("林秀英")
    page = look(browser, xlsx([*ROWS[:3], NEWCOMER]))
    confirm(browser, page, **{left: "1"})
    with reading(office.house.make) as session:
        assert session.get_one(Person, office.people["林秀英"].id).left_on is not None


def test_an_upload_is_nobody_elses(office: Office) -> None:
    where = upload(office.browser("周建国"), xlsx(ROWS)).headers["location"]
    told = office.browser("郑国平").get(where)
    assert "已经不在了" in told.text
    assert "陈晓明" not in told.text


def test_the_marked_sheet_is_one_tap_away(office: Office) -> None:
    browser = office.browser("周建国")
    page = look(browser, xlsx([*ROWS, ("", "李四", "139", *NEWCOMER[3:])]))
    address = re.search(r'href="([^"]*marked\.xlsx[^"]*)"', page.text)
    assert address
    assert browser.get(address[1].replace("&amp;", "&")).content[:2] == b"PK"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "请先选一个文件", id="none"),
        pytest.param(b"PK\x03\x04 broken", "读不出来", id="broken"),
        pytest.param(b"\x00\x01\x02" * 50, "读不出来", id="no sheet"),
    ],
)
def test_what_is_no_roster_is_told_in_words(office: Office, content: bytes, words: str) -> None:
    told = upload(office.browser("周建国"), content)
    assert told.status_code == 422
    assert words in told.text


def test_what_is_too_large_is_refused_before_it_is_read(office: Office) -> None:
    browser = office.browser("周建国")
    headers = {"content-length": str(50 * 1024 * 1024), "content-type": "multipart/form-data; boundary=x"}
    told = browser.post(f"{PORTAL}/people/import", content=b"--x", headers=headers)
    assert told.status_code == 422
    assert "最大 10 MB" in told.text


def test_a_town_s_administrator_brings_in_their_own_town_alone(office: Office) -> None:
    browser = office.browser("郑国平")
    page = look(browser, xlsx([*ROWS, ("", "李四", "13900000004", "云溪镇", "上坪村", "第一网格", "网格员", "", "")]))
    assert "不在您管的范围里（您管青石镇）" in page.text
    assert "张远" not in page.text


@pytest.mark.parametrize("name", ["陈晓明", "黄老师", "何立新"])
def test_who_administers_nothing_brings_in_nobody(office: Office, name: str) -> None:
    assert upload(office.browser(name), xlsx(ROWS)).status_code == 403
    assert office.browser(name).open("/people.xlsx").status_code == 403


def test_the_present_roster_comes_out_and_changes_nothing_when_it_comes_in(office: Office) -> None:
    browser = office.browser("周建国")
    kept = browser.open("/people.xlsx")
    page = look(browser, kept.content)
    assert "一模一样，不用导入" in page.text, re.sub(r"<[^>]+>", " ", page.text)
