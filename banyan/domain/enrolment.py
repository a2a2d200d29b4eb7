"""What a learner does next: one step, from where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from banyan.domain.examination import Refusal


class Step(StrEnum):
    LEARN = "learn"
    SIT = "sit"
    GO_ON = "go_on"
    WAIT_FOR_MARK = "wait_for_mark"
    WAIT_TO_RETRY = "wait_to_retry"
    ASK_TRAINER = "ask_trainer"
    PRACTICAL = "practical"
    DONE = "done"


@dataclass(frozen=True)
class Progress:
    """Where a person stands in one programme's course.

    `lessons` says in order which are finished; `refusal` is why no attempt may begin now, None if one may.
    """

    lessons: Sequence[bool]
    exam_passed: bool
    practical_done: bool
    certified: bool
    refusal: Refusal | None = None


WAITS = {
    Refusal.RUNNING: Step.GO_ON,
    Refusal.UNMARKED: Step.WAIT_FOR_MARK,
    Refusal.COOLING: Step.WAIT_TO_RETRY,
    Refusal.USED_UP: Step.ASK_TRAINER,
}


def next_step(progress: Progress) -> Step:
    """Return the one thing to do next; an exam under way comes before everything else."""
    if progress.certified:
        return Step.DONE
    if progress.refusal is Refusal.RUNNING:
        return Step.GO_ON
    if progress.exam_passed:
        return Step.DONE if progress.practical_done else Step.PRACTICAL
    if not all(progress.lessons):
        return Step.LEARN
    return WAITS.get(progress.refusal, Step.SIT) if progress.refusal else Step.SIT
