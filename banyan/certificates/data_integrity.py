"""A Data Integrity proof of the kind `eddsa-jcs-2022` (W3C): Ed25519 over the hashes of a document and of the proof's own
terms, both in canonical JSON. Any verifier of W3C credentials checks it; nothing has to be fetched to make it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from banyan.certificates import multibase
from banyan.certificates.issuer import Issuer
from banyan.certificates.keyring import Keyring
from banyan.certificates.public_key import canonical

CRYPTOSUITE = "eddsa-jcs-2022"
Document = dict[str, Any]


def secured(document: Mapping[str, Any], issuer: Issuer, method: str, now: datetime) -> Document:
    """Return a document with the proof that an issuer made it now; `method` is the address of its public key."""
    terms = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": stamp(now),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        "@context": document["@context"],
    }
    signature = issuer.key.sign(_to_sign(document, terms))
    return {**document, "proof": {**terms, "proofValue": multibase.encode(signature)}}


def holds(document: Mapping[str, Any], keys: Keyring) -> bool:
    """Say whether one of these keys made a document's proof.

    A stolen key vouches for no document any more: the day of a proof is its maker's own word.
    """
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    proof = document.get("proof")
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    if not isinstance(proof, dict) or not _is_ours(proof, unsecured):
        return False
    terms = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        signature, signed = multibase.decode(proof["proofValue"]), _to_sign(unsecured, terms)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    trusted = [each.key.raw for each in keys.keys if each.stolen_on is None]
    return any(_fits(raw, signature, signed) for raw in trusted if _names(proof, raw))


def stamp(moment: datetime) -> str:
    """Return a moment as credentials write it, in UTC and whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_ours(proof: Mapping[str, Any], unsecured: Mapping[str, Any]) -> bool:
    known = (proof.get("type"), proof.get("cryptosuite"), proof.get("proofPurpose"))
    told = proof.get("@context") == unsecured.get("@context")
    return told and known == ("DataIntegrityProof", CRYPTOSUITE, "assertionMethod")


def _names(proof: Mapping[str, Any], raw: bytes) -> bool:
    return str(proof.get("verificationMethod")).endswith("#" + multibase.multikey(raw))


def _to_sign(unsecured: Mapping[str, Any], terms: Mapping[str, Any]) -> bytes:
    return sha256(canonical(terms)).digest() + sha256(canonical(unsecured)).digest()


def _fits(raw: bytes, signature: bytes, signed: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, signed)
    except InvalidSignature:
        return False
    return True
