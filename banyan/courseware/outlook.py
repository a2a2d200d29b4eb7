"""What may be told of an exam before its form is drawn: nothing of a question, only what kind of thing may come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from banyan.courseware.exam import ReleaseExam, candidates
from grading import questions


@dataclass(frozen=True)
class Outlook:
    """`walked` says that there is a drill, `walked_last` that it is the last thing asked.

    `loses` says that a single answer may lose the exam whatever the points.
    """

    walked: bool
    walked_last: bool
    loses: bool


def outlook(exam: ReleaseExam) -> Outlook:
    """Look through everything that may sit in each slot."""
    asked = [[exam.items[each] for each in candidates(seat.wants, exam.items)] for seat in exam.seats]
    walked = [any(item.type in questions.STEPPED for item in slot) for slot in asked]
    loses = any(_holds_a_loss(questions.dump(item)) for slot in asked for item in slot)
    return Outlook(any(walked), bool(walked) and walked[-1], loses)


def _holds_a_loss(part: Any) -> bool:
    """Every type calls it `hard_fail`, wherever in a question it stands."""
    if isinstance(part, Mapping):
        return any((name == "hard_fail" and bool(each)) or _holds_a_loss(each) for name, each in part.items())
    return isinstance(part, Sequence) and not isinstance(part, str) and any(_holds_a_loss(each) for each in part)
