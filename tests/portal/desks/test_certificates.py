"""Certificates of one's own subtree, and taking one back."""

import pytest

from banyan.records.competence import Certificate
from banyan.records.engine import reading, writing
from tests.portal.office import Office, certify, run_out


@pytest.fixture
def serial(office: Office) -> str:
    """The certificate of 陈晓明 in 青石镇."""
    with writing(office.house.make) as session:
        return certify(session, office.people["陈晓明"], office.house.rulebook).serial


def revoked(office: Office, serial: str) -> bool:
    with reading(office.house.make) as session:
        return session.query(Certificate).filter_by(serial=serial).one().revoked_at is not None


def test_an_empty_list_says_how_certificates_come_about(office: Office) -> None:
    assert "还没有人拿到证书" in office.browser("郑国平").open("/issued").text


def test_certificates_are_listed_by_what_they_are_worth(office: Office, serial: str) -> None:
    with writing(office.house.make) as session:
        run_out(session, certify(session, office.people["林秀英"], office.house.rulebook))

    browser = office.browser("郑国平")
    assert "找到2张证书" in browser.open("/issued").text
    assert serial in browser.open("/issued?state=valid").text
    assert serial not in browser.open("/issued?state=expired").text
    assert serial in browser.open(f"/issued?q={serial[-4:].lower()}").text
    for asked in ("cxm", "chenxiao", "晓明", office.people["陈晓明"].staff_number):
        assert "找到1张证书" in browser.open(f"/issued?q={asked}").text
    assert "没有找到这样的证书" in browser.open("/issued?state=revoked").text
    assert browser.open("/issued?state=x").status_code == 404


def test_another_towns_certificates_are_not_listed(office: Office, serial: str) -> None:
    assert serial not in office.browser("吴美玲").open("/issued").text


def test_the_confirm_page_says_what_revoking_means_and_changes_nothing(office: Office, serial: str) -> None:
    page = office.browser("郑国平").open(f"/issued/{serial}/revoke")
    assert page.status_code == 200
    assert "马上生效" in page.text
    assert not revoked(office, serial)


def test_revoking_shows_at_once(office: Office, serial: str) -> None:
    browser = office.browser("郑国平")
    reply = browser.submit(f"/issued/{serial}/revoke", reason="他人代考，已查实")

    assert reply.status_code == 303
    assert "他人代考，已查实" in browser.get(reply.headers["location"]).text
    outside = office.browser().open(f"/verify/{serial}").text
    assert "已撤销" in outside
    assert "代考" not in outside
    assert "1个网格，个个" not in browser.open("/coverage").text


@pytest.mark.parametrize("reason", ["", "  \n ", "长" * 201])
def test_without_a_fitting_reason_nothing_is_revoked(office: Office, serial: str, reason: str) -> None:
    reply = office.browser("郑国平").submit(f"/issued/{serial}/revoke", reason=reason)

    assert reply.status_code == 422
    assert 'role="alert"' in reply.text
    assert not revoked(office, serial)


def test_sent_twice_it_is_revoked_once_with_the_first_reason(office: Office, serial: str) -> None:
    browser = office.browser("郑国平")
    first = browser.submit(f"/issued/{serial}/revoke", reason="第一次")
    second = browser.submit(f"/issued/{serial}/revoke", reason="第二次")

    assert (first.status_code, second.status_code) == (303, 303)
    assert "第一次" in browser.get(second.headers["location"]).text


def test_a_foreign_administrator_and_its_holder_are_refused(office: Office, serial: str) -> None:
    for name, status in (("吴美玲", 404), ("陈晓明", 403), ("黄老师", 403), ("何立新", 403)):
        assert office.browser(name).submit(f"/issued/{serial}/revoke", reason="不该成").status_code == status
    assert not revoked(office, serial)


def test_nobody_revokes_their_own(office: Office) -> None:
    with writing(office.house.make) as session:
        own = certify(session, office.people["郑国平"], office.house.rulebook).serial

    browser = office.browser("郑国平")
    assert f"/issued/{own}/revoke" not in browser.open("/issued").text
    assert browser.submit(f"/issued/{own}/revoke", reason="x").status_code == 404
