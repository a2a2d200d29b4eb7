"""Attempts, answers as they are given, what was handed in, the marks on it; attempts and time allowed beyond the usual.

The submission row is the truth about grading; queues only wake a worker up.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from banyan.records.base import Base, BigId, Json, big_id
from banyan.records.people import Person


class Attempt(Base):
    """One sitting. `form` is what was drawn (slots, question ids, orders); `release` is the course's immutable release.

    `room_id` is the exam room it was begun in, None where nobody invigilated.
    """

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("person_id", "course", "number"),)

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(String(80), index=True)
    release: Mapped[int]
    number: Mapped[int]
    form: Mapped[Json]
    factor: Mapped[float] = mapped_column(default=1.0)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("exam_room.id"), index=True)
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    submission: Mapped["Submission | None"] = relationship(back_populates="attempt")


class Answer(Base):
    """The latest value given for a slot; `seq` is the phone's count, so that a late resend never undoes a newer one."""

    __tablename__ = "answer"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    slot: Mapped[str] = mapped_column(String(20), primary_key=True)
    seq: Mapped[int] = mapped_column(BigId)
    value: Mapped[Any] = mapped_column(JSON)
    saved_at: Mapped[datetime]


class CaseStep(Base):
    """One choice in a branching case, in the order the server took them; never taken back."""

    __tablename__ = "case_step"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    slot: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    node: Mapped[str] = mapped_column(String(80))
    choice: Mapped[str] = mapped_column(String(40))
    taken_at: Mapped[datetime]


class AnswerFile(Base):
    """A photo sent for a slot, by the digest it is kept under; `frozen` once it was handed in as the answer."""

    __tablename__ = "answer_file"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    slot: Mapped[str] = mapped_column(String(20), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    bytes: Mapped[int]
    sent_at: Mapped[datetime]
    frozen: Mapped[bool] = mapped_column(default=False)


class Submission(Base):
    """Answers frozen at the end of an attempt, with a signed receipt, and what grading made of them.

    `fault` is a sentence kept for any reader (banyan.words.kept). `scored_at` is when the machine was done with it,
    `graded_at` when nobody was waited for any more.
    """

    __tablename__ = "submission"
    __table_args__ = (Index("ix_submission_state", "state", "submitted_at"),)

    id: Mapped[int] = big_id()
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), unique=True)
    frozen: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    receipt: Mapped[str] = mapped_column(Text)
    submitted_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    tries: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None] = mapped_column(Text)
    scores: Mapped[Json | None]
    score: Mapped[float | None]
    total: Mapped[float | None]
    hard_fail: Mapped[str | None] = mapped_column(Text)
    passed: Mapped[bool | None]
    graded_at: Mapped[datetime | None]
    scored_at: Mapped[datetime | None]

    attempt: Mapped[Attempt] = relationship(back_populates="submission")


_independent = text("stage IN ('first', 'second')")
_alone: Any = {"sqlite_where": _independent, "postgresql_where": _independent}


class Mark(Base):
    """A trainer's mark on an open answer: points per rubric row and a word to the learner.

    `stage` says which of them it is (banyan.domain.marking): nobody is first and second marker of the same answer.
    """

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("submission_id", "slot", "stage"),
        Index("uq_mark_independent", "submission_id", "slot", "marked_by", unique=True, **_alone),
    )

    id: Mapped[int] = big_id()
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    slot: Mapped[str] = mapped_column(String(20))
    stage: Mapped[str] = mapped_column(String(8), default="first")
    rows: Mapped[list[float]] = mapped_column(JSON)
    points: Mapped[float]
    comment: Mapped[str] = mapped_column(Text, default="")
    marked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[datetime]

    marker: Mapped[Person] = relationship()


class SecondChance(Base):
    """One attempt more than a course's exam allows, given by a trainer; never taken back."""

    __tablename__ = "second_chance"
    __table_args__ = (Index("ix_second_chance_person_course", "person_id", "course"),)

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(String(80))
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)

    giver: Mapped[Person] = relationship(foreign_keys=[given_by])


class ExtraTime(Base):
    """More time for one person at the exams of a course that begin while it stands; `factor` 1.5 is half as much again."""

    __tablename__ = "extra_time"
    __table_args__ = (Index("ix_extra_time_person_course", "person_id", "course"),)

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(String(80))
    factor: Mapped[float]
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_back_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    giver: Mapped[Person] = relationship(foreign_keys=[given_by])
