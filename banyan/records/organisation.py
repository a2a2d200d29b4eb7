"""Places: units from the province down to the grid."""

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
