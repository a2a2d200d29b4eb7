"""What people agreed to, and took back: each word of it a row, the last of a kind holds."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from banyan.records.base import Base, big_id


class ConsentRow(Base):
    """Append-only. `kind` is what was asked (banyan.domain.consent), `version` of which words; `given` False for no."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_person_kind", "person_id", "kind"),)

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    given: Mapped[bool]
    at: Mapped[datetime]
