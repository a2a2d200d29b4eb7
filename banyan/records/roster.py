"""What is remembered of rosters: which column meant what, which post is whose work, and which file was taken in."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from banyan.records.base import Base, Json


class ColumnChoice(Base):
    """A header as a county writes it, and the field it was matched with ("" for none)."""

    __tablename__ = "column_choice"

    id: Mapped[int] = mapped_column(primary_key=True)
    header: Mapped[str] = mapped_column(String(120), unique=True)
    field: Mapped[str] = mapped_column(String(40))


class PostChoice(Base):
    """A post as a county writes it, and the role (banyan.domain.framework.Role) somebody said it is."""

    __tablename__ = "post_choice"

    id: Mapped[int] = mapped_column(primary_key=True)
    post: Mapped[str] = mapped_column(String(60), unique=True)
    role: Mapped[str] = mapped_column(String(4))


class RosterImport(Base):
    """One roster that was taken in; `digest` is the SHA-256 of the file, `counts` what it changed."""

    __tablename__ = "roster_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime]
    counts: Mapped[Json]
