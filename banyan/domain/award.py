"""When a certificate is due: once for what was shown, again only for something new.

While one is valid no other is due. After one has run out, something the programme asks for must have been shown since
it was issued. After one was revoked, only what was shown on a later day counts at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from banyan.domain.certification import Programme, Validity, missing, validity
from banyan.domain.evidence import Evidence
from banyan.domain.framework import Framework


@dataclass(frozen=True)
class Past:
    """A certificate of the same programme that a person was given before."""

    issued_on: date
    expires_on: date
    revoked_on: date | None = None


@dataclass(frozen=True)
class Rules:
    programme: Programme
    framework: Framework


def due(rules: Rules, evidence: Iterable[Evidence], past: Sequence[Past], today: date) -> bool:
    """Say whether a person is owed a certificate today."""
    if any(_holds(each, today) for each in past):
        return False
    revoked = [each.revoked_on for each in past if each.revoked_on]
    last = max((each.issued_on for each in past), default=date.min)
    rows = [row for row in evidence if not revoked or row.observed_on > max(revoked)]
    new = any(row.competency in rules.programme.targets and row.observed_on > last for row in rows)
    return new and not missing(rules.programme, rules.framework, rows, today)


def _holds(each: Past, today: date) -> bool:
    return validity(each.expires_on, each.revoked_on is not None, today) is Validity.VALID
