"""The seal on every form: a token bound to the session, a fresh one for each page.

A fresh nonce each time keeps compressed pages from giving the token away bit by bit.
"""

import hmac
import secrets

NONCE = 16


def fresh_token(secret: bytes, session: str) -> str:
    nonce = secrets.token_hex(NONCE // 2)
    return nonce + _sign(secret, session, nonce)


def token_holds(secret: bytes, session: str, token: str) -> bool:
    nonce, given = token[:NONCE], token[NONCE:]
    return hmac.compare_digest(given.encode(), _sign(secret, session, nonce).encode())


def _sign(secret: bytes, session: str, nonce: str) -> str:
    return hmac.digest(secret, f"form:{nonce}:{session}".encode(), "sha256").hex()
