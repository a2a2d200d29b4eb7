"""What happens to certificates between being earned and running out: proposed, suspended, issued anew, announced; and leave."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from banyan.records.base import Base, big_id
from banyan.records.competence import Certificate
from banyan.records.people import Person


class CertificateProposal(Base):
    """A certificate that was earned and waits for a second pair of eyes; never changed once it is decided.

    `proposed_by` is None where the records proposed it themselves; `granted` is None until `decided_at`.
    """

    __tablename__ = "certificate_proposal"
    __table_args__ = (
        Index(
            "uq_certificate_proposal_open",
            "person_id",
            "programme",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index("ix_certificate_proposal_person_programme", "person_id", "programme"),
    )

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    programme: Mapped[str] = mapped_column(String(40))
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    granted: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    decider: Mapped[Person | None] = relationship(foreign_keys=[decided_by])


class CertificateSuspension(Base):
    """A certificate that does not count for a while; `resumed_at` is None as long as that lasts."""

    __tablename__ = "certificate_suspension"

    id: Mapped[int] = big_id()
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    suspended_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    suspended_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    resumed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    resumed_at: Mapped[datetime | None]
    resumed_reason: Mapped[str] = mapped_column(Text, default="")


class CertificateReissue(Base):
    """A certificate that was issued anew with what it says put right; the old number leads to the new one."""

    __tablename__ = "certificate_reissue"

    old_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    new_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), unique=True)
    reissued_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reissued_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)

    new: Mapped[Certificate] = relationship(foreign_keys=[new_id])


class ExpiryNotice(Base):
    """That a certificate runs out in so many days was noticed, once; `seen_at` is when its holder put the word away."""

    __tablename__ = "expiry_notice"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    noticed_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]

    certificate: Mapped[Certificate] = relationship()


class Leave(Base):
    """Days on which somebody was on leave, the last one among them."""

    __tablename__ = "leave_period"

    id: Mapped[int] = big_id()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_back_at: Mapped[datetime | None]
