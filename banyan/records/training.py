"""Sessions at a training base: when and where, who has a seat, who was there, what each was seen to do."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from banyan.records.base import Base, Json, big_id
from banyan.records.organisation import Unit


class TrainingSession(Base):
    """`shows` names the indicators that can be seen, by competency; `level` is the rung they count for at most."""

    __tablename__ = "training_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(String(80))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    title: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(80))
    capacity: Mapped[int]
    shows: Mapped[Json]
    level: Mapped[int]
    framework: Mapped[str] = mapped_column(String(20))
    planned_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    planned_at: Mapped[datetime]
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    called_off_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship()
    parts: Mapped[list["TrainingPart"]] = relationship(back_populates="session", order_by="TrainingPart.starts_at")


class TrainingPart(Base):
    """One morning, afternoon or day of a session."""

    __tablename__ = "training_part"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]

    session: Mapped[TrainingSession] = relationship(back_populates="parts")


class TrainingSeat(Base):
    """Somebody on the roster: put there by a trainer, or by themselves when they signed in."""

    __tablename__ = "training_seat"

    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    seated_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seated_at: Mapped[datetime]


class AttendanceRow(Base):
    """Append-only, the last row of a person and part holds: how many minutes they were there, 0 for not at all.

    `way` is code, roster or correction; a correction says why.
    """

    __tablename__ = "attendance"
    __table_args__ = (Index("ix_attendance_part_person", "part_id", "person_id"),)

    id: Mapped[int] = big_id()
    part_id: Mapped[int] = mapped_column(ForeignKey("training_part.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    minutes: Mapped[int]
    way: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class SeenRow(Base):
    """Append-only, the last row of a person holds: which indicators a trainer saw them show in a session."""

    __tablename__ = "training_seen"
    __table_args__ = (Index("ix_training_seen_session_person", "session_id", "person_id"),)

    id: Mapped[int] = big_id()
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    indicators: Mapped[list[str]]
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
