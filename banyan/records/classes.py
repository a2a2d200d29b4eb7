"""What is kept of a class (一期) beside its session: the notice, the summary, photos of the day, and the province's own form."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from banyan.records.base import Base, Json, big_id
from banyan.records.organisation import Unit
from banyan.records.people import Person


class ClassText(Base):
    """Append-only, the last of a kind holds; `kind` is notice or summary, `body` its fields (banyan.tracker.classes.texts)."""

    __tablename__ = "class_text"
    __table_args__ = (Index("ix_class_text_session_kind", "session_id", "kind"),)

    id: Mapped[int] = big_id()
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    kind: Mapped[str] = mapped_column(String(8))
    body: Mapped[Json]
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]

    writer: Mapped[Person] = relationship()


class ClassPhoto(Base):
    """A photo of the day, by the digest of what is kept; one that was taken out stays, with who did so and why."""

    __tablename__ = "class_photo"

    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    bytes: Mapped[int]
    caption: Mapped[str] = mapped_column(String(80), default="")
    added_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class ClassSheet(Base):
    """The form a unit's classes are reported on, an xlsx by its digest: only added to, the last that was mapped holds.

    `mapping` is which cell takes what (banyan.tracker.classes.mapping); None until somebody said so.
    """

    __tablename__ = "class_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    bytes: Mapped[int]
    mapping: Mapped[Json | None]
    put_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    put_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()
