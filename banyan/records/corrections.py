"""What was put right after an exam: corrected keys, what became of each result, evidence and certificates that rest on it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from banyan.records.base import Base, Json, big_id
from banyan.records.competence import Certificate
from banyan.records.examinations import Submission
from banyan.records.people import Person


class Correction(Base):
    """A decision about questions of one release, never changed: question → its ruling (grading.rulings) as JSON.

    `corrected` is the release the new keys come from, None where none was needed.
    """

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_course_release", "course", "release"),)

    id: Mapped[int] = big_id()
    course: Mapped[str] = mapped_column(String(80))
    release: Mapped[int]
    corrected: Mapped[int | None]
    rulings: Mapped[Json]
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]

    decider: Mapped[Person] = relationship()


class CorrectedResult(Base):
    """One submission a correction touches; `done_at` is None until a grader has been there, `fault` says why it could not."""

    __tablename__ = "corrected_result"

    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True, index=True)
    score_before: Mapped[float | None]
    passed_before: Mapped[bool | None]
    score_after: Mapped[float | None]
    passed_after: Mapped[bool | None]
    done_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None] = mapped_column(Text)
    seen_at: Mapped[datetime | None]

    correction: Mapped[Correction] = relationship()
    submission: Mapped[Submission] = relationship()


class EvidenceWithdrawal(Base):
    """A row of evidence that no longer counts; the row itself stays as it was taken in."""

    __tablename__ = "evidence_withdrawal"

    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"))
    withdrawn_at: Mapped[datetime]


class CertificateDoubt(Base):
    """A certificate that what counts no longer earns; an administrator revokes it, or keeps it for a reason.

    It was raised by a corrected key, or by a record that was put right: then `reason` says why.
    """

    __tablename__ = "certificate_doubt"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("correction.id"))
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    raised_at: Mapped[datetime]
    kept_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kept_at: Mapped[datetime | None]
    kept_reason: Mapped[str | None] = mapped_column(Text)

    certificate: Mapped[Certificate] = relationship()
    correction: Mapped[Correction | None] = relationship()

    @property
    def why(self) -> str:
        return self.correction.reason if self.correction else self.reason
