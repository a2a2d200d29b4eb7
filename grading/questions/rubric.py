"""What a person marks: row by row of a rubric, each row worth so many points and tied to what it shows."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from grading.questions.item import Fitting, Item, Misfit, Words


class Row(Fitting):
    """One thing a marker looks for."""

    row: Words
    points: Annotated[float, Field(gt=0, le=100)]
    indicator: str


class ByHand(Item):
    """A question that a person marks, whatever its type; what is not blank has no points before."""

    rubric: Annotated[tuple[Row, ...], Field(min_length=1, max_length=12)]

    def misfits(self) -> Iterator[Misfit]:
        for place, row in enumerate(self.rubric):
            if row.indicator not in self.indicators:
                fault = f'评分行的指标 "{row.indicator}" 不在这道题的 "indicators" 里'
                yield Misfit(("rubric", place, "indicator"), fault, "补进 indicators，或改这一行")
