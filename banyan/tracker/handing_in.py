"""The end of an attempt: what was answered is frozen to the letter, hashed, and signed for."""

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from banyan.certificates.public_key import canonical
from banyan.domain.examination import State, too_late
from banyan.records import audit
from banyan.records.examinations import Attempt, Submission
from banyan.tracker import answer_files
from banyan.tracker.attempts import Answers, answers_of
from banyan.tracker.receipts import Receipt, issue
from banyan.tracker.rulebook import Rulebook

BY_THE_CLOCK = "clock"
"""Who hands in an attempt whose time ran out, in the audit log."""


def hand_in(session: Session, attempt: Attempt, rulebook: Rulebook, now: datetime) -> Submission:
    """Freeze and sign an attempt; what the clock closes counts as handed in when time was up."""
    late = too_late(attempt.deadline_at, now)
    at = attempt.deadline_at if late else now
    answers = answers_of(session, attempt)
    answer_files.freeze(session, attempt, answers)
    frozen = _frozen(attempt, answers, at)
    digest = hashlib.sha256(frozen.encode()).hexdigest()
    receipt = Receipt(
        student=attempt.person.handle,
        course=attempt.course,
        release=attempt.release,
        number=attempt.number,
        digest=digest,
        started_at=attempt.started_at.isoformat(),
        submitted_at=at.isoformat(),
        key_id=rulebook.issuer.public_key.id,
    )
    row = Submission(attempt=attempt, frozen=frozen, digest=digest, receipt=issue(receipt, rulebook.issuer))
    row.submitted_at, row.state, row.tries = at, State.SUBMITTED.value, 0
    attempt.submitted_at = at
    session.add(row)
    session.flush()
    actor = BY_THE_CLOCK if late else attempt.person.staff_number
    audit.append(session, now, actor, "exam.submit", f"attempt:{attempt.id}", digest=digest)
    return row


def _frozen(attempt: Attempt, answers: Answers, at: datetime) -> str:
    """Return the attempt as canonical JSON: what was asked and what was answered, to the letter."""
    content = {
        "student": attempt.person.handle,
        "course": attempt.course,
        "release": attempt.release,
        "number": attempt.number,
        "form": attempt.form,
        "answers": answers,
        "started_at": attempt.started_at.isoformat(),
        "submitted_at": at.isoformat(),
    }
    return canonical(content).decode()
