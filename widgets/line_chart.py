"""Lines drawn on the server as SVG.

Only the lines themselves lie in a view box that is stretched to the width; all text is in `em` and per cent, so that it
grows with the reader's size. Lines differ by dash, mark and name, not by colour alone.
"""

import math
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from widgets.labels import TALL, Box, Label, Line, meets, place, share, wide
from widgets.series import Chart, Series

TOP, HEIGHT, FOOT = 1.8, 11.0, 2.0
"""em: room above for the highest number, the picture, the labels below."""
CHOSEN = ("#1e6b52", "", "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z")
OTHERS = (
    ("#4d5a54", "7 4", "M-4.5 -4.5H4.5V4.5H-4.5Z"),
    ("#8a4b00", "2 4", "M0 -6L5.5 4.5H-5.5Z"),
    ("#2b4f8c", "10 3 2 3", "M0 -6L6 0L0 6L-6 0Z"),
)
"""Colour, dash and mark of each line."""
ROOM = 11.5
"""em of labels below that fit the narrowest picture, distances included."""


def line_chart(chart: Chart) -> tuple[str, bool]:
    """Return the drawing, and whether every line bears its name; where not, a legend must."""
    marks = ticks(chart)
    lines = [_points(each, chart, marks) for each in chart.series]
    lettered = [_lettered(chart, mark, marks) for mark in marks]
    written = [
        mark for mark, box in zip(marks, lettered, strict=True) if mark != 0 or not any(meets(box, line) for line in lines)
    ]
    labels = place([each.name for each in chart.series], lines, TOP + HEIGHT, lettered)
    body = [_grid(chart, marks, written), _foot(chart), "".join(_curves(chart, marks))]
    for number, (series, paint) in enumerate(zip(chart.series, paints(chart), strict=True)):
        body.append(_mark(lines[number][-1], paint))
        body.append(_text(series.name, labels[number], paint[0], 700) if labels else "")
    return _svg(chart, "".join(body)), labels is not None


def paints(chart: Chart) -> list[tuple[str, str, str]]:
    """Return colour, dash and mark for each series; the chosen one, else the first, is the green one."""
    chosen = next((each for each in chart.series if each.chosen), chart.series[0])
    others = iter(OTHERS)
    return [CHOSEN if each is chosen else next(others) for each in chart.series]


def ticks(chart: Chart) -> list[float]:
    """Return three to five round numbers that hold all values, zero among them."""
    values = [value for each in chart.series for value in each.known]
    low, high = min(0.0, *values), max(0.0, *values)
    rough = (high - low or 1) / 3
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(each * power for each in (1, 2, 2.5, 5, 10) if each * power >= rough * 0.999)
    if chart.digits == 0:
        step = max(math.ceil(step), 1)
    last = max(math.ceil(high / step), 1 if low == high else 0)
    return [number * step for number in range(math.floor(low / step), last + 1)]


def _y(value: float, marks: Sequence[float]) -> float:
    return TOP + HEIGHT * (1 - (value - marks[0]) / (marks[-1] - marks[0]))


def _x(number: int, chart: Chart) -> float:
    return number / (len(chart.across) - 1) if len(chart.across) > 1 else 0.5


def _points(series: Series, chart: Chart, marks: Sequence[float]) -> Line:
    return [(_x(number, chart), _y(value, marks)) for number, value in enumerate(series.values) if value is not None]


def _tick(chart: Chart, mark: float, marks: Sequence[float]) -> str:
    return chart.number(mark) if mark == marks[-1] else chart.number(mark).removesuffix(chart.unit)


def _lettered(chart: Chart, mark: float, marks: Sequence[float]) -> Box:
    """Return where the number of a grid line stands: on it, at the left. That of zero gives way to a line."""
    return Box(0, share(_tick(chart, mark, marks)), _y(mark, marks) - TALL, _y(mark, marks))


def _grid(chart: Chart, marks: Sequence[float], written: Sequence[float]) -> str:
    drawn = []
    for mark in marks:
        y = _y(mark, marks)
        stroke = "#77847d" if mark == 0 else "#e3e0d6"
        drawn.append(f'<line x1="0" x2="100%" y1="{y:.2f}em" y2="{y:.2f}em" stroke="{stroke}"/>')
        drawn.append(_text(_tick(chart, mark, marks), Label(0, y - 0.3, "start"), "#4d5a54") if mark in written else "")
    if chart.chosen is not None:
        x = f"{100 * _x(list(chart.across).index(chart.chosen), chart):.2f}%"
        ends = f'y1="{TOP}em" y2="{TOP + HEIGHT}em"'
        drawn.append(f'<line x1="{x}" x2="{x}" {ends} stroke="#1e6b52" stroke-dasharray="2 3"/>')
    return "".join(drawn)


