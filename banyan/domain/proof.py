"""Why somebody stands where they stand: the attainment rule of the framework, with the rows it rests on.

L1 is an online assessment. L2 adds one of SIM, SP, SH, PF, OS, AO, EC. L3 adds *another* row of OS, AO or EC.
L4 adds observation by two assessors and a portfolio that holds a teaching log. Rows count for rungs up to their
level; the rows of a rung must together show every indicator; a rung holds until the first row it needs expires.

A level is read off the proof and comes from nowhere else. Of the dates of the rows that count, only their order matters.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from banyan.domain.evidence import Evidence
from banyan.domain.framework import LEVELS, Competency, Kind

RUNG_1 = frozenset({Kind.OA})
RUNG_2 = frozenset({Kind.SIM, Kind.SP, Kind.SH, Kind.PF, Kind.OS, Kind.AO, Kind.EC})
RUNG_3 = frozenset({Kind.OS, Kind.AO, Kind.EC})
OBSERVERS = 2

Rows = tuple[Evidence, ...]
Split = tuple[frozenset[str], frozenset[str]]
"""What the rows taken so far show for the second and for the third rung; no row is taken for both."""


@dataclass(frozen=True)
class Standing:
    """The highest rung that holds on a day; `until` is the last day it holds, None where nothing is shown."""

    level: int
    until: date | None


NOTHING = Standing(0, None)


@dataclass(frozen=True)
class Part:
    """One thing a rung asks for: rows of some kinds and at least some level that together show every indicator.

    `rows` are those it rests on, `lacking` the indicators they do not show; `eyes` is how many assessors more it asks for,
    `log` whether it still wants a teaching log.
    """

    rung: int
    kinds: frozenset[Kind]
    least: int
    rows: Rows
    lacking: frozenset[str] = frozenset()
    eyes: int = 0
    log: bool = False

    @property
    def holds(self) -> bool:
        return not (self.lacking or self.eyes or self.log)


@dataclass(frozen=True)
class Rung:
    """A level with all it asks for, that of the levels below included; `wanted` are the competency's indicators."""

    level: int
    wanted: frozenset[str]
    parts: tuple[Part, ...]

    @property
    def holds(self) -> bool:
        return all(each.holds for each in self.parts)

    @property
    def first_to_expire(self) -> Evidence | None:
        """Return the row with whose last day this rung falls, None where no row counts."""
        return min((row for part in self.parts for row in part.rows), key=lambda row: row.expires_on, default=None)

    @property
    def missing(self) -> tuple[Part, ...]:
        return tuple(each for each in self.parts if not each.holds)


@dataclass(frozen=True)
class Proof:
    """Why somebody stands where they stand in one competency on a day, and what each rung above still lacks."""

    competency: Competency
    day: date
    rungs: tuple[Rung, ...]

    @property
    def standing(self) -> Standing:
        return held(self.rungs)

    def rung(self, level: int) -> Rung:
        return self.rungs[level - 1]

    def next_missing(self, wanted: int) -> Rung | None:
        """Return the first rung up to a level that does not hold."""
        return next((each for each in self.rungs[:wanted] if not each.holds), None)


def prove(competency: Competency, evidence: Iterable[Evidence], today: date) -> Proof:
    """Return why somebody stands where they stand on a day, all four rungs of it."""
    return Proof(competency, today, tuple(rungs(competency, counting(competency, evidence, today))))


def counting(competency: Competency, evidence: Iterable[Evidence], today: date) -> list[Evidence]:
    """Return the rows that count for a competency on a day, those that last longest first."""
    rows = (row for row in evidence if row.competency == competency.code and row.counts_on(today))
    return sorted(rows, key=lambda row: row.expires_on, reverse=True)


def held(climbed: Iterable[Rung]) -> Standing:
    """Return the highest of some rungs below which none fails; rungs above the first that fails are not looked at."""
    best = NOTHING
    for each in climbed:
        if not each.holds:
            break
        first = each.first_to_expire
        best = Standing(each.level, first.expires_on if first else None)
    return best


def rungs(competency: Competency, rows: Sequence[Evidence]) -> Iterator[Rung]:
    """Yield the four rungs, the lowest first, for rows that count and stand with those that last longest first."""
    wanted = competency.indicator_codes
    for level in LEVELS:
        parts = [_covered(wanted, [row for row in rows if row.kind in RUNG_1], rung=1, kinds=RUNG_1)]
        if level >= 2:
            parts += _split(wanted, rows, third=level >= 3)
        if level >= 4:
            parts += _coached(wanted, [row for row in rows if row.level >= 4])
        yield Rung(level, wanted, tuple(parts))


def _covered(wanted: frozenset[str], rows: Iterable[Evidence], rung: int, kinds: frozenset[Kind]) -> Part:
    """Take each row that shows something new until all is shown."""
    shown: frozenset[str] = frozenset()
    taken: list[Evidence] = []
    for row in rows:
        if row.indicators & wanted - shown:
            shown |= row.indicators & wanted
            taken.append(row)
        if shown == wanted:
            break
    return Part(rung, kinds, rung, tuple(taken), wanted - shown)


def _split(wanted: frozenset[str], rows: Iterable[Evidence], third: bool) -> list[Part]:
    """Give each row to the second or to the third rung, until some choice shows everything wanted of both.

    Where none does, the choice is told that shows most: of the second rung first, then of the third.
    """
    goal: Split = (wanted, wanted if third else frozenset())
    reached: dict[Split, tuple[Rows, Rows]] = {(frozenset(), frozenset()): ((), ())}
    for row in rows:
        shows = row.indicators & wanted
        taken: dict[Split, tuple[Rows, Rows]] = {}
        for (second, other), (first_rows, other_rows) in reached.items():
            if row.kind in RUNG_2 and row.level >= 2:
                taken.setdefault((second | shows, other), ((*first_rows, row), other_rows))
            if third and row.kind in RUNG_3 and row.level >= 3:
                taken.setdefault((second, other | shows), (first_rows, (*other_rows, row)))
        reached = taken | reached
        if goal in reached:
            break
    best = goal if goal in reached else max(reached, key=lambda each: (len(each[0]), len(each[1])))
    parts = [Part(2, RUNG_2, 2, reached[best][0], wanted - best[0])]
    return [*parts, Part(3, RUNG_3, 3, reached[best][1], wanted - best[1])] if third else parts


def _coached(wanted: frozenset[str], rows: list[Evidence]) -> list[Part]:
    """Ask for observations by two assessors that show everything, and for a portfolio with a teaching log."""
    seen = [row for row in rows if row.kind is Kind.AO]
    covered = _covered(wanted, seen, rung=4, kinds=frozenset({Kind.AO}))
    latest = list({row.assessor: row for row in reversed(seen)}.values())
    pair = sorted(latest, key=lambda row: row.expires_on, reverse=True)[:OBSERVERS]
    both = tuple(dict.fromkeys((*covered.rows, *pair)))
    observed = Part(4, covered.kinds, 4, both, covered.lacking, eyes=OBSERVERS - len(pair))
    log = next((row for row in rows if row.kind is Kind.PF and row.teaching_log), None)
    return [observed, Part(4, frozenset({Kind.PF}), 4, (log,) if log else (), log=log is None)]
