"""What people have shown, what it amounts to, and the certificates that say so."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from banyan.records.base import Base, Json, big_id
from banyan.records.people import Person


class EvidenceRow(Base):
    """Append-only. `source` says where it came from, once: the same source is never taken in twice."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_person_competency", "person_id", "competency"),)

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    competency: Mapped[str] = mapped_column(String(10))
    indicators: Mapped[list[str]]
    kind: Mapped[str] = mapped_column(String(4))
    level: Mapped[int]
    observed_on: Mapped[date]
    expires_on: Mapped[date]
    assessor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    grader: Mapped[str] = mapped_column(String(80), default="")
    framework: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(160), unique=True)
    teaching_log: Mapped[bool] = mapped_column(default=False, server_default=false())
    digest: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime]


class StandingRow(Base):
    """A cache of banyan.domain.standing as of `as_of`; it always equals the pure function."""

    __tablename__ = "standing"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    competency: Mapped[str] = mapped_column(String(10), primary_key=True)
    level: Mapped[int]
    until: Mapped[date] = mapped_column(index=True)
    as_of: Mapped[date]


class Practical(Base):
    """A practical session with one person: which indicators the trainer saw them do, and which not yet.

    Append-only: one put right is a new row that names the one the chain began with. `withdrawn` says that nothing of it
    holds: it was another person, or none took place.
    """

    __tablename__ = "practical"

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course: Mapped[str] = mapped_column(String(80))
    release: Mapped[int]
    ticked: Mapped[list[str]]
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(80), default="")
    assessor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    first_id: Mapped[int | None] = mapped_column(ForeignKey("practical.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    withdrawn: Mapped[bool] = mapped_column(default=False, server_default=false())

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    assessor: Mapped[Person] = relationship(foreign_keys=[assessor_id])


class PracticalSession(Base):
    """A practical as it is announced: whoever waits for one under the unit may come, unless it was called off."""

    __tablename__ = "practical_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(String(80))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[str] = mapped_column(String(80))
    announced_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    announced_at: Mapped[datetime]
    called_off_at: Mapped[datetime | None]


class Certificate(Base):
    """`payload` is what was signed, to the letter; a certificate is never changed, only revoked."""

    __tablename__ = "certificate"
    __table_args__ = (Index("ix_certificate_person_programme", "person_id", "programme"),)

    id: Mapped[int] = big_id()
    serial: Mapped[str] = mapped_column(String(24), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    programme: Mapped[str] = mapped_column(String(40), index=True)
    issued_on: Mapped[date]
    expires_on: Mapped[date]
    payload: Mapped[Json]
    signature: Mapped[str] = mapped_column(Text)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_reason: Mapped[str | None] = mapped_column(Text)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
