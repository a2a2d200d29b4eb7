"""Everybody's standing, page by page: for when all of the cache is held against the rule, or made anew.

A page is a stretch of people with some tens of thousands of rows between them, read in the order of an index; nothing
is kept from one page to the next but what the rule said of patterns. Two people who showed the same, in the same order
of expiry, stand on the same rung until the same of their rows expires: the rule is asked once (banyan.domain.proof says
that only the order of dates matters), and rows come and go as plain tuples.
"""

import gc
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, delete, exists, func, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from banyan.domain.evidence import Evidence
from banyan.domain.framework import Framework, Kind
from banyan.domain.standing import standing
from banyan.records.bulk import append
from banyan.records.competence import EvidenceRow, StandingRow
from banyan.records.corrections import EvidenceWithdrawal
from banyan.records.people import Person
from banyan.records.retractions import EvidenceRetraction

STANDS = and_(
    ~exists().where(EvidenceWithdrawal.evidence_id == EvidenceRow.id),
    ~exists().where(EvidenceRetraction.evidence_id == EvidenceRow.id),
)
"""The condition that a row of evidence was withdrawn neither by a corrected key nor with the record it came from."""

PAGE = 40_000  # rows of evidence, as many as are read at once
AT_ONCE = 5_000  # keys in one statement that deletes

Key = tuple[int, str]
Level = tuple[int, str]
"""A level, and the last day it holds as ISO 8601 says it."""


class Stretch(NamedTuple):
    """People by their ids, `after` not among them; without `upto` all that follow."""

    after: int
    upto: int | None

    def of(self, person: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        return person > self.after if self.upto is None else and_(person > self.after, person <= self.upto)


def stretches(session: Session, size: int = PAGE) -> Iterator[Stretch]:
    """Yield stretches that hold everybody together, each with about so many rows of evidence."""
    after = 0
    while True:
        ahead = select(EvidenceRow.person_id).where(EvidenceRow.person_id > after).order_by(EvidenceRow.person_id).limit(size)
        upto = session.scalar(select(func.max(ahead.subquery().c.person_id)))
        yield Stretch(after, upto)
        if upto is None:
            return
        after = upto


@dataclass
class Ruler:
    """What the rule says, asked once for each pattern: a competency, and the shapes of its rows, the longest-lasting first."""

    framework: Framework
    known: dict[tuple[str, ...], tuple[int, int]] = field(default_factory=dict)

    def ruled(self, session: Session, stretch: Stretch, today: date) -> dict[Key, Level]:
        """Return what everybody of a stretch can do today, by person and competency; what is not shown is left out."""
        groups: dict[Key, list[tuple[str, str]]] = {}
        for person, code, until, shape in session.connection().execute(_rows(stretch, today)).all():
            groups.setdefault((person, code), []).append((until, shape))
        known, found = self.known, {}
        for key, rows in groups.items():
            if len(rows) > 1:
                rows.sort(reverse=True)
            pattern = (key[1], *[shape for _, shape in rows])
            level, place = known.get(pattern) or self._ask(pattern)
            if level:
                found[key] = (level, rows[place][0])
        return found

    def _ask(self, pattern: tuple[str, ...]) -> tuple[int, int]:
        """Return the level of a pattern and which row expires first, told apart by days that keep nothing but the order."""
        code, *shapes = pattern
        self.known[pattern] = (0, 0)
        if code in self.framework:
            day, last = date(2000, 1, 1), len(shapes)
            rows = [_evidence(code, shape, day, day + timedelta(days=last - place)) for place, shape in enumerate(shapes)]
            said = standing(self.framework.competency(code), rows, day)
            self.known[pattern] = (said.level, last - (said.until - day).days) if said.until else (0, 0)
        return self.known[pattern]


def cached(session: Session, stretch: Stretch) -> dict[Key, Level]:
    """Return what the cache holds of a stretch."""
    query = select(StandingRow.person_id, StandingRow.competency, StandingRow.level, cast(StandingRow.until, Text))
    rows = session.connection().execute(query.where(stretch.of(StandingRow.person_id))).all()
    return {(person, code): (level, until) for person, code, level, until in rows}


def mend(session: Session, stretch: Stretch, ruled: dict[Key, Level], kept: dict[Key, Level], today: date) -> None:
    """Make the cache of a stretch, which holds what was kept, what was ruled; only what differs is written."""
    wrong = [key for key, held in kept.items() if ruled.get(key) != held]
    for first in range(0, len(wrong), AT_ONCE):
        keys = tuple_(StandingRow.person_id, StandingRow.competency).in_(wrong[first : first + AT_ONCE])
        session.execute(delete(StandingRow).where(keys).execution_options(synchronize_session=False))
    stale = update(StandingRow).where(stretch.of(StandingRow.person_id), StandingRow.as_of != today)
    session.execute(stale.values(as_of=today).execution_options(synchronize_session=False))
    if ruled != kept:
        as_of = today.isoformat()
        new = ((*key, *held, as_of) for key, held in ruled.items() if kept.get(key) != held)
        append(session, StandingRow, ("person_id", "competency", "level", "until", "as_of"), new)


def hold(session: Session, stretch: Stretch) -> None:
    """Keep others from writing of the people of a stretch; SQLite has one writer anyway."""
    held = select(Person.id).where(stretch.of(Person.id)).order_by(Person.id)
    session.execute(held.with_for_update()).all()


@contextmanager
def without_collecting() -> Iterator[None]:
    """Keep the collector of cycles, which a page has none of, from walking its tuples over and over: a third of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def people_of(*keys: Iterable[Key]) -> int:
    """Return of how many people some keys are."""
    return len({person for each in keys for person, _ in each})


def _rows(stretch: Stretch, today: date) -> Select[int, str, str, str]:
    """Select person, competency, last day and shape of the rows that count today; only of coaches it matters who saw them."""
    eyes = case((and_(EvidenceRow.kind == Kind.AO, EvidenceRow.level >= 4), cast(EvidenceRow.assessor_id, Text)), else_="")
    level, shown = cast(EvidenceRow.level, Text), cast(EvidenceRow.indicators, Text)
    log = case((EvidenceRow.teaching_log, "log"), else_="")
    parts = (EvidenceRow.kind, level, func.coalesce(eyes, ""), log, shown)
    shape = reduce(lambda said, part: said.concat("|").concat(part), parts)
    return (
        select(EvidenceRow.person_id, EvidenceRow.competency, cast(EvidenceRow.expires_on, Text), shape)
        .where(stretch.of(EvidenceRow.person_id), STANDS, EvidenceRow.observed_on <= today, EvidenceRow.expires_on >= today)
        .order_by(EvidenceRow.person_id)
    )


def _evidence(code: str, shape: str, day: date, until: date) -> Evidence:
    kind, level, eyes, log, shown = shape.split("|", 4)
    return Evidence(code, frozenset(json.loads(shown)), Kind(kind), int(level), day, until, eyes, teaching_log=bool(log))
