"""Which credentials hold no more, as one bit each in a list that all of them share (W3C Bitstring Status List 1.0).

Whoever checks a credential fetches a list of 131,072 places and learns of one; the house does not learn which. Two
lists share the places: `suspension` says what does not hold today, for whatever reason, `revocation` what never will
again. A credential names the first; Open Badges 3.0 allows it to name only one.
"""

import gzip
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from banyan.certificates import base64url, controller
from banyan.certificates.data_integrity import Document, secured, stamp
from banyan.certificates.issuer import Issuer

CONTEXT = "https://www.w3.org/ns/credentials/v2"
PLACES = 131_072  # bits of a list; the least that the standard asks for
LASTS = timedelta(days=1)
BASE64URL = "u"


class Purpose(StrEnum):
    SUSPENSION = "suspension"
    REVOCATION = "revocation"


def address(issuer: Issuer, purpose: Purpose, number: int) -> str:
    return f"{issuer.public_url}/verify/status/{purpose}/{number}"


def entry(issuer: Issuer, number: int, place: int) -> Document:
    """Return what a credential says of where its status stands."""
    listed = address(issuer, Purpose.SUSPENSION, number)
    return {
        "id": f"{listed}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": Purpose.SUSPENSION.value,
        "statusListIndex": str(place),
        "statusListCredential": listed,
    }


def credential(issuer: Issuer, purpose: Purpose, number: int, places: Iterable[int], now: datetime) -> Document:
    """Return a list with these places set, signed and good for a day."""
    listed = address(issuer, purpose, number)
    unsecured = {
        "@context": [CONTEXT],
        "id": listed,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": controller.address(issuer),
        "validFrom": stamp(now),
        "validUntil": stamp(now + LASTS),
        "credentialSubject": {
            "id": f"{listed}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose.value,
            "encodedList": encoded(places),
        },
    }
    return secured(unsecured, issuer, controller.method(issuer, issuer.public_key), now)


def encoded(places: Iterable[int]) -> str:
    """Return a list as its bits, packed: the first place is the highest bit of the first byte."""
    bits = bytearray(PLACES // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    return BASE64URL + base64url.encode(gzip.compress(bytes(bits), mtime=0))
