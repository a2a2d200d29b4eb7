"""Exam rooms: where and when a trainer invigilates, who was ticked as present, and codes that were typed wrongly."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from banyan.records.base import Base, big_id


class ExamRoom(Base):
    """An exam under a trainer's eyes: `code` opens it between two moments to whoever is ticked as present."""

    __tablename__ = "exam_room"

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(String(80))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(6))
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class ExamPresence(Base):
    """Somebody a trainer saw in a room."""

    __tablename__ = "exam_presence"

    room_id: Mapped[int] = mapped_column(ForeignKey("exam_room.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    ticked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ticked_at: Mapped[datetime]


class WrongCode(Base):
    """A code that opened nothing; kept as long as it counts against who typed it."""

    __tablename__ = "wrong_code"
    __table_args__ = (Index("ix_wrong_code_person", "person_id", "tried_at"),)

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    tried_at: Mapped[datetime]
