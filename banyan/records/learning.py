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


class Withdrawal(Base):
    """A programme that was asked of a person and taken back; no standing rule asks it again, only a person does."""

    __tablename__ = "withdrawal"
    __table_args__ = (UniqueConstraint("person_id", "programme"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    programme: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200))
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime]


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


class FirstAnswer(Base):
    """How a practice question went the first time it was answered on a county's day: what 每日三题 is spaced by.

    A second try follows what the first one taught; it shows nothing that was remembered.
    """

    __tablename__ = "first_answer"
    __table_args__ = (UniqueConstraint("person_id", "course", "question", "day"),)

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(String(80))
    question: Mapped[str] = mapped_column(String(80))
    day: Mapped[date]
    right: Mapped[bool]


class AssignmentRule(Base):
    """A programme asked of everybody in a role ("" for any) under a unit, newcomers too, until it is ended.

    A newcomer is given `days` from the day they are met, but never less than `due_on` leaves.
    """

    __tablename__ = "assignment_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    role: Mapped[str] = mapped_column(String(4), default="")
    due_on: Mapped[date]
    days: Mapped[int]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Reminder(Base):
    """Somebody was rung or written to about a programme: 已提醒."""

    __tablename__ = "reminder"

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    programme: Mapped[str] = mapped_column(String(40))
    reminded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reminded_at: Mapped[datetime]


class Concern(Base):
    """这题有问题 or 看不懂, said by a learner of a question or a step; `answer` is what a trainer did about it.

    `lesson` is "" for an exam's question, `part` the question's name, or a step's with # before it. `seen_at` is when the
    learner put the answer away.
    """

    __tablename__ = "concern"
    __table_args__ = (Index("ix_concern_open", "course", "answered_at"),)

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course: Mapped[str] = mapped_column(String(80))
    release: Mapped[int]
    lesson: Mapped[str] = mapped_column(String(80), default="")
    part: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(String(500), default="")
    raised_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(500), default="")
    seen_at: Mapped[datetime | None]
