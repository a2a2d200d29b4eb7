"""A house signs, anyone checks with its public key, and nobody else's key fits."""

import dataclasses

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from banyan.certificates.issuer import Issuer
from banyan.certificates.public_key import PublicKey, canonical
from banyan.errors import BadInputError, HomeError


def pem(key: object) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())  # type: ignore[attr-defined, no-any-return]


def load(data: bytes) -> Issuer:
    return Issuer.load(data, name="县", county="县", public_url="https://x.cn/", demo=False)


def test_what_it_signs_its_public_key_confirms(issuer: Issuer) -> None:
    signature = issuer.sign({"b": "榕", "a": 1})
    assert PublicKey.parse(issuer.public_key.text).verify({"a": 1, "b": "榕"}, signature)


def test_another_house_cannot_vouch_for_it(issuer: Issuer) -> None:
    other = dataclasses.replace(issuer, key=Ed25519PrivateKey.generate())
    assert not issuer.verify({"a": 1}, other.sign({"a": 1}))
    assert other.public_key.id != issuer.public_key.id


@pytest.mark.parametrize("signature", ["", "!", "AAAA", "榕"], ids=["none", "no base64", "too short", "no ASCII"])
def test_what_is_no_signature_confirms_nothing(issuer: Issuer, signature: str) -> None:
    assert not issuer.verify({"a": 1}, signature)


def test_the_signed_spelling_is_the_standard_one() -> None:
    assert canonical({"b": [1, True, None], "a": "榕\n"}) == '{"a":"榕\\n","b":[1,true,null]}'.encode()


def test_a_key_loaded_from_pem_signs_as_before() -> None:
    key = Ed25519PrivateKey.generate()
    assert load(pem(key)).verify({"a": 1}, load(pem(key)).sign({"a": 1}))


@pytest.mark.parametrize(
    "data", [b"", b"-----BEGIN nonsense", pem(generate_private_key(SECP256R1()))], ids=["empty", "broken", "other kind"]
)
def test_a_key_that_cannot_sign_is_refused(data: bytes) -> None:
    with pytest.raises(HomeError):
        load(data)


@pytest.mark.parametrize("text", ["", "ed25519:", "ed25519:AAAA", "ed25519:榕", "rsa:" + "A" * 43])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(BadInputError):
        PublicKey.parse(text)


def test_neither_key_is_printed_with_the_issuer(issuer: Issuer) -> None:
    assert "key" not in repr(issuer)


def test_the_address_has_no_slash_at_its_end() -> None:
    assert load(pem(Ed25519PrivateKey.generate())).public_url == "https://x.cn"
