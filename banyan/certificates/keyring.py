"""The keys that ever vouched for a house: the one that signs now, and those before it, which sign no more.

What an earlier key signed stays genuine. A key that was stolen vouches only for what it signed before the day of the
theft; what says it was signed on that day or later is refused, whoever signed it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, Self

from banyan.certificates.public_key import PublicKey
from banyan.errors import BadInputError, HomeError

STOLEN = "@"
LONGEST = 10_000  # characters of a text with keys


class Vouching(Protocol):
    """A key, or several."""

    def verify(self, payload: Mapping[str, Any], signature: str) -> bool: ...


@dataclass(frozen=True)
class Signer:
    """One key: it signed from `since` to `until`; None where it is not known or has no end yet. As text it is the key,
    with `@` and the day it was stolen, if it was.
    """

    key: PublicKey
    since: datetime | None = None
    until: datetime | None = None
    stolen_on: date | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key written in a text, or raise BadInputError."""
        key, _, day = text.strip().partition(STOLEN)
        try:
            return cls(PublicKey.parse(key), stolen_on=date.fromisoformat(day) if day else None)
        except ValueError:
            raise BadInputError("公钥后面的日期不对：{text}", text=text[:80]) from None

    @property
    def text(self) -> str:
        return self.key.text + (f"{STOLEN}{self.stolen_on}" if self.stolen_on else "")

    def verify(self, payload: Mapping[str, Any], signature: str) -> bool:
        """Say whether it signed this payload while it could be trusted."""
        return self.key.verify(payload, signature) and self._trusted_on(signed_on(payload))

    def _trusted_on(self, day: str) -> bool:
        return self.stolen_on is None or "" < day < self.stolen_on.isoformat()


@dataclass(frozen=True)
class Keyring:
    """As text it has a key a line, the one that signs first."""

    keys: tuple[Signer, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the keys written in a text, or raise BadInputError if there is none."""
        return cls(tuple(map(Signer.parse, text[:LONGEST].split() or [""])))

    @property
    def text(self) -> str:
        return "\n".join(each.text for each in self.keys)

    def verify(self, payload: Mapping[str, Any], signature: str) -> bool:
        return any(each.verify(payload, signature) for each in self.keys)


def signed_on(payload: Mapping[str, Any]) -> str:
    """Return the day a certificate, a receipt or a transcript says it was signed, as YYYY-MM-DD; empty if it does not say."""
    return str(payload.get("i") or payload.get("submitted_at") or payload.get("issued_on") or "")[:10]


def write_past(keys: Iterable[Signer]) -> str:
    """Return the file in which a home keeps the keys of before."""
    rows = [
        {
            "key": each.key.text,
            "since": each.since and each.since.isoformat(),
            "until": each.until and each.until.isoformat(),
            "stolen_on": each.stolen_on and each.stolen_on.isoformat(),
        }
        for each in keys
    ]
    return json.dumps(rows, indent=1) + "\n"


def read_past(text: str) -> tuple[Signer, ...]:
    """Return the keys of before, the latest last, or raise HomeError."""
    try:
        return tuple(_signer(row) for row in json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, BadInputError):
        raise HomeError("以前的发证密钥读不出来；请从备份恢复 keys/signed-before") from None


def _signer(row: Mapping[str, Any]) -> Signer:
    moments = [datetime.fromisoformat(row[name]) if row[name] else None for name in ("since", "until")]
    stolen = date.fromisoformat(row["stolen_on"]) if row["stolen_on"] else None
    return Signer(PublicKey.parse(row["key"]), moments[0], moments[1], stolen)
