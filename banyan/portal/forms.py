"""The seal on every form: a token bound to the session, a fresh one for each page.

A fresh nonce each time keeps compressed pages from giving the token away bit by bit.
"""

import hmac
import secrets
from collections.abc import Mapping

from banyan.errors import BadInputError

NONCE = 16
MOST_SENT = 11 * 1024 * 1024  # bytes: a roster of 10 MB and the form around it


def fresh_token(secret: bytes, session: str) -> str:
    nonce = secrets.token_hex(NONCE // 2)
    return nonce + _sign(secret, session, nonce)


def token_holds(secret: bytes, session: str, token: str) -> bool:
    nonce, given = token[:NONCE], token[NONCE:]
    return hmac.compare_digest(given.encode(), _sign(secret, session, nonce).encode())


def weigh(headers: Mapping[str, str]) -> None:
    """Refuse what is too large, or does not say how large it is, before a byte of it is read."""
    told = headers.get("content-length", "")
    if (told.isdigit() and int(told) > MOST_SENT) or "transfer-encoding" in headers:
        raise BadInputError("传上来的文件太大了，最大 10 MB；什么也没有改动")


def _sign(secret: bytes, session: str, nonce: str) -> str:
    return hmac.digest(secret, f"form:{nonce}:{session}".encode(), "sha256").hex()
