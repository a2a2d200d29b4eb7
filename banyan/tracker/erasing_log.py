"""What the audit log says of somebody who is erased: numbers and names go wherever they stand, words where a row is theirs.

A row is theirs if it is about them, or about a certificate, a paper, an attempt, a piece or a task of theirs; what was
written there as a reason, and what they were called or rung under before, may be worded in any way, so it goes whole.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.orm import Session

from banyan.domain.erasure import NAME, pseudonym
from banyan.records import audit
from banyan.records.audit import AuditRow
from banyan.records.competence import Certificate
from banyan.records.examinations import Attempt, Submission
from banyan.records.people import Person
from banyan.records.pieces import Piece
from banyan.records.tasks import TaskSubmission

Swaps = Sequence[tuple[re.Pattern[str], str]]
EMPTIED = frozenset({"reason", "name", "phone", "fault", "words", "answer", "comment", "note"})
"""What a row that is theirs loses, where it is words."""
AT_ONCE = 500


@dataclass(frozen=True)
class Known:
    """What a person was known by."""

    name: str
    number: str
    phone: str

    @classmethod
    def of(cls, person: Person) -> "Known":
        return cls(person.name, person.staff_number, person.phone)


@dataclass(frozen=True)
class Seen:
    """The positions of the rows that may name somebody, of all up to a position."""

    positions: tuple[int, ...]
    until: int


def mentions(session: Session, person: Person, after: int = 0) -> Seen:
    """Look the log through for what may name somebody; read it before anything is written, as it takes a while."""
    known = Known.of(person)
    until = session.scalar(select(func.max(AuditRow.position))) or 0
    told = cast(AuditRow.detail, Text)
    wanted = [AuditRow.actor == known.number]
    for said in (known.number, known.phone):
        wanted += [AuditRow.subject.contains(said, autoescape=True), told.contains(said, autoescape=True)] if said else []
    wanted += [told.contains(each, autoescape=True) for each in {known.name, json.dumps(known.name)[1:-1]}]
    fresh = (AuditRow.position > after, AuditRow.action != audit.REDACT)
    found = set(session.scalars(select(AuditRow.position).where(*fresh, or_(*wanted))))
    for some in _portions(sorted(_subjects(session, person))):
        found |= set(session.scalars(select(AuditRow.position).where(*fresh, AuditRow.subject.in_(some))))
    return Seen(tuple(sorted(found)), until)


def look_up(session: Session, person: Person, before: Seen | None) -> Seen:
    """Return where a person is named now: what was looked up before, and what was written since."""
    since = mentions(session, person, before.until if before else 0)
    return Seen((*(before.positions if before else ()), *since.positions), since.until)


def reword(session: Session, person: Person, known: Known, seen: Seen, now: datetime, actor: str) -> None:
    """Word anew what the log says of a person who has no name any more, and vouch for it."""
    theirs = {known.number, *_subjects(session, person)}
    changed = []
    for some in _portions(seen.positions):
        for row in session.scalars(select(AuditRow).where(AuditRow.position.in_(some)).order_by(AuditRow.position)):
            if _reword(row, known, person, theirs):
                changed.append(row)
    session.flush()
    audit.redact(session, changed, now, actor, pseudonym(person.id))


def _subjects(session: Session, person: Person) -> set[str]:
    """Return under what else the log speaks of a person's own."""
    own = {"attempt": Attempt, "piece": Piece, "task": TaskSubmission}
    numbered = {f"{name}:{each}" for name, model in own.items() for each in session.scalars(_ids(model, person.id))}
    papers = session.scalars(select(Submission.id).join(Attempt).where(Attempt.person_id == person.id))
    serials = session.scalars(select(Certificate.serial).where(Certificate.person_id == person.id))
    return {*numbered, *(f"submission:{each}" for each in papers), *serials}


def _ids(model: Any, person_id: int) -> Any:
    return select(model.id).where(model.person_id == person_id)


def _portions(many: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for first in range(0, len(many), AT_ONCE):
        yield many[first : first + AT_ONCE]


def _reword(row: AuditRow, known: Known, person: Person, theirs: Collection[str]) -> bool:
    """Word one row anew and say whether it changed. Of a namesake's row the name stays."""
    number = _whole(known.number)
    theirs_alone = row.subject in theirs or row.detail.get("staff") == [known.number]
    named = number.search(f"{row.actor} {row.subject} {json.dumps(row.detail, ensure_ascii=False)}") is not None
    swaps = [(number, pseudonym(person.id))]
    swaps += [(_whole(known.phone), "")] if known.phone else []
    swaps += [(re.compile(re.escape(known.name)), NAME)] if theirs_alone or named else []
    before = (row.actor, row.subject, row.detail)
    row.actor, row.subject = _reworded(row.actor, swaps), _reworded(row.subject, swaps)[:120]
    kept = _emptied(row.detail) if theirs_alone else row.detail
    row.detail = {key: _reworded(value, swaps) for key, value in kept.items()}
    changed = before != (row.actor, row.subject, row.detail)
    if changed:
        row.detail = audit.without_salt(row.detail)
    return changed


def _emptied(detail: Mapping[str, Any]) -> dict[str, Any]:
    return {key: "" if key in EMPTIED and isinstance(value, str) else value for key, value in detail.items()}


def _whole(number: str) -> re.Pattern[str]:
    """Return what finds a number and no longer one that only begins or ends like it."""
    return re.compile(rf"(?<![0-9A-Za-z]){re.escape(number)}(?![0-9A-Za-z])")


def _reworded(value: Any, swaps: Swaps) -> Any:
    if isinstance(value, str):
        for found, instead in swaps:
            value = found.sub(instead, value)
        return value
    if isinstance(value, list):
        return [_reworded(each, swaps) for each in value]
    if isinstance(value, dict):
        return {key: _reworded(each, swaps) for key, each in value.items()}
    return value
