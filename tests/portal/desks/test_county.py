"""本县设置 at the desk: what is empty, who waits for it, who may fill it in, and what came before."""

import re
from pathlib import Path

import pytest

from banyan.portal.registry import PORTAL
from banyan.records.engine import reading, writing
from banyan.tracker.county import Filled, put, settings_of
from tests.county import NOW, TODAY
from tests.domain.test_picture import png
from tests.portal.office import Office, certify

NOTICE = {"source": "榕县应急12号", "dated_on": "2026-05-20", "owner": "周建国"}


def fill(office: Office, key: str, code: str, name: str = "周建国", **fields: object) -> object:
    return office.browser(name).submit("/county/field", key=key, unit=code, **{**NOTICE, **fields})


def phone_of(office: Office, path: str) -> str:
    with reading(office.house.make) as session:
        return settings_of(session).for_unit(path).phone("duty_phone")


def test_the_page_says_what_is_empty_and_which_course_waits(office: Office) -> None:
    page = office.browser("周建国").open("/county").text
    assert re.search(r"还有\d+处没有填", page)
    assert "等着它的课程：突发事件信息报告员" in page
    assert f"{PORTAL}/county/field?key=duty_phone&amp;unit={office.at.qingshi.code}" in page


def test_a_number_is_filled_in_and_shown_to_be_rung(office: Office) -> None:
    reply = fill(office, "duty_phone", office.at.qingshi.code, value="（0591）1234567")
    assert reply.headers["location"] == f"{PORTAL}/county?saved=duty_phone-{office.at.qingshi.code}#duty_phone"
    page = office.browser("周建国").open(reply.headers["location"].removeprefix(PORTAL).split("#")[0]).text
    assert 'href="tel:05911234567">0591-1234567</a>' in page
    assert "来源：榕县应急12号（2026年5月20日）" in page
    assert "已保存：青石镇，镇值班电话" in page


def test_a_township_sees_and_changes_only_its_own(office: Office) -> None:
    page = office.browser("郑国平").open("/county").text
    assert "青石镇" in page
    assert "云溪镇" not in page
    assert "演练掐表" not in page
    assert fill(office, "duty_phone", office.at.qingshi.code, "郑国平", value="0591-1234567").status_code == 303
    for key, code in (("duty_phone", office.at.yunxi.code), ("drill_clocks", office.at.county.code)):
        assert fill(office, key, code, "郑国平", value="0591-1234567", oral="5", written="30").status_code == 404
        assert office.browser("郑国平").open(f"/county/field?key={key}&unit={code}").status_code == 404
    assert phone_of(office, office.at.yunxi.path) == ""


@pytest.mark.parametrize("name", ["陈晓明", "黄老师", "何立新"])
def test_it_is_nobody_elses_page(office: Office, name: str) -> None:
    assert office.browser(name).open("/county").status_code == 403
    assert fill(office, "duty_phone", office.at.qingshi.code, name, value="0591-1234567").status_code == 403


def test_a_wrong_number_is_told_beside_what_was_typed_and_changes_nothing(office: Office) -> None:
    reply = fill(office, "duty_phone", office.at.qingshi.code, value="1380000123<b>")
    assert reply.status_code == 422
    assert "不像电话号码" in reply.text
    assert 'value="1380000123&lt;b&gt;"' in reply.text
    assert phone_of(office, office.at.qingshi.path) == ""


def test_whoever_has_a_notice_in_hand_types_its_name_once(office: Office) -> None:
    fill(office, "duty_phone", office.at.qingshi.code, value="0591-1234567")
    form = office.browser("周建国").open(f"/county/field?key=duty_phone&unit={office.at.yunxi.code}").text
    assert 'value="榕县应急12号"' in form
    assert 'value="2026-05-20"' in form
    assert "0591-1234567" not in form.split("<form")[1].split("</form>")[0].replace("例如 0591-1234567", "").replace(
        "0591-1234567转801", ""
    )


