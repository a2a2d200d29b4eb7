"""Where the status of a certificate's file stands: a place in a list that many share."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from banyan.records.base import Base, BigId


class CredentialPlace(Base):
    """Drawn at random when the file is first asked for, and kept: a place says nothing of when or how many were issued."""

    __tablename__ = "credential_place"
    __table_args__ = (UniqueConstraint("list_number", "place"),)

    certificate_id: Mapped[int] = mapped_column(BigId, ForeignKey("certificate.id"), primary_key=True, autoincrement=False)
    list_number: Mapped[int]
    place: Mapped[int]
