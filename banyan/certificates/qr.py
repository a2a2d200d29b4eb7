"""The address in a certificate's QR code: `<public_url>/verify/<serial>#<payload>.<signature>`.

Everything needed to check it without a line stands behind the `#`, which a browser never sends to a server.
"""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import segno

from banyan.certificates import base64url
from banyan.certificates.issuer import PublicKey, canonical
from banyan.certificates.statement import NOT_OURS, Statement
from banyan.errors import TamperedError

MASK = 4  # trying all eight patterns takes half of the time a certificate takes; any one is read as well
ERROR = "m"  # a scratch or a fold may cost 15 %; more would make the modules too small for a phone
ALTERED = "签名对不上：这张证书被改动过，或者不是这个单位发的"


def url(public_url: str, statement: Statement, signature: str) -> str:
    """Return the address a certificate's QR code holds."""
    return f"{public_url}/verify/{statement.serial}#{fragment(statement, signature)}"


def fragment(statement: Statement, signature: str) -> str:
    return f"{base64url.encode(canonical(statement.payload()))}.{signature}"


def read_offline(address: str, public_key: PublicKey) -> Statement:
    """Return what a scanned address states, or raise TamperedError if the key's owner did not sign exactly that."""
    parts = urlsplit(address.strip())
    statement = read_fragment(parts.fragment, public_key)
    if not parts.path.endswith(f"/verify/{statement.serial}"):
        raise TamperedError("网址里的编号和证书内容不一致，证书被改动过")
    return statement


def read_fragment(text: str, public_key: PublicKey) -> Statement:
    """Return what stands behind the `#`, or raise TamperedError."""
    packed, _, signature = text.partition(".")
    payload = _unpack(packed)
    if not public_key.verify(payload, signature):
        raise TamperedError(ALTERED)
    return Statement.parse(payload)


def svg(address: str) -> str:
    """Return the QR code as an SVG picture, one unit a module; the four blank modules around it are the page's to leave."""
    rows = modules(address)
    runs = (
        f"M{run.start()} {y}h{run.end() - run.start()}v1h-{run.end() - run.start()}z"
        for y, row in enumerate(rows)
        for run in re.finditer(b"\x01+", row)
    )
    side = len(rows)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{"".join(runs)}"/></svg>'


def modules(address: str) -> tuple[bytes, ...]:
    """Return the QR code's rows, a byte of 0 or 1 per module, without the quiet zone."""
    return tuple(bytes(row) for row in segno.make_qr(address, error=ERROR, mask=MASK, boost_error=False).matrix)


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