def _foot(chart: Chart) -> str:
    """Return the labels below: the first, the last, the chosen, and of the others as many as fit."""
    drawn = []
    for number in _shown(chart):
        x = _x(number, chart)
        width = share(chart.across[number])
        anchor = "start" if x < width / 2 else "end" if x > 1 - width / 2 else "middle"
        where = Label({"start": 0.0, "end": 1.0, "middle": x}[anchor], TOP + HEIGHT + 1.4, anchor)
        chosen = chart.across[number] == chart.chosen
        drawn.append(_text(chart.across[number], where, "#14503c" if chosen else "#4d5a54", 700 if chosen else 400))
    return "".join(drawn)


def _shown(chart: Chart) -> list[int]:
    last = len(chart.across) - 1
    wanted = [list(chart.across).index(chart.chosen)] if chart.chosen is not None else []
    found: list[int] = []
    between = [round(last * part) for part in (0.5, 0.25, 0.75)] + list(range(1, last))
    for number in [*wanted, 0, last, *between]:
        if number not in found and _fits(number, found, chart):
            found.append(number)
    return sorted(found)


def _fits(number: int, others: Sequence[int], chart: Chart) -> bool:
    """Say whether a label leaves the others half a character, each drawn within the picture."""
    reach = [_reach(each, chart) for each in (number, *others)]
    return all(reach[0][1] + 0.6 <= left or right + 0.6 <= reach[0][0] for left, right in reach[1:])


def _reach(number: int, chart: Chart) -> tuple[float, float]:
    width = wide(chart.across[number])
    left = min(max(_x(number, chart) * ROOM - width / 2, 0), max(ROOM - width, 0))
    return left, left + width


def _curves(chart: Chart, marks: Sequence[float]) -> Iterator[str]:
    yield f'<svg aria-hidden="true" x="0" y="{TOP}em" width="100%" height="{HEIGHT}em" viewBox="0 0 100 100" '
    yield 'preserveAspectRatio="none" '
    yield 'overflow="visible" fill="none" stroke-linejoin="round" stroke-linecap="round">'
    for series, (colour, dash, _) in zip(chart.series, paints(chart), strict=True):
        width = 4 if series.chosen or len(chart.series) == 1 else 2.5
        for run in _runs(series):
            path = "L".join(f"{100 * _x(n, chart):.2f} {100 * (_y(v, marks) - TOP) / HEIGHT:.2f}" for n, v in run)
            style = f'stroke="{colour}" stroke-width="{width}"' + (f' stroke-dasharray="{dash}"' if dash else "")
            yield f'<path d="M{path}" {style} vector-effect="non-scaling-stroke"/>'
    yield "</svg>"


def _runs(series: Series) -> Iterator[list[tuple[int, float]]]:
    """Yield the stretches of a line between the values that are not known."""
    for known, stretch in groupby(enumerate(series.values), lambda each: each[1] is not None):
        if known:
            yield [(number, value) for number, value in stretch if value is not None]


def _mark(point: tuple[float, float], paint: tuple[str, str, str]) -> str:
    at = f'x="{100 * point[0]:.2f}%" y="{point[1]:.2f}em"'
    return f'<svg aria-hidden="true" {at} overflow="visible"><path d="{paint[2]}" fill="{paint[0]}" stroke="#fff"/></svg>'


def _text(words: str, label: Label, colour: str, weight: int = 400) -> str:
    """Return a text with a white edge, so that a line behind it does not cross it out."""
    where = f'x="{100 * label.x:.2f}%" y="{label.y:.2f}em" text-anchor="{label.anchor}"'
    edge = 'stroke="#fff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
    return f'<text {where} font-weight="{weight}" fill="{colour}" {edge}>{escape(words)}</text>'


def _svg(chart: Chart, body: str) -> str:
    name = escape(f"{chart.title}。{chart.sentence}")
    told = escape("；".join(_told(chart, each) for each in chart.series) + "。")
    size = f'width="100%" height="{TOP + HEIGHT + FOOT}em"'
    attributes = f'xmlns="http://www.w3.org/2000/svg" class="banyan-lines" role="img" aria-label="{name}" {size}'
    return f"<svg {attributes}><desc>{told}</desc>{body}</svg>"


def _told(chart: Chart, series: Series) -> str:
    """Return where a line begins, where it is highest and where it ends."""
    known = [(label, value) for label, value in zip(chart.across, series.values, strict=True) if value is not None]
    highest = max(known, key=lambda each: each[1])
    said = {label: f"{label}{chart.number(value)}" for label, value in (known[0], highest, known[-1])}
    return f"{series.name}：" + "，".join(("最高" if label == highest[0] else "") + words for label, words in said.items())
