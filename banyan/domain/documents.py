"""Papers of others that count: which there are, and what each vouches for."""

from dataclasses import dataclass
from datetime import date

from banyan.domain.framework import Text


@dataclass(frozen=True)
class Document:
    """A kind of paper; it shows these indicators of one competency, for rungs up to `level`, by the source's words."""

    code: str
    name: Text
    competency: str
    shows: frozenset[str]
    level: int
    source: str


def runs(issued_on: date, expires_on: date | None, today: date) -> bool:
    """Say whether a paper with these dates makes sense and has not run out."""
    return issued_on <= today and (expires_on is None or (issued_on <= expires_on and today <= expires_on))
