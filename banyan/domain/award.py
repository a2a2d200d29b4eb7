"""When a certificate is due: once all is shown, again only when nothing is lacking for the time to come.

While one is valid no other is due before its renewal window opens; then what counts beyond its last day decides. After one
has run out, what counts today decides, however long ago it was shown. While the last one is suspended none is due, and after
one was revoked only what was shown on a later day counts at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from banyan.domain.certification import Programme, missing
from banyan.domain.evidence import Evidence
from banyan.domain.framework import Framework
from banyan.domain.renewal import Past, judged_on, still_counts

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
    return not missing(rules.programme, rules.framework, still_counts(evidence, past, today), judged)
