"""A receipt holds as long as not a sign of it was changed, and only in the house that gave it."""

import json
from dataclasses import asdict, replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from banyan.certificates import base64url
from banyan.certificates.public_key import canonical
from banyan.errors import TamperedError
from banyan.tracker.receipts import MARK, Receipt, issue, verify_receipt
from tests.house import issuer

RECEIPT = Receipt("h1", "x-1-reporter", 1, 2, "ab" * 32, "2026-11-23T02:00:00+00:00", "2026-11-23T02:30:00+00:00", "abcdefgh")
SIGNS = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/\n")


def signed(payload: dict[str, object]) -> str:
    return f"{MARK}.{base64url.encode(canonical(payload))}.{issuer().sign(payload)}"


def test_a_receipt_says_what_was_signed_however_it_was_broken_into_lines() -> None:
    text = issue(RECEIPT, issuer())

    assert verify_receipt(text, issuer()) == RECEIPT
    assert verify_receipt(f" {text[:40]}\n{text[40:]} ", issuer()) == RECEIPT


@given(st.data())
def test_no_sign_of_a_receipt_can_be_changed(data: st.DataObject) -> None:
    text = issue(RECEIPT, issuer())
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(SIGNS.filter(lambda sign: sign != text[place] and not sign.isspace()))

    with pytest.raises(TamperedError):
        verify_receipt(text[:place] + other + text[place + 1 :], issuer())


@given(st.text())
def test_any_text_is_read_without_harm(text: str) -> None:
    with pytest.raises(TamperedError):
        verify_receipt(f"{MARK}.{text}", issuer())


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(asdict(RECEIPT) | {"type": "banyan-certificate"}, id="of another type"),
        pytest.param(asdict(RECEIPT) | {"name": "陈晓明"}, id="with a field too many"),
        pytest.param({"student": "h1"}, id="with fields missing"),
        pytest.param(asdict(RECEIPT) | {"number": True}, id="with a field of another kind"),
        pytest.param(asdict(RECEIPT) | {"digest": None}, id="with an empty field"),
    ],
)
def test_what_the_house_signed_as_something_else_is_no_receipt(payload: dict[str, object]) -> None:
    with pytest.raises(TamperedError):
        verify_receipt(signed(payload), issuer())


def test_another_house_s_receipt_does_not_hold_here() -> None:
    other = replace(issuer(), key=Ed25519PrivateKey.generate())

    with pytest.raises(TamperedError):
        verify_receipt(issue(RECEIPT, other), issuer())


def test_a_payload_spelt_otherwise_is_refused() -> None:
    loose = json.dumps(asdict(RECEIPT), indent=1).encode()
    text = f"{MARK}.{base64url.encode(loose)}.{issuer().sign(asdict(RECEIPT))}"

    with pytest.raises(TamperedError):
        verify_receipt(text, issuer())
