"""What is kept instead of a secret: its HMAC under the home's `entry` key, bound to what the secret is for."""

import hmac


def mac(key: bytes, purpose: str, *parts: str | int) -> str:
    """Return 64 hex digits; nothing bound to one purpose fits another."""
    return hmac.digest(key, "\0".join((purpose, *map(str, parts))).encode(), "sha256").hex()
