"""What is walked in an exam, a case or a simulation, one choice at a time: the server keeps the path and shows what comes next.

A choice is never taken back. What it earns and what is to be said about it is told after the exam, with the result.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from banyan.courseware.exam import FormSlot, ReleaseExam, public_slot
from banyan.errors import InvalidAnswerError, NotAllowedError, NotFoundError
from banyan.records.examinations import Attempt, CaseStep
from banyan.tracker.attempts import exam_of, form_of, mine, path_of, require_open
from banyan.tracker.people import Me
from banyan.tracker.rulebook import Rulebook
from grading import questions
from grading.questions import Turn

Path = tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """A choice in a walk; `number` is which of the steps it is, from 1."""

    slot: str
    number: int
    choice: str


@dataclass(frozen=True)
class CaseState:
    """Where a learner stands in a walk: the steps behind them, what they see now, and the number of the next step."""

    slot: str
    taken: tuple[Turn, ...]
    shown: dict[str, Any]
    next_number: int

    @property
    def ended(self) -> bool:
        return bool(self.shown["ended"])


def case_state(session: Session, attempt_id: int, me: Me, slot: str, rulebook: Rulebook) -> CaseState:
    """Return where one stands in a walk of one's own attempt."""
    attempt = mine(session, attempt_id, me)
    exam, seat = _seat(attempt, slot, rulebook)
    return state_at(exam, seat, path_of(session, attempt, slot))


def take_step(session: Session, attempt_id: int, me: Me, choice: Choice, rulebook: Rulebook, now: datetime) -> CaseState:
    """Take the next step; the same step sent again changes nothing, another choice for it is refused."""
    attempt = mine(session, attempt_id, me)
    exam, seat = _seat(attempt, choice.slot, rulebook)
    path = path_of(session, attempt, choice.slot)
    if 1 <= choice.number <= len(path):
        if path[choice.number - 1] != choice.choice:
            raise NotAllowedError("这一步已经选过了，演练里不能回头改")
        return state_at(exam, seat, path)
    require_open(attempt, now)
    if choice.number != len(path) + 1:
        raise InvalidAnswerError("演练还没有走到这一步，请刷新后再选")
    kind, item = _walked(exam, seat)
    longer = kind.step(item, path, choice.choice)
    session.add(_row(attempt, choice, kind.place(item, path), now))
    session.flush()
    return state_at(exam, seat, longer)


def state_at(exam: ReleaseExam, seat: FormSlot, path: Path) -> CaseState:
    """Return what a learner sees after these choices."""
    kind, item = _walked(exam, seat)
    return CaseState(seat.name, tuple(kind.turns(item, path)), public_slot(exam, seat, path), len(path) + 1)


def _seat(attempt: Attempt, slot: str, rulebook: Rulebook) -> tuple[ReleaseExam, FormSlot]:
    exam, seat = exam_of(attempt, rulebook), form_of(attempt).slot(slot)
    _walked(exam, seat)
    return exam, seat


def _walked(exam: ReleaseExam, seat: FormSlot) -> tuple[questions.SteppedType, questions.Item]:
    item = exam.items[seat.question]
    kind = questions.stepped_type_of(item)
    if kind is None:
        raise NotFoundError("这道题不是演练，请刷新页面")
    return kind, item


def _row(attempt: Attempt, choice: Choice, node: str, now: datetime) -> CaseStep:
    return CaseStep(attempt_id=attempt.id, slot=choice.slot, number=choice.number, node=node, choice=choice.choice, taken_at=now)
