"""本县设置: what differs by place. Rows are only added; of each key and unit the newest counts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from banyan.records.base import Base
from banyan.records.organisation import Unit


class CountySetting(Base):
    """`value` is as banyan.domain.county parses it, None for emptied; `dated_on` is the day of its source."""

    __tablename__ = "county_setting"
    __table_args__ = (Index("ix_county_setting_newest", "key", "unit_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    value: Mapped[Any] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(200))
    dated_on: Mapped[date]
    owner: Mapped[str] = mapped_column(String(80))
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()


class SealPicture(Base):
    """A picture a setting names by its SHA-256, kept apart so that reading the settings does not read it."""

    __tablename__ = "seal_picture"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
