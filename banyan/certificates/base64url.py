"""Bytes as text for addresses: base64url without padding, in one spelling only.

Python decodes several spellings to the same bytes (unused bits, stray signs); here each but one is refused, so that
no character of a signed text can be changed without notice.
"""

import base64
import binascii


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Return the bytes of a text, or raise ValueError if `encode` would not have written it so."""
    try:
        data = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (binascii.Error, UnicodeEncodeError) as fault:
        raise ValueError("not base64url") from fault
    if encode(data) != text:
        raise ValueError("not the canonical spelling")
    return data
