"""The receipt for a submission: signed by the house, short enough to keep, says what was handed in when, and by whom.

As text it is `BYR1.<payload>.<signature>`, both base64url. It names a person by their handle only, and the answers by
their digest: whoever keeps the frozen answers can show that they are the ones handed in.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Self

from banyan.certificates import base64url
from banyan.certificates.issuer import Issuer
from banyan.certificates.keyring import Vouching
from banyan.certificates.public_key import canonical
from banyan.errors import TamperedError

MARK = "BYR1"
LONGEST = 2000  # characters
TYPE = "banyan-receipt"
ASKED = "receipt?text="
"""How the address ends that opens the page which checks a receipt; the receipt follows."""


@dataclass(frozen=True)
class Receipt:
    """Times are ISO 8601 in UTC; `digest` is the SHA-256 of the frozen answers."""

    student: str
    course: str
    release: int
    number: int
    digest: str
    started_at: str
    submitted_at: str
    key_id: str
    type: str = TYPE

    @property
    def handed_in(self) -> datetime:
        return datetime.fromisoformat(self.submitted_at)

    @classmethod
    def parse(cls, payload: Any) -> Self:
        """Return the receipt a payload says, or raise ValueError unless it has exactly these fields."""
        kinds = {each.name: int if each.type is int else str for each in fields(cls)}
        if not isinstance(payload, dict) or payload.keys() != kinds.keys() or payload["type"] != TYPE:
            raise ValueError("not a receipt")
        if any(type(payload[name]) is not kind for name, kind in kinds.items()):
            raise ValueError("a field of the wrong kind")
        return cls(**payload)


def issue(receipt: Receipt, issuer: Issuer) -> str:
    """Return a receipt as text, signed."""
    payload = asdict(receipt)
    return f"{MARK}.{base64url.encode(canonical(payload))}.{issuer.sign(payload)}"


def verify_receipt(text: str, issuer: Vouching) -> Receipt:
    """Return what a receipt says, or raise TamperedError if the house did not sign exactly this.

    The address that its QR code holds stands for the receipt in it.
    """
    try:
        return _read("".join(text.split()).rpartition(ASKED)[2], issuer)
    except ValueError:
        raise TamperedError("这张回执核对不上：可能抄漏了字，或者不是这里开出的") from None


def _read(text: str, issuer: Vouching) -> Receipt:
    mark, _, rest = text[: LONGEST + 1].partition(".")
    body, _, signature = rest.partition(".")
    if mark != MARK or len(text) > LONGEST:
        raise ValueError("not a receipt")
    said = base64url.decode(body)
    payload = json.loads(said)
    receipt = Receipt.parse(payload)
    if canonical(payload) != said or not issuer.verify(payload, signature):
        raise ValueError("not signed so")
    return receipt
