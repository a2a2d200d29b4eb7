"""Bars drawn on the server as SVG: no script, no font, no request.

Lengths are in `em` and per cent, without a view box: text grows with the reader's size while bars keep to the width.
Colour never stands alone: the bar that is meant carries a mark and bold type, and every number is written out.
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from widgets.series import Chart, Series, number

ROW = 3.1
"""Height of one row in em: a line of text above its bar."""
HEAD = 2.0
"""Height of the line that names a group of bars."""
FILLS = ("#1e6b52", "#dbe6e0", "#8fb5a5", "#e9dcc0")
EDGES = ("#14503c", "#55635d", "#14503c", "#6b4500")


class Bar(NamedTuple):
    label: str
    value: float
    chosen: bool = False


def bars(rows: Sequence[Bar], unit: str, title: str) -> str:
    """Return horizontal bars on one scale from zero, each with its number; `title` says what is compared."""
    most = max((bar.value for bar in rows), default=0) or 1
    drawn = "".join(_row(bar, place * ROW, most, unit) for place, bar in enumerate(rows))
    spoken = f"{title}：" + "；".join(f"{bar.label}，{number(bar.value)}{unit}" for bar in rows) + "。"
    return _svg(spoken, len(rows) * ROW, drawn)


def bar_chart(chart: Chart) -> str:
    """Return the bars of a chart: of one series a row a label, of several a group a label."""
    most = max(max(each.known) for each in chart.series) or 1
    drawn, top = [], 0.0
    for place, label in enumerate(chart.across):
        chosen = label == chart.chosen
        if len(chart.series) > 1:
            drawn.append(_text(f"{'▶ ' if chosen else ''}{label}", top + 1.3, 700, 'x="0"'))
            top += HEAD
        for number_of, series in enumerate(chart.series):
            drawn.append(_measure(chart, series, place, (top, most, number_of)))
            top += ROW
    return _svg(f"{chart.title}。{chart.sentence}", top, "".join(drawn), _told(chart))


def _measure(chart: Chart, series: Series, place: int, where: tuple[float, float, int]) -> str:
    """Return one bar of a chart, its name and its number above it."""
    top, most, number_of = where
    value = series.values[place]
    alone = len(chart.series) == 1
    chosen = chart.across[place] == chart.chosen if alone else series.chosen
    label = chart.across[place] if alone else series.name
    if alone:
        fill, edge = (FILLS[0], EDGES[0]) if chosen or chart.chosen is None else (FILLS[1], EDGES[1])
    else:
        fill, edge = FILLS[number_of], EDGES[number_of]
    words = f"{'▶ ' if chosen else ''}{label}", chart.number(value)
    width = None if value is None else 100 * value / most
    return _drawn(words, top, 700 if chosen else 400, (width, fill, edge))


def _row(bar: Bar, top: float, most: float, unit: str) -> str:
    mark, weight, paint = ("▶ ", 700, 0) if bar.chosen else ("", 400, 1)
    words = f"{mark}{bar.label}", f"{number(bar.value)}{unit}"
    return _drawn(words, top, weight, (100 * bar.value / most, FILLS[paint], EDGES[paint]))


def _drawn(words: tuple[str, str], top: float, weight: int, bar: tuple[float | None, str, str]) -> str:
    width, fill, edge = bar
    text = _text(words[0], top + 1.1, weight, 'x="0"') + _text(words[1], top + 1.1, weight, 'x="100%" text-anchor="end"')
    if not width:
        return text
    share = max(width, 0.6) * 0.99
    size = f'width="{share:.2f}%" height="0.9em" rx="4"'
    return f'{text}<rect x="1" y="{top + 1.5:g}em" {size} fill="{fill}" stroke="{edge}"/>'


def _text(words: str, y: float, weight: int, where: str) -> str:
    return f'<text {where} y="{y:g}em" font-weight="{weight}" fill="#1d2a26">{escape(words)}</text>'


def _told(chart: Chart) -> str:
    """Return the numbers in words, for whoever listens."""
    return "；".join(_said(chart)) + "。"


def _said(chart: Chart) -> Iterator[str]:
    for place, label in enumerate(chart.across):
        told = (f"{each.name}{chart.number(each.values[place])}" for each in chart.series)
        yield f"{label}，" + "，".join(told)


def _svg(name: str, height: float, drawn: str, told: str = "") -> str:
    about = f"<desc>{escape(told)}</desc>" if told else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="banyan-bars" role="img" aria-label="{escape(name)}" '
        f'width="100%" height="{height:g}em">{about}{drawn}</svg>'
    )
