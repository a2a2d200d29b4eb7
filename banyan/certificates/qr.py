"""The address in a certificate's QR code: `<public_url>/verify/<serial>#<payload>.<signature>`.

Everything needed to check it without a line stands behind the `#`, which a browser never sends to a server.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from banyan.certificates import base64url
from banyan.certificates.keyring import Vouching
from banyan.certificates.public_key import canonical
from banyan.certificates.statement import NOT_OURS, Statement
from banyan.errors import TamperedError

ALTERED = "签名对不上：这张证书被改动过，或者不是这个单位发的"


def url(public_url: str, statement: Statement, signature: str) -> str:
    """Return the address a certificate's QR code holds."""
    return f"{public_url}/verify/{statement.serial}#{fragment(statement, signature)}"


def fragment(statement: Statement, signature: str) -> str:
    return f"{base64url.encode(canonical(statement.payload()))}.{signature}"


def read_offline(address: str, keys: Vouching) -> Statement:
    """Return what a scanned address states, or raise TamperedError if the keys' owner did not sign exactly that."""
    parts = urlsplit(address.strip())
    statement = read_fragment(parts.fragment, keys)
    if not parts.path.endswith(f"/verify/{statement.serial}"):
        raise TamperedError("网址里的编号和证书内容不一致，证书被改动过")
    return statement


def read_fragment(text: str, keys: Vouching) -> Statement:
    """Return what stands behind the `#`, or raise TamperedError."""
    packed, _, signature = text.partition(".")
    payload = _unpack(packed)
    if not keys.verify(payload, signature):
        raise TamperedError(ALTERED)
    return Statement.parse(payload)


def _unpack(packed: str) -> dict[str, Any]:
    """Return the payload in its one spelling, so that what is checked is what was signed."""
    try:
        data = base64url.decode(packed)
        payload = json.loads(data)
        same = isinstance(payload, dict) and canonical(payload) == data
    except (ValueError, RecursionError):
        same = False
    if not same:
        raise TamperedError(NOT_OURS)
    return payload
