"""Who can do what, until when: the level that comes out of the proof (banyan.domain.proof)."""

from collections.abc import Iterable, Mapping
from datetime import date

from banyan.domain.evidence import Evidence
from banyan.domain.framework import Competency, Framework
from banyan.domain.proof import NOTHING, RUNG_1, RUNG_2, RUNG_3, Standing, counting, held, rungs

__all__ = ["NOTHING", "RUNG_1", "RUNG_2", "RUNG_3", "Standing", "standing", "standings"]


def standing(competency: Competency, evidence: Iterable[Evidence], today: date) -> Standing:
    """Return what the evidence for one competency amounts to on a day."""
    return held(rungs(competency, counting(competency, evidence, today)))


def standings(framework: Framework, evidence: Iterable[Evidence], today: date) -> Mapping[str, Standing]:
    """Return one person's standing in every competency in which anything is shown."""
    rows: dict[str, list[Evidence]] = {}
    for row in evidence:
        rows.setdefault(row.competency, []).append(row)
    shown = {each.code: standing(each, rows[each.code], today) for each in framework if each.code in rows}
    return {code: each for code, each in shown.items() if each != NOTHING}
