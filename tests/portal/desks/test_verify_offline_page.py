"""The page anybody may keep, opened from a file by a real Chromium without a line: with its own Ed25519 and without."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from banyan.certificates import qr
from banyan.certificates.statement import Statement
from banyan.portal.templating import STATIC
from banyan.records.competence import Certificate
from banyan.records.engine import writing
from tests.chromium import chromium  # noqa: F401 - a fixture
from tests.portal.office import Office, certify

MOST = 100_000  # bytes
NO_CRYPTO = "Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined})"
GENUINE, EXPIRED, ALTERED, UNREAD = "✓ 是真的，还没有过期", "！是真的，但已经过期", "✗ 不可信", "？没有读到完整的网址"


@pytest.fixture
def address(office: Office) -> str:
    """What the QR code of a certificate holds."""
    with writing(office.house.make) as session:
        row: Certificate = certify(session, office.people["陈晓明"], office.house.rulebook)
        return qr.url("https://xuexi.example", Statement.parse(row.payload), row.signature)


@pytest.fixture
def kept(office: Office, tmp_path: Path) -> Path:
    """The page as it was downloaded."""
    assert (STATIC / "verify_offline.js").is_file(), "run ./dev setup: it builds the scripts"
    reply = office.browser().get("/verify/offline.html")
    assert reply.headers["content-disposition"] == "attachment; filename=verify-offline.html"
    assert len(reply.content) < MOST
    file = tmp_path / "verify-offline.html"
    file.write_bytes(reply.content)
    return file


@pytest.fixture(params=["the browser's own Ed25519", "plain JavaScript"])
def page(request: pytest.FixtureRequest, chromium: Browser, kept: Path) -> Iterator[Page]:  # noqa: F811
    context = chromium.new_context(locale="zh-CN", viewport={"width": 360, "height": 740}, offline=True)
    if request.param == "plain JavaScript":
        context.add_init_script(NO_CRYPTO)
    opened = context.new_page()
    opened.clock.set_fixed_time("2026-12-01T12:00:00+08:00")
    asked: list[str] = []
    opened.on("request", lambda each: asked.append(each.url))
    opened.goto(kept.as_uri())
    yield opened
    assert set(asked) == {kept.as_uri()}
    context.close()


def check(page: Page, text: str, says: str) -> None:
    page.get_by_label("二维码里的网址").fill(text)
    page.get_by_role("button", name="核验").click()
    expect(page.locator("#result h2")).to_contain_text(says)


def test_a_genuine_one_is_told_in_full(page: Page, address: str) -> None:
    check(page, f" {address[:60]}\n{address[60:]} ", GENUINE)
    expect(page.locator("[data-field=name]")).to_have_text("陈晓明")
    expect(page.locator("#result")).to_contain_text("演示证书，没有效力")
    expect(page.locator("#result")).to_contain_text("不知道后来有没有撤销")


def test_one_changed_character_anywhere_is_refused(page: Page, address: str) -> None:
    start = address.index("/verify/") + len("/verify/")
    for place in {*range(start, len(address), 23), address.index("#") + 1, address.rindex(".") + 1, len(address) - 1}:
        if address[place] in "#.":
            continue
        sign = "A" if address[place] != "A" else "B"
        check(page, address[:place] + sign + address[place + 1 :], ALTERED)
        expect(page.locator("[data-field=name]")).to_be_hidden()
    check(page, address, GENUINE)


def test_after_its_last_day_it_is_said_to_have_run_out(page: Page, address: str) -> None:
    page.clock.set_fixed_time("2027-11-23T23:59:00+08:00")
    check(page, address, GENUINE)
    page.clock.set_fixed_time("2027-11-25T00:01:00+08:00")
    check(page, address, EXPIRED)


@pytest.mark.parametrize("text", ["BY26-7K3M-92Q3", "https://xuexi.example/verify/BY26-7K3M-92Q3", "#"])
def test_half_an_address_is_asked_for_again(page: Page, text: str) -> None:
    check(page, text, UNREAD)


def test_another_houses_certificate_is_refused(page: Page, office: Office, address: str, kept: Path) -> None:
    own = office.house.rulebook.issuer.public_key.text
    kept.write_text(kept.read_text("utf-8").replace(own, "ed25519:" + "A" * 43), "utf-8")
    page.reload()
    check(page, address, ALTERED)
