"""What was decided about a question after the exam: another key, two keys that both count, or full points for everybody.

Pure. A ruling is part of an exam's private file as JSON: {"void": true}, or {"keys": [item, …]} of which the best counts.
An answer a person marked keeps its mark; where the rubric's points changed, each row keeps its share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grading import questions
from grading.questions import Item, Score
from grading.questions.rubric import ByHand

FULL = Score(1.0)


@dataclass(frozen=True)
class Ruling:
    """`void` gives everybody the points, whatever they answered; else the best of `keys` counts."""

    void: bool = False
    keys: tuple[Item, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"void": True} if self.void else {"keys": [questions.dump(each) for each in self.keys]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Ruling":
        return cls(bool(data.get("void")), tuple(questions.load(each) for each in data.get("keys", ())))


def kindest(scores: Sequence[Score]) -> Score:
    """Return the score that is best for whoever answered: no hard fail before more points."""
    return max(scores, key=lambda each: (each.hard_fail is None, each.fraction))


def share(item: Item, ruling: Ruling | None, rows: Sequence[float]) -> float:
    """Return the fraction of a slot's points that a mark's rows earn, under a rubric that may have been corrected."""
    if ruling and ruling.void:
        return 1.0
    assert isinstance(item, ByHand)
    if not ruling or not ruling.keys:
        return sum(rows) / sum(each.points for each in item.rubric)
    counts = ruling.keys[-1]
    assert isinstance(counts, ByHand)
    shares = (given / old.points * new.points for given, old, new in zip(rows, item.rubric, counts.rubric, strict=True))
    return sum(shares) / sum(each.points for each in counts.rubric)
