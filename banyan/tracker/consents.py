"""What somebody agreed to: said once at the beginning, taken back or given again at any time; nothing is ever overwritten."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banyan.domain.consent import VERSION, Consent
from banyan.errors import BadInputError
from banyan.records.consent import ConsentRow
from banyan.tracker.people import Me


@dataclass(frozen=True)
class Said:
    """The last word on one thing."""

    given: bool
    version: int
    at: datetime


def say(session: Session, me: Me, kind: str, given: bool, now: datetime) -> None:
    """Write down a yes or a no; the same again is not written twice."""
    if kind not in set(Consent):
        raise BadInputError("没有这一项，请从页面上重新选")
    last = said_of(session, me.person.id, Consent(kind))
    if last is None or (last.given, last.version) != (given, VERSION):
        session.add(ConsentRow(person_id=me.person.id, kind=kind, version=VERSION, given=given, at=now))
        session.flush()


def said_of(session: Session, person_id: int, kind: Consent) -> Said | None:
    """Return the last word, None of who was never asked."""
    query = select(ConsentRow).where(ConsentRow.person_id == person_id, ConsentRow.kind == kind.value)
    row = session.scalars(query.order_by(ConsentRow.id.desc()).limit(1)).first()
    return Said(row.given, row.version, row.at) if row else None


def unwilling(session: Session, kind: Consent, people: Collection[int]) -> set[int]:
    """Return which of some people said no, or took their yes back."""
    mine = (ConsentRow.kind == kind.value, ConsentRow.person_id.in_(people))
    last = select(func.max(ConsentRow.id)).where(*mine).group_by(ConsentRow.person_id)
    return set(session.scalars(select(ConsentRow.person_id).where(ConsentRow.id.in_(last), ConsentRow.given.is_(False))))
