"""The pocket card is that of one's own township, on the page, as a picture and on paper."""

import struct
from datetime import date

from banyan.records.engine import writing
from banyan.tracker.county import Filled, put
from tests.county import NOW
from tests.portal.office import Office


def fill_in(office: Office) -> None:
    at = office.at
    with writing(office.house.make) as session:
        for key, unit, value in (
            ("duty_phone", at.qingshi, "0591-1234567"),
            ("duty_phone", at.yunxi, "0591-7654321"),
            ("reporting_chain", at.county, [("镇值班室", "镇值班"), ("村书记", "")]),
        ):
            put(session, Filled(key, unit.path, value, "12号", date(2026, 5, 20), "老周"), office.me("周建国"), NOW)


def test_two_townships_hold_two_cards(office: Office) -> None:
    fill_in(office)
    for name, town, phone in (("陈晓明", "青石镇", "0591-1234567"), ("张远", "云溪镇", "0591-7654321")):
        page = office.browser(name).open("/pocket-card").text
        assert town in page
        assert f'href="tel:{phone.replace("-", "")}">{phone}</a>' in page
        assert page.count("0591-") == 1
        assert "待核" in page


def test_whoever_opens_it_in_need_meets_the_numbers_first(office: Office) -> None:
    fill_in(office)
    page = office.browser("陈晓明").open("/pocket-card").text
    assert page.index("tel:119") < page.index("tel:05911234567") < page.index("存成手机图片")


def test_it_is_kept_as_a_picture_and_printed_as_a_card(office: Office) -> None:
    fill_in(office)
    browser = office.browser("陈晓明")
    picture = browser.open("/pocket-card/picture.png?save=true")
    assert "attachment" in picture.headers["content-disposition"]
    assert struct.unpack(">I", picture.content[16:20]) == (1080,)
    assert browser.open("/pocket-card/card.pdf").content.startswith(b"%PDF")


def test_before_anything_is_filled_in_it_says_whom_to_ask(office: Office) -> None:
    page = office.browser("陈晓明").open("/pocket-card").text
    assert "本县还没有填号码，请问村里、镇里。" in page
    assert 'href="tel:119"' in page
    assert office.browser("陈晓明").open("/pocket-card/picture.png").status_code == 200
