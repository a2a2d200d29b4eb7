"""Around a mark: who has an answer open, what trainers like to say again, and second looks that learners ask for."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from banyan.records.base import Base, Json, big_id
from banyan.records.examinations import Submission
from banyan.records.people import Person


class MarkingLease(Base):
    """A written answer somebody has open; how long it holds from `renewed_at` is a rule (banyan.domain.marking)."""

    __tablename__ = "marking_lease"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    slot: Mapped[str] = mapped_column(String(20), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    renewed_at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class Remark(Base):
    """Something a trainer wants to say again: of a row of a question's rubric, counted from 0, or of all of it (-1)."""

    __tablename__ = "remark"
    __table_args__ = (Index("ix_remark_course_question", "course", "question"),)

    id: Mapped[int] = big_id()
    course: Mapped[str] = mapped_column(String(80))
    question: Mapped[str] = mapped_column(String(80))
    row: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class RemarkUse(Base):
    """When somebody last used a remark, their own or a colleague's."""

    __tablename__ = "remark_use"

    remark_id: Mapped[int] = mapped_column(ForeignKey("remark.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    used_at: Mapped[datetime]


class Appeal(Base):
    """A second look a learner asked for, once for a submission; `before` and `after` hold points by slot.

    `changed` is None until somebody has looked; `seen_at` until the learner has read the answer.
    """

    __tablename__ = "appeal"

    id: Mapped[int] = big_id()
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(index=True)
    before: Mapped[Json]
    after: Mapped[Json | None]
    changed: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship()
