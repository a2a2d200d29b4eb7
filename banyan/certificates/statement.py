"""What a certificate states: few words, fixed on the day of issue and signed to the letter.

The signed payload has one-letter keys, since all of it must fit into a QR code that a phone can still read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from banyan.certificates.serial import read_serial
from banyan.domain.certification import Programme
from banyan.errors import TamperedError

FORM = "C1"
"""A certificate, first form; a receipt signed by the same key has no such mark."""

NOT_OURS = "这不是榕学的证书内容，或者已被改动"

Targets = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Statement:
    """`expires_on` is the last day it holds; `targets` are the levels shown, per competency.

    `invigilated` says whether a trainer watched over the exam; None on certificates of before this was told.
    """

    serial: str
    name: str
    title: str
    programme: str
    programme_title: str
    targets: Targets
    issued_on: date
    expires_on: date
    issuer: str
    key_id: str
    demo: bool
    invigilated: bool | None = None

    def payload(self) -> dict[str, Any]:
        """Return what is signed and printed in the QR code."""
        return {
            "v": FORM,
            "s": self.serial,
            "n": self.name,
            "t": self.title,
            "c": self.programme,
            "p": self.programme_title,
            "a": " ".join(f"{code}:{level}" for code, level in self.targets),
            "i": self.issued_on.isoformat(),
            "e": self.expires_on.isoformat(),
            "o": self.issuer,
            "k": self.key_id,
            "d": int(self.demo),
            **({} if self.invigilated is None else {"w": int(self.invigilated)}),
        }

    def told(self) -> dict[str, Any]:
        """Return what the verify page tells whoever holds the paper; named as in verify.js."""
        fields = ("serial", "name", "title", "programme_title", "issuer", "issued_on", "expires_on")
        return {field: str(getattr(self, field)) for field in fields} | {"demo": self.demo, "invigilated": self.invigilated}

    @classmethod
    def parse(cls, payload: Mapping[str, Any]) -> Self:
        """Return the statement in a payload, or raise TamperedError if it is not exactly one."""
        try:
            read = cls._read(payload)
            same = _alike(read.payload(), payload)
        except (KeyError, ValueError, TypeError, AttributeError):
            raise TamperedError(NOT_OURS) from None
        if not same or read_serial(read.serial) != read.serial:
            raise TamperedError(NOT_OURS)
        return read

    @classmethod
    def _read(cls, payload: Mapping[str, Any]) -> Self:
        return cls(
            serial=str(payload["s"]),
            name=str(payload["n"]),
            title=str(payload["t"]),
            programme=str(payload["c"]),
            programme_title=str(payload["p"]),
            targets=_targets(payload["a"]),
            issued_on=date.fromisoformat(payload["i"]),
            expires_on=date.fromisoformat(payload["e"]),
            issuer=str(payload["o"]),
            key_id=str(payload["k"]),
            demo=bool(payload["d"]),
            invigilated=bool(payload["w"]) if "w" in payload else None,
        )


def _alike(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Say whether two payloads are spelled alike: `1` is neither `true` nor `1.0`."""
    return ours == theirs and all(type(value) is type(theirs[key]) for key, value in ours.items())


def targets_of(programme: Programme) -> Targets:
    return tuple(programme.targets.items())


def _targets(text: str) -> Targets:
    pairs = (each.rpartition(":") for each in text.split())
    return tuple((code, int(level)) for code, _, level in pairs)
