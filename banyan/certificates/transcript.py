"""学习档案: what somebody has learnt and shown, signed by the house, as a file for programs and as a few words for a QR code.

The file is an envelope: `{"payload": {…}, "key": "ed25519:…", "signature": "…"}`; docs/reference/transcript.md tells the payload.
The words are `BYT1.<payload>.<signature>`, both base64url. They name nobody in full, since they stand in an address, and
hold what somebody who alters a paper would alter: levels, numbers of certificates, hours; and the digest of the file.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from banyan.certificates import base64url
from banyan.certificates.issuer import Issuer
from banyan.certificates.keyring import Vouching
from banyan.certificates.public_key import canonical
from banyan.domain.names import masked
from banyan.errors import TamperedError

TYPE, VERSION = "banyan-transcript", 1
MARK, FORM = "BYT1", "T1"
MOST = 1_000_000  # characters of a file that somebody hands us; a career has about 40,000
LONGEST = 4000  # characters of the words in a QR code
ASKED = "transcript?said="
"""How the address ends that opens the page which checks a paper; the words follow."""
PARTS = ("posts", "courses", "exams", "competencies", "trainings", "documents", "certificates")
ALTERED = "签名对不上：这份学习档案被改动过，或者不是这个单位出的"
NOT_OURS = "这不是榕学的学习档案；请选当时下载的那个 JSON 文件"

Json = dict[str, Any]


def sealed(payload: Mapping[str, Any], issuer: Issuer) -> Json:
    """Return the file of a transcript: what it says, who says so, and the signature."""
    return {"payload": dict(payload), "key": issuer.public_key.text, "signature": issuer.sign(payload)}


def digest(payload: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(payload)).hexdigest()


def read_file(text: str, keys: Vouching) -> Json:
    """Return what a transcript's file says, or raise TamperedError unless the keys' owner signed exactly this.

    The key that stands in the file is told for people; it vouches for nothing.
    """
    try:
        whole: Any = json.loads(text) if len(text) <= MOST else {}
        payload, signature = whole["payload"], whole["signature"]
        sound = set(whole) == {"payload", "key", "signature"} and isinstance(signature, str) and is_transcript(payload)
    except (ValueError, TypeError, KeyError, RecursionError):
        sound = False
    if not sound:
        raise TamperedError(NOT_OURS)
    if not keys.verify(payload, signature):
        raise TamperedError(ALTERED)
    found: Json = payload
    return found


def is_transcript(payload: Any) -> bool:
    """Say whether a payload is a transcript of this version, all its parts there."""
    if not isinstance(payload, dict) or (payload.get("type"), payload.get("version")) != (TYPE, VERSION):
        return False
    rows = [payload.get(name) for name in PARTS]
    named = isinstance(payload.get("person"), dict) and isinstance(payload.get("service"), dict)
    return named and all(isinstance(part, list) and all(isinstance(each, dict) for each in part) for part in rows)


@dataclass(frozen=True)
class Summary:
    """What a paper's QR code says of it; `name` is masked, `number_end` the last of the staff number, times are minutes."""

    name: str
    number_end: str
    issued_on: date
    as_of: date
    issuer: str
    key_id: str
    demo: bool
    digest: str
    levels: tuple[tuple[str, int], ...]
    serials: tuple[str, ...]
    courses: int
    exams: int
    training: int
    service: int

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Self:
        """Return the summary of a transcript; only certificates that hold are named."""
        return cls(
            name=masked(payload["person"]["name"]),
            number_end=payload["person"]["number_end"],
            issued_on=date.fromisoformat(payload["issued_on"]),
            as_of=date.fromisoformat(payload["as_of"]),
            issuer=payload["issuer"],
            key_id=payload["key_id"],
            demo=payload["demo"],
            digest=digest(payload),
            levels=tuple((each["code"], each["level"]) for each in payload["competencies"]),
            serials=tuple(each["serial"] for each in payload["certificates"] if each["status"] == "valid"),
            courses=len(payload["courses"]),
            exams=sum(each["outcome"] == "passed" for each in payload["exams"]),
            training=sum(each["minutes"] for each in payload["trainings"]),
            service=payload["service"]["minutes"],
        )

    def words(self) -> Json:
        """Return what is signed; one letter a key, since all of it must fit into a QR code."""
        return {
            "v": FORM,
            "n": self.name,
            "w": self.number_end,
            "i": self.issued_on.isoformat(),
            "f": self.as_of.isoformat(),
            "o": self.issuer,
            "k": self.key_id,
            "d": int(self.demo),
            "g": self.digest,
            "a": " ".join(f"{code}:{level}" for code, level in self.levels),
            "c": " ".join(self.serials),
            "l": self.courses,
            "x": self.exams,
            "m": self.training,
            "s": self.service,
        }

    @classmethod
    def parse(cls, said: Mapping[str, Any]) -> Self:
        """Return the summary some words say, or raise ValueError unless they are exactly one."""
        pairs = [each.rpartition(":") for each in said["a"].split()]
        read = cls(
            *(said["n"], said["w"], date.fromisoformat(said["i"]), date.fromisoformat(said["f"]), said["o"], said["k"]),
            *(bool(said["d"]), said["g"], tuple((code, int(level)) for code, _, level in pairs), tuple(said["c"].split())),
            *(said["l"], said["x"], said["m"], said["s"]),
        )
        if canonical(read.words()) != canonical(said):
            raise ValueError("not a summary")
        return read


def summary_text(payload: Mapping[str, Any], issuer: Issuer) -> str:
    """Return what stands in the QR code of a transcript's paper, behind the address."""
    words = Summary.of(payload).words()
    return f"{MARK}.{base64url.encode(canonical(words))}.{issuer.sign(words)}"


def read_summary(text: str, keys: Vouching) -> Summary:
    """Return what a paper's QR code says, or raise TamperedError unless the keys' owner signed exactly this."""
    try:
        mark, _, rest = "".join(text[: LONGEST + 200].split()).rpartition(ASKED)[2].partition(".")
        body, _, signature = rest.partition(".")
        said = json.loads(base64url.decode(body))
        if mark != MARK or not isinstance(said, dict) or not keys.verify(said, signature):
            raise ValueError("not signed so")
        return Summary.parse(said)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise TamperedError(ALTERED) from None
