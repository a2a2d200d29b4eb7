"""What people hand in to be counted: practice under a supervisor, pieces of a portfolio, documents; and what was decided."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from banyan.records.base import Base, Json, big_id
from banyan.records.people import Person


class Piece(Base):
    """Handed in once and never changed; better is handed in anew and names what it replaces. `kind` is SP, PF or EC."""

    __tablename__ = "piece"
    __table_args__ = (Index("ix_piece_kind_person", "kind", "person_id"),)

    id: Mapped[int] = big_id()
    kind: Mapped[str] = mapped_column(String(4))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course: Mapped[str] = mapped_column(String(80), default="")
    competency: Mapped[str] = mapped_column(String(10))
    details: Mapped[Json]
    addressed_to: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    framework: Mapped[str] = mapped_column(String(20))
    handed_in_at: Mapped[datetime]
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("piece.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    addressee: Mapped[Person | None] = relationship(foreign_keys=[addressed_to])
    files: Mapped[list["PieceFile"]] = relationship(order_by="PieceFile.position")
    decisions: Mapped[list["PieceDecision"]] = relationship(order_by="PieceDecision.id")


class PieceFile(Base):
    """A photo that belongs to a piece, by the digest of what is kept."""

    __tablename__ = "piece_file"

    piece_id: Mapped[int] = mapped_column(ForeignKey("piece.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    bytes: Mapped[int]


class PieceDecision(Base):
    """Append-only, the last one holds: accepted with what it shows, returned, or taken back by who handed it in."""

    __tablename__ = "piece_decision"

    id: Mapped[int] = big_id()
    piece_id: Mapped[int] = mapped_column(ForeignKey("piece.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(12))
    indicators: Mapped[list[str]]
    level: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]

    decider: Mapped[Person] = relationship()
