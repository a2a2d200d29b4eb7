"""The QR code alone proves the certificate, and not one character of it can be changed."""

import json
import string
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.certificates import base64url, qr, qr_picture
from banyan.certificates.issuer import Issuer
from banyan.certificates.public_key import canonical
from banyan.certificates.statement import Statement
from banyan.errors import TamperedError
from tests.qr_reader import drawn

SIGNS = string.ascii_letters + string.digits + "-_."


def address_of(issuer: Issuer, statement: Statement) -> str:
    return qr.url(issuer.public_url, statement, issuer.sign(statement.payload()))


def test_the_address_proves_itself(issuer: Issuer, statement: Statement) -> None:
    address = address_of(issuer, statement)
    assert address.startswith("https://xuexi.example.cn/verify/BY26-7K3M-92Q3#")
    assert qr.read_offline(address, issuer.public_key) == statement


@given(st.data())
def test_no_character_behind_the_hash_can_be_changed(issuer: Issuer, statement: Statement, data: st.DataObject) -> None:
    address = address_of(issuer, statement)
    place = data.draw(st.integers(address.index("#") + 1, len(address) - 1))
    sign = data.draw(st.sampled_from([each for each in SIGNS if each != address[place]]))
    with pytest.raises(TamperedError):
        qr.read_offline(address[:place] + sign + address[place + 1 :], issuer.public_key)


def test_the_last_character_of_either_part_has_no_second_spelling(issuer: Issuer, statement: Statement) -> None:
    """Where base64 has bits to spare, several characters mean the same bytes; all but one are refused."""
    packed, signature = qr.fragment(statement, issuer.sign(statement.payload())).split(".")
    for sign in SIGNS:
        for altered in (f"{packed[:-1]}{sign}.{signature}", f"{packed}.{signature[:-1]}{sign}"):
            if altered != f"{packed}.{signature}":
                with pytest.raises(TamperedError):
                    qr.read_fragment(altered, issuer.public_key)


def test_a_serial_changed_before_the_hash_is_noticed(issuer: Issuer, statement: Statement) -> None:
    with pytest.raises(TamperedError):
        qr.read_offline(address_of(issuer, statement).replace("92Q3#", "92Q4#"), issuer.public_key)


@pytest.mark.parametrize(
    "address", ["", "https://x.cn/verify/BY26-7K3M-92Q3", "https://x.cn/#.", "#a.b", "#" + "W" * 90000 + ".A"]
)
def test_an_address_that_proves_nothing_is_refused(issuer: Issuer, address: str) -> None:
    with pytest.raises(TamperedError):
        qr.read_offline(address, issuer.public_key)


def test_a_receipt_by_the_same_key_is_no_certificate(issuer: Issuer) -> None:
    receipt = {"receipt": 7, "digest": "0" * 64}
    text = f"{base64url.encode(canonical(receipt))}.{issuer.sign(receipt)}"
    with pytest.raises(TamperedError):
        qr.read_fragment(text, issuer.public_key)


def test_only_the_signed_spelling_of_a_payload_is_read(issuer: Issuer, statement: Statement) -> None:
    loose = json.dumps(statement.payload()).encode()
    with pytest.raises(TamperedError):
        qr.read_fragment(f"{base64url.encode(loose)}.{issuer.sign(statement.payload())}", issuer.public_key)


def test_the_picture_draws_exactly_the_dark_modules(issuer: Issuer, statement: Statement) -> None:
    address = address_of(issuer, statement)
    rows = qr_picture.modules(address)
    path = ET.fromstring(qr_picture.svg(address))[0].attrib["d"]
    assert drawn(path) == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}
    shown = ET.fromstring(qr_picture.inline(address, quiet=2))[1].attrib["d"]
    assert drawn(shown) == {(x + 2, y + 2) for x, y in drawn(path)}


def test_a_terminal_shows_the_same_squares(issuer: Issuer, statement: Statement) -> None:
    rows = qr_picture.modules(address_of(issuer, statement))
    lines = qr_picture.blocks(rows, quiet=0).split("\n")
    upper, lower = (str.maketrans("█▀▄ ", told) for told in ("0011", "0101"))
    shown = [bytes(map(int, line.translate(half))) for line in lines for half in (upper, lower)]
    assert shown[: len(rows)] == list(rows)


def test_a_phone_can_still_read_it_from_paper(issuer: Issuer, statement: Statement) -> None:
    """Printed 40 mm wide, a module of a long name and title is no smaller than 0.4 mm."""
    assert 40 / len(qr_picture.modules(address_of(issuer, statement))) >= 0.4
