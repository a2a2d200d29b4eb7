"""Who can do what, until when: the attainment rule of the framework.

L1 is an online assessment. L2 adds one of SIM, SP, SH, PF, OS, AO, EC. L3 adds *another* row of OS, AO or EC.
L4 adds observation by two assessors and a portfolio that holds a teaching log. Rows count for rungs up to their
level; the rows of a rung must together show every indicator; a rung holds until the first row it needs expires.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from banyan.domain.evidence import Evidence
from banyan.domain.framework import Competency, Framework, Kind

RUNG_1 = frozenset({Kind.OA})
RUNG_2 = frozenset({Kind.SIM, Kind.SP, Kind.SH, Kind.PF, Kind.OS, Kind.AO, Kind.EC})
RUNG_3 = frozenset({Kind.OS, Kind.AO, Kind.EC})


@dataclass(frozen=True)
class Standing:
    """The highest rung that holds on a day; `until` is the last day it holds, None where nothing is shown."""

    level: int
    until: date | None


NOTHING = Standing(0, None)

Split = tuple[frozenset[str], frozenset[str]]
"""What the rows taken so far show for the second and for the third rung; no row is taken for both."""


def standing(competency: Competency, evidence: Iterable[Evidence], today: date) -> Standing:
    """Return what the evidence for one competency amounts to on a day."""
    rows = [row for row in evidence if row.competency == competency.code and row.counts_on(today)]
    best = NOTHING
    for level in (1, 2, 3, 4):
        until = rung(competency, rows, level)
        if until is None:
            break
        best = Standing(level, until)
    return best


def rung(competency: Competency, rows: list[Evidence], level: int) -> date | None:
    """Return the last day on which rows that all count today hold a rung and those below it, or None."""
    wanted = competency.indicator_codes
    days = [_covered_until(wanted, [row for row in rows if row.kind in RUNG_1])]
    if level >= 2:
        days.append(_split_until(wanted, rows, third=level >= 3))
    if level >= 4:
        days.append(_coached_until(wanted, rows))
    held = [day for day in days if day is not None]
    return min(held) if len(held) == len(days) else None


def standings(framework: Framework, evidence: Iterable[Evidence], today: date) -> Mapping[str, Standing]:
    """Return one person's standing in every competency in which anything is shown."""
    rows = list(evidence)
    shown = {each.code: standing(each, rows, today) for each in framework}
    return {code: each for code, each in shown.items() if each != NOTHING}


def _latest_first(rows: Iterable[Evidence]) -> list[Evidence]:
    return sorted(rows, key=lambda row: row.expires_on, reverse=True)


def _covered_until(wanted: frozenset[str], rows: list[Evidence]) -> date | None:
    shown: frozenset[str] = frozenset()
    for row in _latest_first(rows):
        shown |= row.indicators & wanted
        if shown == wanted:
            return row.expires_on
    return None


def _split_until(wanted: frozenset[str], rows: list[Evidence], third: bool) -> date | None:
    """Take rows latest first, each for the second or the third rung, until some choice shows everything wanted."""
    goal: Split = (wanted, wanted if third else frozenset())
    reached: set[Split] = {(frozenset(), frozenset())}
    for row in _latest_first(rows):
        shows = row.indicators & wanted
        taken: set[Split] = set()
        if row.kind in RUNG_2 and row.level >= 2:
            taken |= {(second | shows, other) for second, other in reached}
        if third and row.kind in RUNG_3 and row.level >= 3:
            taken |= {(second, other | shows) for second, other in reached}
        reached |= taken
        if goal in reached:
            return row.expires_on
    return None


def _coached_until(wanted: frozenset[str], rows: list[Evidence]) -> date | None:
    coaching = [row for row in rows if row.level >= 4]
    seen = [row for row in coaching if row.kind is Kind.AO]
    logs = [row.expires_on for row in coaching if row.kind is Kind.PF and row.teaching_log]
    latest: dict[str, date] = {}
    for row in seen:
        latest[row.assessor] = max(latest.get(row.assessor, row.expires_on), row.expires_on)
    pair = sorted(latest.values(), reverse=True)[:2]
    covered = _covered_until(wanted, seen)
    if covered is None or len(pair) < 2 or not logs:
        return None
    return min(covered, pair[1], max(logs))
