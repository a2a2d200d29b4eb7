"""Who a house is to the world's verifiers: an address, and behind it a controller document that lists its keys.

Every credential names that address as its issuer. A key of before stays listed, so that what it signed stays genuine; a
stolen one is listed with the day of the theft and may assert nothing any more.
"""

from datetime import UTC, datetime, time

from banyan.certificates import multibase
from banyan.certificates.data_integrity import Document, stamp
from banyan.certificates.issuer import Issuer
from banyan.certificates.keyring import Signer
from banyan.certificates.public_key import PublicKey
from banyan.domain.calendar import COUNTY_TIME

PATH = "/verify/issuer"
CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


def address(issuer: Issuer) -> str:
    return issuer.public_url + PATH


def method(issuer: Issuer, key: PublicKey) -> str:
    """Return the address of one of a house's public keys."""
    return f"{address(issuer)}#{multibase.multikey(key.raw)}"


def document(issuer: Issuer) -> Document:
    """Return the controller document, as JSON."""
    trusted = [each for each in issuer.keyring.keys if each.stolen_on is None]
    return {
        "@context": CONTEXTS,
        "id": address(issuer),
        "verificationMethod": [_listed(issuer, each) for each in issuer.keyring.keys],
        "assertionMethod": [method(issuer, each.key) for each in trusted],
    }


def _listed(issuer: Issuer, signer: Signer) -> Document:
    listed = {
        "id": method(issuer, signer.key),
        "type": "Multikey",
        "controller": address(issuer),
        "publicKeyMultibase": multibase.multikey(signer.key.raw),
    }
    if signer.stolen_on:
        listed["revoked"] = stamp(datetime.combine(signer.stolen_on, time(), COUNTY_TIME).astimezone(UTC))
    return listed
