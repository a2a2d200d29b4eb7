"""Erasing somebody at their request: by when it is decided, what stands in its way, and what they are called afterwards."""

import hmac
from datetime import date
from enum import StrEnum
from hashlib import sha256

from banyan.domain.calendar import working_days_after

WORKING_DAYS = 15
"""Within which a request is answered."""
REQUEST, RETENTION, RESTORE = "request", "retention", "restore"
"""Why somebody was erased."""
NAME = "已删除"
"""What a person is called once erased."""
SHOWN = {REQUEST: "（姓名已应本人要求删除）", RETENTION: "（姓名过了保存期限，已删除）", RESTORE: "（姓名已删除）"}
"""What a certificate of theirs then states; what a backup brought back is known by handle and day alone."""
MARK = "erased-"


class Hindrance(StrEnum):
    """What must be done with before somebody can be erased: somebody else waits for it, or they answer for it."""

    DUTY = "duty"
    EXAM = "exam"  # begun and not handed in
    GRADING = "grading"  # handed in, and no final result yet
    TASK = "task"  # a notebook handed in that is being graded, or waits for its points
    APPEAL = "appeal"
    CORRECTION = "correction"
    PROPOSAL = "proposal"  # a certificate waits for its certifier
    DOUBT = "doubt"  # whether a certificate is to be kept is not decided


def due_on(asked: date) -> date:
    """Return the last day on which a request may be answered."""
    return working_days_after(asked, WORKING_DAYS)


def pseudonym(person_id: int) -> str:
    """Return what stands where a staff number stood."""
    return f"{MARK}{person_id}"


def is_pseudonym(staff_number: str) -> bool:
    return staff_number.startswith(MARK)


def mac(key: bytes, said: str) -> str:
    """Return by what a number is known again that is kept no longer, "" for none; without the home's key it tells nothing."""
    return hmac.new(key, f"erased:{said}".encode(), sha256).hexdigest() if said else ""
