"""How often each question of an exam was met and how it went: told to its author, counted from the attempts themselves.

Nothing is kept for it, so beginning an exam waits for nobody's counter. Drawing does not look at it: what was met least
by everybody would be the easiest to foresee (docs/decisions/0026).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.examination import State
from banyan.records.examinations import Attempt, Submission

TELLING = 30
"""Answers below which a share or a correlation says more about chance than about the question."""


@dataclass
class Tally:
    """`met` counts forms that asked it; of `n` final ones the sums of x, the share earned, and y, that of the rest."""

    met: int = 0
    n: int = 0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0

    def take(self, earned: float, rest: float) -> None:
        self.n += 1
        self.x += earned
        self.y += rest
        self.xx += earned * earned
        self.yy += rest * rest
        self.xy += earned * rest

    @property
    def facility(self) -> float | None:
        """The share of its points that was earned on average, None while nothing is graded."""
        return self.x / self.n if self.n else None

    @property
    def discrimination(self) -> float | None:
        """Whether those who do well on the rest do well here: −1 to 1, None where too few answered or all alike."""
        across, along = self.n * self.xx - self.x**2, self.n * self.yy - self.y**2
        if self.n < TELLING or across <= 1e-9 or along <= 1e-9:
            return None
        return (self.n * self.xy - self.x * self.y) / sqrt(across * along)


Asked = tuple[str, str]
"""A question's name and its version, "" of forms from before there were versions."""


def exposure(session: Session, course: str) -> dict[Asked, Tally]:
    """Return the tally of every question and version that an attempt at a course's exam has met."""
    kept = select(Attempt.form, Submission.scores, Submission.state).where(Attempt.course == course)
    rows = session.execute(kept.outerjoin(Submission, Submission.attempt_id == Attempt.id))
    return tallies((form, scores if state == State.GRADED else None) for form, scores, state in rows)


def tallies(papers: Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | None]]) -> dict[Asked, Tally]:
    """Count forms and, where they are final, their scores (slot → points, max_points)."""
    found: dict[Asked, Tally] = defaultdict(Tally)
    for form, scores in papers:
        points = sum(each["points"] for each in scores.values()) if scores else 0.0
        total = sum(each["max_points"] for each in scores.values()) if scores else 0.0
        for slot in form["slots"]:
            tally = found[slot["question"], slot.get("version", "")]
            tally.met += 1
            score = (scores or {}).get(slot["name"])
            if score and score["max_points"] < total:
                rest = (points - score["points"]) / (total - score["max_points"])
                tally.take(score["points"] / score["max_points"], rest)
    return dict(found)


def of_question(found: Mapping[Asked, Tally], name: str) -> int:
    """Return how often a question was met, whatever its text was then."""
    return sum(tally.met for (question, _), tally in found.items() if question == name)
