"""What a simulation is written of: what is shown, what can be done, what is said, what is wanted, what is unforgivable."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from grading.questions.formula import LARGEST, FormulaError, Text, formula
from grading.questions.item import Fitting, Misfit, Words
from grading.questions.simulation_model import Goal, Holds

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
Whole = Annotated[int, Field(ge=-LARGEST, le=LARGEST)]
Short = Annotated[str, Field(min_length=1, max_length=20)]


class Gauge(Fitting):
    """A value that is shown; up to `top` it is drawn too, and from `limit` on it is `over`, a word or two."""

    label: Short
    unit: Annotated[str, Field(max_length=8)] = ""
    top: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    limit: Whole | None = None
    over: Short | None = None

    def misfits(self) -> Iterator[Misfit]:
        if (self.limit is None) != (self.over is None):
            yield Misfit((), '"limit" 和 "over" 只写了一个', "两个都写：到多少，就说什么")
        if self.limit is not None and not 0 < self.limit <= (self.top or 0):
            yield Misfit(("limit",), '"limit" 不在 0 和 "top" 之间', "改小它，或改大 top")


class Action(Fitting):
    text: Words
    when: Text | None = None


class Line(Fitting):
    """What is said of a situation; of several lines the first whose `when` holds."""

    when: Text | None = None
    says: Words


class Wanted(Fitting):
    """A goal: `wants` is what was to be done, in a few words; `missed` teaches whoever did not."""

    wants: Words
    missed: Words
    points: Annotated[int, Field(ge=1, le=100)]
    always: Text | None = None
    ever: Text | None = None
    ends: Text | None = None

    def misfits(self) -> Iterator[Misfit]:
        if len(list(self._written())) != 1:
            yield Misfit((), "一个目标要写 always、ever、ends 当中的一个", "只留一个")

    def _written(self) -> Iterator[Goal]:
        return (Goal(each, text) for each in Holds if (text := getattr(self, each)) is not None)

    @property
    def goal(self) -> Goal:
        return next(self._written())


class Loss(Fitting):
    when: Text
    says: Words


def unfit(text: str | None, known: set[str], place: tuple[str | int, ...]) -> Iterator[Misfit]:
    """Yield what is wrong with a formula; `known` are the names it may ask for."""
    if text is None:
        return
    try:
        unknown = formula(text).names - known
    except FormulaError as error:
        yield Misfit(place, f'公式 "{text}" 不对：{error}', "改公式")
        return
    for each in sorted(unknown):
        yield Misfit(place, f'公式里的 "{each}" 不知道是什么', f"这里能用 {'、'.join(sorted(known))}")
