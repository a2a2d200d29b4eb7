"""Certificates as files for other systems, and the public lists of those that hold no more."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from banyan.certificates import open_badge, status_list
from banyan.certificates.data_integrity import Document
from banyan.certificates.issuer import Issuer
from banyan.certificates.open_badge import Place
from banyan.certificates.status_list import PLACES, Purpose
from banyan.records.audit import AuditRow
from banyan.records.competence import Certificate
from banyan.records.credentials import CredentialPlace
from banyan.tracker.holding import SUSPENDED
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.verification import statement_of

SHARERS = PLACES // 2  # certificates of one list, so that a free place is soon drawn
FRESH = timedelta(hours=1)  # a list lasts a day; it is signed anew long before


def credential(session: Session, row: Certificate, rulebook: Rulebook, now: datetime) -> Document:
    """Return a certificate as an Open Badge; TamperedError rather than sign what the house did not state.

    The first time it is given a place in a list, within the caller's transaction.
    """
    statement = statement_of(row, rulebook.issuer)
    return open_badge.credential(statement, rulebook.framework, rulebook.issuer, place_of(session, row.id), now)


def place_of(session: Session, certificate_id: int) -> Place:
    """Return where a certificate's status stands; a place once drawn stays."""
    row = session.get(CredentialPlace, certificate_id)
    while row is None:
        row = _draw(session, certificate_id)
    return Place(row.list_number, row.place)


def _draw(session: Session, certificate_id: int) -> CredentialPlace | None:
    """Take a free place, or return None where somebody else was quicker to take it."""
    drawn = CredentialPlace(certificate_id=certificate_id, list_number=certificate_id // SHARERS, place=secrets.randbelow(PLACES))
    try:
        with session.begin_nested():
            session.add(drawn)
    except IntegrityError:
        return session.get(CredentialPlace, certificate_id)
    return drawn


@dataclass
class _List:
    text: bytes
    made_at: datetime


@dataclass
class StatusLists:
    """The lists as they were last signed; one object a process, asked from any thread.

    Asking costs a look at what the audit log says since the last time. Only when it says something of a certificate, other
    than that one was issued, or when an hour is over, is a list built anew.
    """

    lists: dict[tuple[Purpose, int], _List] = field(default_factory=dict)
    seen: int = 0  # position in the audit log
    turn: Lock = field(default_factory=Lock)

    def text(self, session: Session, issuer: Issuer, purpose: Purpose, number: int, now: datetime) -> bytes | None:
        """Return a list as JSON, or None if no certificate has a place in it."""
        with self.turn:
            self._forget_what_changed(session)
            kept = self.lists.get((purpose, number))
            if kept is None or not timedelta() <= now - kept.made_at < FRESH:
                if not _is_used(session, number):
                    return None
                made = status_list.credential(issuer, purpose, number, _set(session, purpose, number), now)
                kept = self.lists[purpose, number] = _List(json.dumps(made, ensure_ascii=False).encode(), now)
            return kept.text

    def _forget_what_changed(self, session: Session) -> None:
        since = AuditRow.position > self.seen
        touched = (AuditRow.action.startswith("certificate."), AuditRow.action != "certificate.issue")
        if self.lists and session.scalars(select(AuditRow.position).where(since, *touched).limit(1)).first():
            self.lists.clear()
        self.seen = session.scalar(select(func.max(AuditRow.position))) or 0


def _is_used(session: Session, number: int) -> bool:
    query = select(CredentialPlace.place).where(CredentialPlace.list_number == number).limit(1)
    return session.scalars(query).first() is not None


def _set(session: Session, purpose: Purpose, number: int) -> list[int]:
    """Return the places of a list whose certificates hold no more; what is revoked is not held back only for a time."""
    query = select(CredentialPlace.place).join(Certificate, Certificate.id == CredentialPlace.certificate_id)
    gone = Certificate.revoked_at.is_not(None)
    touched = gone if purpose is Purpose.REVOCATION else gone | SUSPENDED
    return list(session.scalars(query.where(CredentialPlace.list_number == number, touched)))