def test_chain_warnings_clocks_and_lists_are_filled_in_by_hand(office: Office) -> None:
    code = office.at.county.code
    chain = {"who-0": "镇值班室", "phone-0": "镇值班", "who-1": "村书记", "phone-1": ""}
    rain = {f"{part}-{colour}": f"{part}{colour}" for colour in ("blue", "yellow", "orange", "red") for part in ("when", "act")}
    assert fill(office, "reporting_chain", code, **chain).status_code == 303
    assert fill(office, "warning_table", code, **rain).status_code == 303
    assert fill(office, "drill_clocks", code, oral="5", written="30").status_code == 303
    page = office.browser("周建国").open("/county").text
    for words in ("用“镇值班”那一项填的号码", "whenblue", "actred", "口头首报5分钟内，书面报告30分钟内"):
        assert words in page
    form = office.browser("周建国").open(f"/county/field?key=reporting_chain&unit={code}").text
    assert 'value="镇值班"' in form


def test_what_was_filled_in_a_year_ago_is_due_and_one_tap_confirms_it(office: Office) -> None:
    fill(office, "duty_phone", office.at.qingshi.code, value="0591-1234567")
    later = office.later(400)
    page = later.browser("周建国").open("/county").text
    assert "满一年了，该核对" in page
    reply = later.browser("周建国").submit("/county/field", key="duty_phone", unit=office.at.qingshi.code, do="confirm")
    assert reply.status_code == 303
    assert "满一年了，该核对" not in later.browser("周建国").open("/county").text


def test_emptying_leaves_what_stood_there_on_record(office: Office) -> None:
    code = office.at.qingshi.code
    fill(office, "duty_phone", code, value="0591-1234567")
    assert office.browser("周建国").submit("/county/field", key="duty_phone", unit=code, do="empty").status_code == 303
    assert phone_of(office, office.at.qingshi.path) == ""
    history = office.browser("周建国").open(f"/county/field?key=duty_phone&unit={code}").text
    assert "清空了" in history
    assert "0591-1234567</a>" in history


def test_a_title_that_claims_too_much_is_refused_in_words(office: Office) -> None:
    reply = fill(office, "certificate_title", office.at.county.code, value="国家职业资格证书")
    assert reply.status_code == 422
    assert "证书上不能写“国家”" in reply.text


def seal(office: Office, data: bytes, name: str = "周建国") -> object:
    browser = office.browser(name)
    fields = {"csrf": browser.seal, "key": "seal", "unit": office.at.county.code, **NOTICE}
    return browser.post(f"{PORTAL}/county/field", data=fields, files={"picture": ("章.png", data, "image/png")})


def test_a_seal_is_uploaded_shown_and_printed_on_the_certificate(office: Office) -> None:
    with writing(office.house.make) as session:
        serial = certify(session, office.people["陈晓明"], office.house.rulebook).serial
    bare = office.browser("陈晓明").open(f"/certificates/{serial}/file.pdf").content
    assert seal(office, png(300, 300)).status_code == 303
    assert office.browser("周建国").open("/county/seal").content == png(300, 300)
    paper = office.browser("陈晓明").open(f"/certificates/{serial}/file.pdf").content
    assert (bare.count(b"/Subtype/Image"), paper.count(b"/Subtype/Image")) == (1, 2), "the code, and then the seal too"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<svg onload=alert(1)>", id="a script"),
        pytest.param(png()[:-9], id="cut off"),
        pytest.param(png() + b"\x00" * 400_000, id="too heavy"),
    ],
)
def test_what_is_no_picture_is_refused(office: Office, data: bytes) -> None:
    assert seal(office, data).status_code == 422
    assert office.browser("周建国").open("/county/seal").status_code == 204


def test_a_text_in_the_place_of_the_picture_is_refused(office: Office) -> None:
    assert fill(office, "seal", office.at.county.code, picture="x").status_code == 422


def test_the_trainer_reads_the_clocks_and_the_script(office: Office, tmp_path: Path) -> None:
    with writing(office.house.make) as session:
        told = ("榕县应急12号", TODAY, "周建国")
        put(session, Filled("drill_clocks", office.at.county.path, ("5", "30"), *told), office.me("周建国"), NOW)
    page = office.browser("黄老师").open("/practical-script").text
    assert "口头首报5分钟内，书面报告30分钟内" in page
    assert "法律说的是“立即”" in page
    assert "演练 · 不会报给任何人" in page
