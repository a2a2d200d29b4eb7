"""When a certificate is due: once for what was shown, again only when nothing is lacking for the time to come.

While one is valid no other is due before its renewal window opens; then what counts beyond its last day decides. After one
has run out, something the programme asks for must have been shown since it was issued. After one was revoked, only what
was shown on a later day counts at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from banyan.domain.certification import Programme, missing
from banyan.domain.evidence import Evidence
from banyan.domain.framework import Framework
from banyan.domain.renewal import Past, judged_on

__all__ = ["Past", "Rules", "due"]


@dataclass(frozen=True)
class Rules:
    programme: Programme
    framework: Framework


def due(rules: Rules, evidence: Iterable[Evidence], past: Sequence[Past], today: date) -> bool:
    """Say whether a person is owed a certificate today."""
    judged = judged_on(rules.programme, past, today)
    if judged is None:
        return False
    revoked = [each.revoked_on for each in past if each.revoked_on]
    last = max((each.issued_on for each in past), default=date.min)
    rows = [row for row in evidence if not revoked or row.observed_on > max(revoked)]
    renewing = judged > today
    new = any(row.competency in rules.programme.targets and row.observed_on > last for row in rows)
    return (new or renewing) and not missing(rules.programme, rules.framework, rows, judged)
