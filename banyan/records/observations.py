"""What assessors saw somebody do at their work, indicator by indicator."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from banyan.records.base import Base, Json, big_id
from banyan.records.people import Person


class Observation(Base):
    """Append-only: `marks` says yes, not_yet or unseen of every indicator; one put right is a new row that names the old one.

    `first_id` is the row the chain began with; None for that row itself. No marks at all say that it was withdrawn whole.
    """

    __tablename__ = "observation"
    __table_args__ = (Index("ix_observation_person_competency", "person_id", "competency"),)

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(String(80))
    competency: Mapped[str] = mapped_column(String(10))
    level: Mapped[int]
    marks: Mapped[Json]
    note: Mapped[str] = mapped_column(Text, default="")
    observed_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(80))
    framework: Mapped[str] = mapped_column(String(20))
    assessor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_at: Mapped[datetime]
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    first_id: Mapped[int | None] = mapped_column(ForeignKey("observation.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    assessor: Mapped[Person] = relationship(foreign_keys=[assessor_id])

    @property
    def withdrawn(self) -> bool:
        """Say that nothing of it holds: it was somebody else, or nothing was looked at."""
        return not self.marks
