"""What a chart shows, checked when it is made: a few series of numbers over the same labels."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from banyan.errors import BadInputError

MOST_SERIES = 4
MOST_BARS = 12
"""Bars of a picture, each a row of its own: more do not fit a phone."""


@dataclass(frozen=True)
class Series:
    """One line, or one set of bars; None is a number that is not known. The one that is meant is `chosen`."""

    name: str
    values: Sequence[float | None]
    chosen: bool = False

    @property
    def known(self) -> list[float]:
        return [each for each in self.values if each is not None]


@dataclass(frozen=True)
class Chart:
    """`across` labels what the values belong to, `chosen` is the label that is meant; `sentence` says what is to be seen."""

    title: str
    sentence: str
    across: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    kind: Literal["line", "bar"] = "line"
    chosen: str | None = None
    digits: int = 0

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise BadInputError("图“{title}”画不出来：{faults}", title=self.title, faults="；".join(faults))

    def number(self, value: float | None) -> str:
        return "—" if value is None else f"{number(value, self.digits)}{self.unit}"


def number(value: float, digits: int = 0) -> str:
    return f"{round(value):,}" if digits == 0 else f"{value:,.{digits}f}"


def _faults(chart: Chart) -> Iterator[str]:
    if not chart.title.strip() or not chart.sentence.strip():
        yield "title 和 sentence 都要写，看不见图的人靠它们"
    if chart.kind not in ("line", "bar"):
        yield f'kind 是 "{chart.kind}"，只能是 line 或 bar'
    if not 1 <= len(chart.series) <= MOST_SERIES:
        yield f"有 {len(chart.series)} 组数，要 1 到 {MOST_SERIES} 组"
    if not chart.across:
        yield "across 是空的，写上每个数属于哪一天、哪一样"
    if chart.kind == "bar" and len(chart.across) * len(chart.series) > MOST_BARS:
        yield f"有 {len(chart.across) * len(chart.series)} 根条，最多 {MOST_BARS} 根；少画几根，或改成 line"
    if len({each.name for each in chart.series}) < len(chart.series):
        yield "有两组数叫同一个名字"
    if chart.chosen is not None and chart.chosen not in chart.across:
        yield f'chosen 是 "{chart.chosen}"，across 里没有'
    for each in chart.series:
        yield from _faults_of(each, chart)


def _faults_of(series: Series, chart: Chart) -> Iterator[str]:
    if len(series.values) != len(chart.across):
        yield f"“{series.name}”有 {len(series.values)} 个数，across 有 {len(chart.across)} 个，要一样多"
    if not all(isinstance(each, int | float) and math.isfinite(each) for each in series.known):
        yield f"“{series.name}”里有不是数的东西"
    elif not series.known:
        yield f"“{series.name}”一个数也没有"
    elif chart.kind == "bar" and min(series.known) < 0:
        yield f"“{series.name}”里有负数，条形画不出，改成 line"
