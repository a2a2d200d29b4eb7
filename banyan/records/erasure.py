"""Who asked to be erased, what was decided, and who was: without a name."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from banyan.records.base import Base, Json, big_id
from banyan.records.people import Person

_undecided = text("decided_at IS NULL AND withdrawn_at IS NULL")
_one: dict[str, object] = {"unique": True, "sqlite_where": _undecided, "postgresql_where": _undecided}


class ErasureRequest(Base):
    """`words` are the person's own, or how they asked where an administrator wrote it down (`recorded_by`).

    `granted` is None until `decided_at`; `answer` says why it was refused.
    """

    __tablename__ = "erasure_request"
    __table_args__ = (Index("uq_erasure_request_open", "person_id", **_one),)  # type: ignore[arg-type]

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(index=True)
    withdrawn_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    decider: Mapped[Person | None] = relationship(foreign_keys=[decided_by])


class Erasure(Base):
    """Somebody who was erased; `number_mac` and `phone_mac` tell if a roster names them again, "" once they may come back.

    `remains` is what still lies in files and must go; None once it is gone. `why` is request, retention or restore.
    """

    __tablename__ = "erasure"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    erased_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(12))
    number_mac: Mapped[str] = mapped_column(String(64), index=True)
    phone_mac: Mapped[str] = mapped_column(String(64), index=True)
    remains: Mapped[Json | None]
    swept_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
