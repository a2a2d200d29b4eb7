"""Where a notebook task stands that somebody handed in, and whether it came in time."""

from datetime import datetime
from enum import StrEnum

MOST_SUBMISSIONS = 30
"""Of one person for one task; each is kept for good, so somebody has to ask before there are more."""


class TaskState(StrEnum):
    """The house grades what its courses ask; what a trainer handed out waits as HANDED_ON for that trainer.

    Whoever hands in again is graded on what came last: what still waited before it is REPLACED.
    """

    SUBMITTED = "submitted"
    UNMARKED = "unmarked"
    GRADED = "graded"
    FAILED_TO_GRADE = "stuck"
    REPLACED = "replaced"
    HANDED_ON = "handed_on"


def is_late(submitted_at: datetime, due_at: datetime | None) -> bool:
    """Late is told, not refused; the moment itself is still in time."""
    return due_at is not None and submitted_at > due_at
