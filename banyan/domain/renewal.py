"""Renewing a certificate: from when, until when, and only by what runs out, what changed and what was never shown.

Nothing starts from the beginning. What still counts on the day after the certificate's last day needs no showing again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from banyan.domain.calendar import add_months
from banyan.domain.certification import Programme, Validity, expiry, validity
from banyan.domain.evidence import Evidence
from banyan.domain.framework import Framework
from banyan.domain.proof import Part, prove


@dataclass(frozen=True)
class Past:
    """A certificate of the same programme that a person was given before."""

    issued_on: date
    expires_on: date
    revoked_on: date | None = None
    suspended: bool = False

    def holds(self, today: date) -> bool:
        return validity(self.expires_on, self.revoked_on is not None, today) is Validity.VALID


def opens_on(programme: Programme, expires_on: date) -> date:
    """Return the first day on which a certificate that ends on a day may be renewed."""
    return expires_on - timedelta(days=programme.renew_within_days)


def paused(past: Sequence[Past], today: date) -> bool:
    """Say whether a certificate that holds, or else the last that was not revoked, is suspended; its end lifts nothing."""
    kept = [each for each in past if each.revoked_on is None]
    last = max((each.expires_on for each in kept), default=today)
    return any(each.suspended and (each.holds(today) or each.expires_on == last) for each in kept)


def judged_on(programme: Programme, past: Sequence[Past], today: date) -> date | None:
    """Return the day on which evidence has to count for the next certificate, None while none may be given.

    Without a certificate that holds it is today; in the renewal window it is the day after the certificate's last. While
    the last one is suspended there is no next one.
    """
    if paused(past, today):
        return None
    holding = [each.expires_on for each in past if each.holds(today)]
    if not holding:
        return today
    last = max(holding)
    return None if today < opens_on(programme, last) else last + timedelta(days=1)


def last_revoked(past: Iterable[Past], today: date) -> date | None:
    """Return the last day on which a certificate was revoked."""
    return max((each.revoked_on for each in past if each.revoked_on and each.revoked_on <= today), default=None)


def still_counts(evidence: Iterable[Evidence], past: Iterable[Past], today: date) -> list[Evidence]:
    """Return what may earn a certificate: once one was revoked, only what was shown on a later day."""
    revoked = last_revoked(past, today)
    return [row for row in evidence if revoked is None or row.observed_on > revoked]


def next_expiry(programme: Programme, past: Sequence[Past], today: date) -> date:
    """Return the last day of a certificate issued today: renewed early, it loses none of the days of the one before."""
    holding = [each.expires_on for each in past if each.holds(today)]
    return add_months(max(holding), programme.valid_months) if holding else expiry(programme, today)


def spent(shown_on: date, valid_months: int, judged: date) -> bool:
    """Say whether what was shown on a day no longer counts on the day that matters."""
    return add_months(shown_on, valid_months) < judged


class Why(StrEnum):
    """Why something has to be shown for a renewal."""

    EXPIRED = "expired"
    CHANGED = "changed"
    NEVER = "never"


@dataclass(frozen=True)
class Todo:
    """One thing to show: for which competency, which part of which rung, and why."""

    competency: str
    part: Part
    why: Why


def delta(programme: Programme, framework: Framework, evidence: Iterable[Evidence], judged: date) -> tuple[Todo, ...]:
    """Return what is still to be shown for a certificate judged on a day, in the programme's order; () if nothing is."""
    rows = list(evidence)
    found = []
    for code, wanted in ((code, wanted) for code, wanted in programme.targets.items() if code in framework):
        for part in prove(framework.competency(code), rows, judged).rung(wanted).missing:
            found.append(Todo(code, part, _why(part, [row for row in rows if row.competency == code], framework, judged)))
    return tuple(found)


def _why(part: Part, rows: list[Evidence], framework: Framework, judged: date) -> Why:
    """Say why a part is missing: a row of its kinds that would fill it ran out, or it predates what is asked now."""
    fitting = [row for row in rows if row.kind in part.kinds and row.level >= part.least]
    over = [row for row in fitting if row.expires_on < judged]
    if any(row.indicators & part.lacking for row in over):
        return Why.EXPIRED
    if any(row.edition and row.edition != framework.version for row in fitting):
        return Why.CHANGED
    return Why.NEVER
