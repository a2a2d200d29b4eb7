"""Anyone with a certificate: five answers in words, no more said than needed, and not too fast."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from banyan.certificates.qr import fragment
from banyan.certificates.statement import Statement
from banyan.records.competence import Certificate
from banyan.records.engine import writing
from banyan.tracker.awards import revoke
from tests.county import NOW
from tests.portal.office import Office, certify, run_out


@pytest.fixture
def certificate(office: Office) -> Certificate:
    with writing(office.house.make) as session:
        return certify(session, office.people["陈晓明"], office.house.rulebook)


def paper(certificate: Certificate) -> str:
    """Return what stands behind the # of its QR code."""
    return fragment(Statement.parse(certificate.payload), certificate.signature)


def test_a_valid_one_is_said_to_be_so_without_its_holders_full_name(office: Office, certificate: Certificate) -> None:
    reply = office.browser().open(f"/verify/{certificate.serial}")

    assert reply.status_code == 200
    assert "<h1>有效</h1>" in reply.text
    assert "陈*明" in reply.text
    assert "陈晓明" not in reply.text
    assert office.people["陈晓明"].staff_number not in reply.text
    assert "溪口" not in reply.text
    assert '<span class="demo-mark">演示</span>' in reply.text


def test_one_that_was_revoked_is_said_to_be_so_without_the_reason(office: Office, certificate: Certificate) -> None:
    with writing(office.house.make) as session:
        revoke(session, certificate.serial, "他人代考", office.me("郑国平"), NOW)
    page = office.browser().open(f"/verify/{certificate.serial}").text
    assert "<h1>已撤销</h1>" in page
    assert "代考" not in page


def test_one_altered_in_the_records_is_not_trusted(office: Office, certificate: Certificate) -> None:
    with writing(office.house.make) as session:
        run_out(session, certificate)
    page = office.browser().open(f"/verify/{certificate.serial}").text
    assert "<h1>不可信</h1>" in page
    assert "陈*明" not in page


def test_one_that_ran_out_is_said_to_be_so(office: Office, certificate: Certificate) -> None:
    later = office.later(days=400)
    assert "<h1>已过期</h1>" in later.browser().open(f"/verify/{certificate.serial}").text


@pytest.mark.parametrize(
    "serial",
    [
        pytest.param("BY26-7K3M-92QX", id="check character off"),
        pytest.param("你好", id="no serial"),
        pytest.param("%3Cscript%3Ealert(1)%3Cscript%3E", id="hostile"),
    ],
)
def test_what_cannot_be_a_serial_is_said_to_be_mistyped(office: Office, serial: str) -> None:
    reply = office.browser().open(f"/verify/{serial}")
    assert reply.status_code == 404
    assert "<h1>编号不对</h1>" in reply.text
    assert "<script>alert" not in reply.text


def test_a_typed_serial_leads_to_its_page_however_it_was_typed(office: Office, certificate: Certificate) -> None:
    typed = certificate.serial.lower().replace("-", " ")
    reply = office.browser().get("/verify/", params={"serial": f" {typed} "})
    assert (reply.status_code, reply.headers["location"]) == (303, f"/verify/{certificate.serial}")


@pytest.mark.parametrize("typed", ["//evil.example", "../services/portal", "\r\nx: y", "https://evil.example/"])
def test_a_typed_serial_leads_nowhere_else(office: Office, typed: str) -> None:
    location = office.browser().get("/verify/", params={"serial": typed}).headers["location"]
    assert location.startswith("/verify/")
    assert not {*location.removeprefix("/verify/")} & {*"/\\:.?#\r\n"}


def test_no_sign_in_is_asked_and_no_cookie_is_set(office: Office, certificate: Certificate) -> None:
    for path in ("/verify/", f"/verify/{certificate.serial}"):
        reply = office.browser().open(path)
        assert reply.status_code == 200
        assert "set-cookie" not in reply.headers


def test_the_page_brings_what_the_browser_needs_to_check_the_paper(office: Office, certificate: Certificate) -> None:
    page = office.browser().open(f"/verify/{certificate.serial}").text
    assert f'data-key="{office.house.rulebook.issuer.public_key.text}"' in page
    assert f'data-serial="{certificate.serial}"' in page
    assert "verify.js" in page


def test_an_old_browser_lets_the_server_check_the_paper(office: Office, certificate: Certificate) -> None:
    reply = office.browser().post("/verify/check", json={"fragment": paper(certificate)})
    assert reply.status_code == 200
    assert (reply.json()["serial"], reply.json()["name"]) == (certificate.serial, "陈晓明")


@pytest.mark.parametrize(
    "spoil",
    [lambda f: f[:-9] + ("B" if f[-9] == "A" else "A") + f[-8:], lambda f: "A" + f, lambda f: "", lambda f: "é.é"],
    ids=list("abcd"),
)
def test_a_spoilt_paper_is_refused(office: Office, certificate: Certificate, spoil: Callable[[str], str]) -> None:
    assert office.browser().post("/verify/check", json={"fragment": spoil(paper(certificate))}).status_code == 422


@pytest.mark.parametrize("body", [{}, {"fragment": 7}, {"fragment": "x" * 2001}, []])
def test_what_is_no_paper_at_all_is_refused(office: Office, body: object) -> None:
    assert office.browser().post("/verify/check", json=body).status_code == 422


def test_one_address_may_ask_only_so_often(office: Office, certificate: Certificate) -> None:
    browser = office.browser()
    codes = [browser.open(f"/verify/{certificate.serial}").status_code for _ in range(61)]
    assert codes == [200] * 60 + [429]
    assert browser.post("/verify/check", json={"fragment": paper(certificate)}).status_code == 429
    assert browser.open("/verify/").status_code == 200


def test_a_serial_of_another_house_is_unknown_here(office: Office, certificate: Certificate) -> None:
    with writing(office.house.make) as session:
        session.execute(text("DELETE FROM certificate"))
    assert "<h1>查不到</h1>" in office.browser().open(f"/verify/{certificate.serial}").text
