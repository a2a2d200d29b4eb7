"""What was decided about a question after the exam: another key, two keys that both count, or full points for everybody.

Pure. A ruling is part of an exam's private file as JSON: {"void": true}, or {"keys": [item, …]} of which the best counts.
An answer a person marked keeps its mark; where the rubric's points changed, each row keeps its share; with "again" it is
marked anew by another rubric. What was walked is walked again, choice by choice; where that leads nowhere the old key counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from banyan.errors import InvalidAnswerError
from grading import questions
from grading.questions import Item, Score
from grading.questions.rubric import ByHand

FULL = Score(1.0)


@dataclass(frozen=True)
class Ruling:
    """`void` gives everybody the points, whatever they answered; else the best of `keys` counts.

    With `again` people mark anew, by the rubric of the first of `keys`; it is the last whose points count.
    """

    void: bool = False
    keys: tuple[Item, ...] = ()
    again: bool = False

    def to_json(self) -> dict[str, Any]:
        if self.void:
            return {"void": True}
        return {"keys": [questions.dump(each) for each in self.keys]} | ({"again": True} if self.again else {})

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Ruling":
        keys = tuple(questions.load(each) for each in data.get("keys", ()))
        return cls(bool(data.get("void")), keys, bool(data.get("again")))


def replays(old: Item, new: Item, raw: Any) -> bool:
    """Say whether what was walked in one item can be walked in another: every step, and to the end if it came to one.

    Anything that is not walked can always be read by another key.
    """
    kind = questions.stepped_type_of(old)
    if kind is None:
        return True
    try:
        walked, again = kind.parse(old, raw), kind.parse(new, raw)
    except InvalidAnswerError:
        return False
    return walked is None or not kind.ended(old, walked) or kind.ended(new, again)


def keys_for(item: Item, raw: Any, ruling: Ruling) -> tuple[Item, ...]:
    """Return the keys an answer is scored by, of which the best counts; the question's own where no other can be walked."""
    return tuple(each for each in ruling.keys if replays(item, each, raw)) or (item,)


def marked_by(item: ByHand, ruling: Ruling | None) -> ByHand:
    """Return a question with the rubric that people mark it by."""
    if ruling is None or not ruling.again:
        return item
    anew = ruling.keys[0]
    assert isinstance(anew, ByHand)
    return item.model_copy(update={"rubric": anew.rubric})


def kindest(scores: Sequence[Score]) -> Score:
    """Return the score that is best for whoever answered: no hard fail before more points."""
    return max(scores, key=lambda each: (each.hard_fail is None, each.fraction))


def share(item: Item, ruling: Ruling | None, rows: Sequence[float]) -> float:
    """Return the fraction of a slot's points that a mark's rows earn, under a rubric that may have been corrected."""
    if ruling and ruling.void:
        return 1.0
    assert isinstance(item, ByHand)
    rubric = marked_by(item, ruling).rubric
    if not ruling or not ruling.keys:
        return sum(rows) / sum(each.points for each in rubric)
    counts = ruling.keys[-1]
    assert isinstance(counts, ByHand)
    shares = (given / old.points * new.points for given, old, new in zip(rows, rubric, counts.rubric, strict=True))
    return sum(shares) / sum(each.points for each in counts.rubric)
