"""Voluntary service: activities that somebody led, and the time each person served in them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from banyan.records.base import Base, big_id
from banyan.records.organisation import Unit
from banyan.records.people import Person


class ServiceActivity(Base):
    """`led_by` is the social worker who led it and answers for its hours."""

    __tablename__ = "service_activity"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(80))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    led_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    entered_at: Mapped[datetime]
    form_key: Mapped[str] = mapped_column(String(64), unique=True)

    unit: Mapped[Unit] = relationship()
    leader: Mapped[Person] = relationship()


class ServicePair(Base):
    """A volunteer who goes with the social worker of an activity."""

    __tablename__ = "service_pair"

    activity_id: Mapped[int] = mapped_column(ForeignKey("service_activity.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    paired_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    paired_at: Mapped[datetime]


class ServedRow(Base):
    """Append-only, the last row of a person and activity holds: from when to when they served, both None for not at all."""

    __tablename__ = "served"
    __table_args__ = (Index("ix_served_person_activity", "person_id", "activity_id"),)

    id: Mapped[int] = big_id()
    activity_id: Mapped[int] = mapped_column(ForeignKey("service_activity.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    confirmed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime]
