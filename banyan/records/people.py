"""People, the posts they are appointed to and the duties they are trusted with, all dated."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from banyan.records.base import Base
from banyan.records.organisation import Unit
from banyan.words.pinyin import spelt

LETTERS_MOST, INITIALS_MOST = 120, 40
FOUND_BY = String(80).with_variant(String(80, collation="C"), "postgresql")
LETTERS = String(LETTERS_MOST).with_variant(String(LETTERS_MOST, collation="C"), "postgresql")
FEW_LETTERS = String(INITIALS_MOST).with_variant(String(INITIALS_MOST, collation="C"), "postgresql")
"""Searched by how they begin, which an index serves only where signs are ordered one by one."""


def _cut(letters: tuple[str, str]) -> tuple[str, str]:
    return letters[0][:LETTERS_MOST], letters[1][:INITIALS_MOST]


def _spelt(row: Any) -> tuple[str, str]:
    """Spell the name of a row that is inserted without an object."""
    return _cut(spelt(str(row.get_current_parameters()["name"])))


class Person(Base):
    """`handle` is the opaque name under which gradebooks and receipts know a person; `left_on` is their last day.

    `entered_at` is when they first came in; `language` and `text_size` are "" until chosen. `pinyin` and `initials` are how
    the name is typed in Latin letters (banyan.words.pinyin); they follow the name by themselves.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_number: Mapped[str] = mapped_column(String(20), unique=True)
    handle: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(FOUND_BY, index=True)
    pinyin: Mapped[str] = mapped_column(LETTERS, default=lambda row: _spelt(row)[0], server_default="", index=True)
    initials: Mapped[str] = mapped_column(FEW_LETTERS, default=lambda row: _spelt(row)[1], server_default="", index=True)
    phone: Mapped[str] = mapped_column(String(20), default="", index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    left_on: Mapped[date | None]
    entered_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(10), default="", server_default="")
    text_size: Mapped[str] = mapped_column(String(10), default="", server_default="")

    appointments: Mapped[list["Appointment"]] = relationship(back_populates="person")
    charges: Mapped[list["ChargeRow"]] = relationship(back_populates="person")

    @validates("name")
    def _spell(self, _key: str, name: str) -> str:
        self.pinyin, self.initials = _cut(spelt(name))
        return name


class Appointment(Base):
    """A person's post at a unit from a day up to and including another; one person may hold several."""

    __tablename__ = "appointment"
    __table_args__ = (UniqueConstraint("person_id", "unit_id", "role", "starts_on", name="uq_appointment_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    role: Mapped[str] = mapped_column(String(4))
    post: Mapped[str] = mapped_column(String(40))
    grade: Mapped[int | None]
    full_time: Mapped[bool] = mapped_column(default=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="appointments")
    unit: Mapped[Unit] = relationship()


class ChargeRow(Base):
    """A duty at a unit (banyan.domain.permission.Charge); a trainer's and an assessor's name the course.

    `lent_from_id` is the charge of somebody else that was handed on for a time, for a `reason` (banyan.domain.lending).
    """

    __tablename__ = "charge"
    __table_args__ = (UniqueConstraint("person_id", "unit_id", "duty", "course", "starts_on", name="uq_charge_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    duty: Mapped[str] = mapped_column(String(20))
    course: Mapped[str] = mapped_column(String(80), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    lent_from_id: Mapped[int | None] = mapped_column(ForeignKey("charge.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")

    person: Mapped[Person] = relationship(back_populates="charges")
    unit: Mapped[Unit] = relationship()
    lent_from: Mapped["ChargeRow | None"] = relationship(remote_side=[id])
