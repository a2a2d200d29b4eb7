"""What a person is asked to learn and how far they have come."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from banyan.records.base import Base, big_id


class Assignment(Base):
    """A programme asked of a person by a day; asking again moves the day."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("person_id", "programme"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    programme: Mapped[str] = mapped_column(String(40), index=True)
    due_on: Mapped[date]
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime]


class StepDone(Base):
    """One step of a lesson, read to its end; releases may change, a step done stays done."""

    __tablename__ = "step_done"
    __table_args__ = (UniqueConstraint("person_id", "course", "lesson", "step"),)

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(String(80))
    lesson: Mapped[str] = mapped_column(String(80))
    step: Mapped[str] = mapped_column(String(80))
    done_at: Mapped[datetime]


class PracticeAnswer(Base):
    """The latest answer to a practice question; it teaches and never counts."""

    __tablename__ = "practice_answer"
    __table_args__ = (
        UniqueConstraint("person_id", "course", "question"),
        Index("ix_practice_answer_lesson", "person_id", "course", "lesson"),
    )

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(String(80))
    lesson: Mapped[str] = mapped_column(String(80))
    question: Mapped[str] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(JSON)
    right: Mapped[bool]
    answered_at: Mapped[datetime]
