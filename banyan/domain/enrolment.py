"""What a learner does next: one step, from where they stand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from banyan.domain.certification import Need
from banyan.domain.examination import Refusal


class Step(StrEnum):
    LEARN = "learn"
    SIT = "sit"
    GO_ON = "go_on"
    WAIT_FOR_MARK = "wait_for_mark"
    WAIT_TO_RETRY = "wait_to_retry"
    WAIT_TO_OPEN = "wait_to_open"
    ASK_TRAINER = "ask_trainer"
    PRACTICAL = "practical"
    WAIT_FOR_GRANT = "wait_for_grant"
    DONE = "done"


@dataclass(frozen=True)
class Progress:
    """Where a person stands in a programme with one course.

    `lessons` says in order which are finished, `needs` what the programme still lacks; `refusal` is why no attempt
    may begin now, None if one may. `proposed` says that a certifier has it before them.
    """

    lessons: Sequence[bool]
    needs: Collection[Need]
    certified: bool
    refusal: Refusal | None = None
    proposed: bool = False


WAITS = {
    Refusal.UNMARKED: Step.WAIT_FOR_MARK,
    Refusal.COOLING: Step.WAIT_TO_RETRY,
    Refusal.USED_UP: Step.ASK_TRAINER,
    Refusal.PASSED: Step.ASK_TRAINER,
    Refusal.UNLEARNT: Step.LEARN,
    Refusal.NOT_OPEN: Step.WAIT_TO_OPEN,
    Refusal.CLOSED: Step.ASK_TRAINER,
}


def next_step(progress: Progress) -> Step:
    """Return the one thing to do next; an exam under way comes before everything else."""
    if progress.refusal is Refusal.RUNNING:
        return Step.GO_ON
    if progress.certified and not progress.needs:
        return Step.DONE
    if progress.proposed:
        return Step.WAIT_FOR_GRANT
    if {Need.EXAM, Need.DRILL}.intersection(progress.needs):
        if progress.refusal is Refusal.UNMARKED or all(progress.lessons):
            return WAITS[progress.refusal] if progress.refusal else Step.SIT
        return Step.LEARN
    return Step.PRACTICAL if Need.PRACTICAL in progress.needs else Step.ASK_TRAINER
