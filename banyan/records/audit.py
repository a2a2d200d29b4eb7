"""The audit log: append-only rows, each sealed by a hash over itself and the row before.

The chain is safe under concurrent writers: SQLite's writing transactions exclude each other from their beginning,
PostgreSQL takes an advisory lock that ends with the transaction. `position` has no gaps, so a row taken out shows.

Where somebody is erased, rows that named them are worded anew and keep their seal. A row of its own (REDACT), sealed like
any other, tells which rows those are and what each has become: whatever else differs from its seal was tampered with.

Each row holds a random salt that goes when it is worded anew, so that nobody finds who it named by trying every staff
number until one fits the seal.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from banyan.errors import TamperedError
from banyan.records.base import Base, BigId, Json

BEGINNING = "0" * 64
LOCK = 7_266_926  # any number, the same for every writer
REDACT = "audit.redact"
SALT = "salt"


class AuditRow(Base):
    __tablename__ = "audit"

    position: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(40), index=True)
    subject: Mapped[str] = mapped_column(String(120), index=True)
    detail: Mapped[Json]
    previous: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


def append(session: Session, at: datetime, actor: str, action: str, subject: str, **detail: Any) -> AuditRow:
    """Add a row within the caller's transaction; `actor` is a staff number or the name of a process."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    last = session.scalars(select(AuditRow).order_by(AuditRow.position.desc()).limit(1)).first()
    row = AuditRow(
        position=last.position + 1 if last else 1,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        detail={**detail, SALT: token_hex(16)},
        previous=last.seal if last else BEGINNING,
    )
    row.seal = seal(row)
    session.add(row)
    session.flush()
    return row


def redact(session: Session, rows: Iterable[AuditRow], at: datetime, actor: str, subject: str) -> AuditRow | None:
    """Vouch for rows that were worded anew, within the caller's transaction; None where there are none."""
    became = {str(row.position): seal(row) for row in rows}
    return append(session, at, actor, REDACT, subject, rows=became) if became else None


def without_salt(detail: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row tells, for a reader or for a row that is worded anew."""
    return {key: value for key, value in detail.items() if key != SALT}


def seal(row: AuditRow) -> str:
    """Return the hash over a row's content and the seal before it."""
    body = [row.position, row.at.timestamp(), row.actor, row.action, row.subject, row.detail, row.previous]
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def verify(session: Session) -> int:
    """Return how many rows the chain holds, or raise TamperedError naming the first that does not fit."""
    previous, expected = BEGINNING, 1
    vouched = _vouched(session)
    for row in session.scalars(select(AuditRow).order_by(AuditRow.position)).yield_per(1000):
        if row.position != expected or row.previous != previous or not _holds(row, vouched):
            raise TamperedError("审计记录从第 {position} 条起对不上，请停用并联系平台管理员", position=expected)
        previous, expected = row.seal, expected + 1
    return expected - 1


def _vouched(session: Session) -> dict[int, str]:
    """Return what rows were worded anew to, the last time; each REDACT row is itself held to its seal on the way."""
    acts = session.scalars(select(AuditRow).where(AuditRow.action == REDACT).order_by(AuditRow.position))
    return {int(position): digest for act in acts for position, digest in act.detail["rows"].items()}


def _holds(row: AuditRow, vouched: Mapping[int, str]) -> bool:
    now = seal(row)
    return now == row.seal or (row.action != REDACT and vouched.get(row.position) == now)
