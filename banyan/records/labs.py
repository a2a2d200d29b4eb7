"""For whom an administrator turned JupyterLab on, what for, and why."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from banyan.records.base import Base, big_id
from banyan.records.people import Person


class Purpose(StrEnum):
    """What somebody has JupyterLab for: reading copies of gradebooks, or doing notebook tasks of their own."""

    GRADING = "grading"
    TASKS = "tasks"


class LabGrant(Base):
    """JupyterLab for one person while it is not taken back; one at a time."""

    __tablename__ = "lab_grant"
    __table_args__ = (Index("ix_lab_grant_person", "person_id"),)

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_back_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    giver: Mapped[Person] = relationship(foreign_keys=[given_by])
