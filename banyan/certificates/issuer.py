"""Who vouches: a house signs with Ed25519 over canonical JSON (RFC 8785), and anyone checks with its public key.

Certificates and exam receipts are signed by the same key; what keeps one from passing for the other is that every
reader insists on exactly the fields it knows. A demo home draws its own key, so what it signs holds nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from banyan.certificates import base64url
from banyan.certificates.keyring import Keyring, Signer
from banyan.certificates.public_key import PublicKey, canonical
from banyan.errors import HomeError


@dataclass(frozen=True)
class Issuer:
    """`name` stands on the certificate; `public_url` is the address without a slash at its end, printed in the QR code."""

    name: str
    county: str
    public_url: str
    demo: bool
    key: Ed25519PrivateKey = field(repr=False)
    past: tuple[Signer, ...] = ()

    @classmethod
    def load(cls, pem: bytes, *, name: str, county: str, public_url: str, demo: bool, past: tuple[Signer, ...] = ()) -> Self:
        """Return the issuer whose private key stands in PEM bytes; `past` are the keys that signed before it."""
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError):
            raise HomeError("签名密钥读不出来；请从备份恢复 keys/signing") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise HomeError("签名密钥不是 Ed25519；请从备份恢复 keys/signing")
        return cls(name, county, public_url.rstrip("/"), demo, key, past)

    @property
    def may_issue(self) -> bool:
        """Say whether certificates may be issued: only with an https address, which their QR code prints for good.

        A demo's verify nowhere else and never for long, so they may print any.
        """
        return self.demo or self.public_url.startswith("https://")

    @cached_property
    def public_key(self) -> PublicKey:
        return PublicKey(self.key.public_key().public_bytes_raw())

    @cached_property
    def keyring(self) -> Keyring:
        """The key that signs, and behind it those of before, the latest first.

        A change of keys that was broken off may have listed the one that still signs.
        """
        before = [each for each in reversed(self.past) if each.key != self.public_key]
        since = max((each.until for each in before if each.until), default=None)
        return Keyring((Signer(self.public_key, since), *before))

    def sign(self, payload: Mapping[str, Any]) -> str:
        """Return the signature over a JSON-safe payload, as base64url."""
        return base64url.encode(self.key.sign(canonical(payload)))

    def verify(self, payload: Mapping[str, Any], signature: str) -> bool:
        """Say whether a signature over this payload is of this house, by whichever key it had."""
        return self.keyring.verify(payload, signature)
