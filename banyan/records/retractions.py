"""Evidence that somebody put right: what no longer counts, by whom and why."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from banyan.records.base import Base


class EvidenceRetraction(Base):
    """A row of evidence that no longer counts since its record was put right; the row itself stays as it was taken in."""

    __tablename__ = "evidence_retraction"

    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    retracted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    retracted_at: Mapped[datetime]
