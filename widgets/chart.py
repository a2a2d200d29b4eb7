"""A chart in a lesson: a title, a sentence, a picture drawn here, and its table. It needs no script and no kernel.

The picture is SVG made on the server, not a canvas of a chart library such as uPlot: it is there before any script,
prints sharp, is read aloud, grows with the reader's type, and weighs nothing.
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from widgets.bar_chart import Bar, bar_chart, bars
from widgets.line_chart import line_chart, paints
from widgets.series import Chart, Series, number

__all__ = ["Bar", "Chart", "ChartWidget", "Drawing", "Series", "bars", "number", "redraw"]

HERE = Path(__file__).parent
TABLE = "用表格看"
WORDS = {"table": TABLE}
"""What a chart says of itself: marked `data-word` in its HTML, for the page to translate."""


class Drawing:
    """A chart as plain HTML: the output of a cell that needs no widget."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart

    def _repr_html_(self) -> str:
        told = f'<p class="banyan-chart-sentence">{escape(self.chart.sentence)}</p>'
        return f'<section class="banyan-chart">{told}{figure(self.chart)}</section>'


class ChartWidget(anywidget.AnyWidget):
    """A chart that is drawn anew when a cell's code gives it another one: `widget.chart = Chart(…)`."""

    _esm = HERE / "chart.js"
    _css = HERE / "chart.css"
    html = traitlets.Unicode().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        super().__init__(html=figure(chart), sentence=chart.sentence)

    @property
    def chart(self) -> Chart:
        return self._chart

    @chart.setter
    def chart(self, chart: Chart) -> None:
        self._chart = chart
        with self.hold_sync():
            self.html, self.sentence = figure(chart), chart.sentence


def redraw(chart: Chart) -> ChartWidget:
    """Return a chart that other widgets of the lesson may change."""
    return ChartWidget(chart)


def figure(chart: Chart) -> str:
    """Return title, picture and table."""
    drawn, named = (bar_chart(chart), True) if chart.kind == "bar" else line_chart(chart)
    return framed(chart.title, drawn + ("" if named else _legend(chart)), table(chart))


def framed(title: str, drawn: str, rows: str) -> str:
    named = escape(title)
    summary = f'<summary data-word="{TABLE}">{TABLE}</summary>'
    fold = f"<details>{summary}<table><caption>{named}</caption>{rows}</table></details>"
    return f"<figure><figcaption>{named}</figcaption>{drawn}{fold}</figure>"


def table(chart: Chart) -> str:
    """Return the rows of the table: a label each, a column for each series."""
    head = "".join(f'<th scope="col">{escape(each.name)}</th>' for each in chart.series)
    rows = "".join(_rows(chart))
    return f"<thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody>" if len(chart.series) > 1 else f"<tbody>{rows}</tbody>"


def _rows(chart: Chart) -> Iterator[str]:
    for place, label in enumerate(chart.across):
        cells = "".join(f"<td>{escape(chart.number(each.values[place]))}</td>" for each in chart.series)
        yield f'<tr><th scope="row">{escape(label)}</th>{cells}</tr>'


def _legend(chart: Chart) -> str:
    """Return the names of lines that run too close together to bear them."""
    return f'<ul class="banyan-chart-legend">{"".join(map(_entry, chart.series, paints(chart)))}</ul>'


def _entry(series: Series, paint: Any) -> str:
    colour, dash, mark = paint
    style = f'stroke="{colour}" stroke-width="3"' + (f' stroke-dasharray="{dash}"' if dash else "")
    line = f'<line x1="0" x2="36" y1="8" y2="8" {style}/><path d="{mark}" transform="translate(36 8)" fill="{colour}"/>'
    return f'<li><svg width="44" height="16" aria-hidden="true">{line}</svg>{escape(series.name)}</li>'
