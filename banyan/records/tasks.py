"""Notebook tasks: what a trainer handed out beside the course, what was handed in, and what grading made of it.

The files themselves lie in the home (banyan.records.bundles); a row holds their digest.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from banyan.records.base import Base, Json, big_id
from banyan.records.people import Person


class HandOut(Base):
    """A task of a trainer's own, for the learners of a subtree (`path`); graded by whoever handed it out, not by the house.

    `notebooks` are the names of its notebooks; a withdrawn one is given to nobody any more.
    """

    __tablename__ = "hand_out"
    __table_args__ = (Index("ix_hand_out_course_task", "course", "task"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(String(80))
    task: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    notebooks: Mapped[list[str]] = mapped_column(JSON)
    handed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    handed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class TaskSubmission(Base):
    """One person's work on a task of a release, or on one handed out by a trainer; never changed, never taken back.

    `scores` go by the cells' names, `feedback` is the digest of nbgrader's pages about it, `feedback_files` names them with
    their own digests; the learner sees them from `feedback_at` on.
    `fault` and `remarks` are sentences kept for any reader (banyan.words.kept).
    """

    __tablename__ = "task_submission"
    __table_args__ = (
        UniqueConstraint("person_id", "course", "task", "number"),
        Index("ix_task_submission_state", "state", "submitted_at"),
        Index("ix_task_submission_course_task", "course", "task"),
    )

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(String(80))
    task: Mapped[str] = mapped_column(String(80))
    release: Mapped[int | None]
    hand_out_id: Mapped[int | None] = mapped_column(ForeignKey("hand_out.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    notebooks: Mapped[list[str]] = mapped_column(JSON)
    submitted_at: Mapped[datetime]
    late: Mapped[bool]
    state: Mapped[str] = mapped_column(String(12))
    tries: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None] = mapped_column(Text)
    remarks: Mapped[list[Any]] = mapped_column(JSON)
    scores: Mapped[Json | None]
    score: Mapped[float | None]
    total: Mapped[float | None]
    graded_at: Mapped[datetime | None]
    feedback: Mapped[str | None] = mapped_column(String(64))
    feedback_files: Mapped[Json | None]
    feedback_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
