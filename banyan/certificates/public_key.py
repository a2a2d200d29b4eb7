"""The half of a key that everybody may have: Ed25519 over canonical JSON (RFC 8785)."""

import hashlib
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from banyan.certificates import base64url
from banyan.errors import BadInputError

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

    @cached_property
    def _key(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.raw)

    def verify(self, payload: Mapping[str, Any], signature: str) -> bool:
        """Say whether a signature is this key's over this payload."""
        try:
            self._key.verify(base64url.decode(signature), canonical(payload))
        except (InvalidSignature, ValueError):
            return False
        return True


def canonical(payload: Mapping[str, Any]) -> bytes:
    """Return the one spelling of a payload that is signed; ValueError if it is not JSON."""
    return rfc8785.dumps(dict(payload))
