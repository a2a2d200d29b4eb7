"""Places: units from the province down to the grid, where they were moved, and the facilities they keep."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from banyan.records.base import Base


class Unit(Base):
    """`path` is the codes of all ancestors and itself (banyan.domain.organisation); the way every query is scoped."""

    __tablename__ = "unit"
    __table_args__ = (Index("ix_unit_path", "path", unique=True, postgresql_ops={"path": "text_pattern_ops"}),)

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    level: Mapped[int]
    path: Mapped[str] = mapped_column(String(200))

    parent: Mapped["Unit | None"] = relationship(remote_side=[id])


class UnitMove(Base):
    """A unit was put under another one; what it was under before stays known."""

    __tablename__ = "unit_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    old_parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    new_parent_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    moved_on: Mapped[date]
    moved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200))

    old_parent: Mapped[Unit | None] = relationship(foreign_keys=[old_parent_id])
    new_parent: Mapped[Unit] = relationship(foreign_keys=[new_parent_id])


class Facility(Base):
    """A training base, a 妇女微家, a health site: of a kind (content/organisation.yaml), at an address, from a day to a day."""

    __tablename__ = "facility"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    unit: Mapped[Unit] = relationship()
