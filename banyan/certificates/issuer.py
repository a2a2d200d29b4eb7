"""Who vouches: a house signs with Ed25519 over canonical JSON (RFC 8785), and anyone checks with its public key.

Certificates and exam receipts are signed by the same key; what keeps one from passing for the other is that every
reader insists on exactly the fields it knows. A demo home draws its own key, so what it signs holds nowhere else.
"""

import hashlib
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from banyan.certificates import base64url
from banyan.errors import BadInputError, HomeError

PREFIX = "ed25519:"


@dataclass(frozen=True)
class PublicKey:
    """As text it is `ed25519:` and 43 characters; `id` is eight characters to tell keys apart by."""

    raw: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key written in a text, or raise BadInputError."""
        try:
            key = cls(base64url.decode(text.strip().removeprefix(PREFIX)))
            Ed25519PublicKey.from_public_bytes(key.raw)
        except ValueError:
            raise BadInputError("这不是发证单位的公钥；公钥形如 {prefix}… 共 51 个字符", prefix=PREFIX) from None
        return key

    @property
    def text(self) -> str:
        return PREFIX + base64url.encode(self.raw)

    @cached_property
    def id(self) -> str:
        return b32encode(hashlib.sha256(self.raw).digest())[:8].decode().lower()

    def verify(self, payload: Mapping[str, Any], signature: str) -> bool:
        """Say whether a signature is this key's over this payload."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(base64url.decode(signature), canonical(payload))
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Issuer:
    """`name` stands on the certificate; `public_url` is the address without a slash at its end, printed in the QR code."""

    name: str
    county: str
    public_url: str
    demo: bool
    key: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def load(cls, pem: bytes, *, name: str, county: str, public_url: str, demo: bool) -> Self:
        """Return the issuer whose private key stands in PEM bytes."""
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError):
            raise HomeError("签名密钥读不出来；请从备份恢复 keys/signing") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise HomeError("签名密钥不是 Ed25519；请从备份恢复 keys/signing")
        return cls(name, county, public_url.rstrip("/"), demo, key)

    @property
    def may_issue(self) -> bool:
        """Say whether certificates may be issued: only with an https address, which their QR code prints for good.

        A demo's verify nowhere else and never for long, so they may print any.
        """
        return self.demo or self.public_url.startswith("https://")

    @cached_property
    def public_key(self) -> PublicKey:
        return PublicKey(self.key.public_key().public_bytes_raw())

    def sign(self, payload: Mapping[str, Any]) -> str:
        """Return the signature over a JSON-safe payload, as base64url."""
        return base64url.encode(self.key.sign(canonical(payload)))

    def verify(self, payload: Mapping[str, Any], signature: str) -> bool:
        return self.public_key.verify(payload, signature)


def canonical(payload: Mapping[str, Any]) -> bytes:
    """Return the one spelling of a payload that is signed; ValueError if it is not JSON."""
    return rfc8785.dumps(dict(payload))
