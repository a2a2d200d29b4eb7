"""Charts drawn on the server as SVG: no script, no font, no request.

Lengths are in `em` and per cent, without a view box: text grows with the reader's size while bars keep to the width.
Colour never stands alone: the bar that is meant carries a mark and bold type, and every number is written out.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

ROW = 3.1
"""Height of one row in em: a line of text above its bar."""


class Bar(NamedTuple):
    label: str
    value: float
    chosen: bool = False


def bars(rows: Sequence[Bar], unit: str, title: str) -> str:
    """Return horizontal bars on one scale from zero, each with its number; `title` says what is compared."""
    most = max((bar.value for bar in rows), default=0) or 1
    drawn = "".join(_row(bar, place, most, unit) for place, bar in enumerate(rows))
    spoken = f"{title}：" + "；".join(f"{bar.label}，{number(bar.value)}{unit}" for bar in rows) + "。"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="banyan-bars" role="img" aria-label="{escape(spoken)}" '
        f'width="100%" height="{len(rows) * ROW:g}em">{drawn}</svg>'
    )


def number(value: float) -> str:
    return f"{round(value):,}"


def _row(bar: Bar, place: int, most: float, unit: str) -> str:
    top = place * ROW
    mark, weight, fill, edge = ("▶ ", 700, "#1e6b52", "#14503c") if bar.chosen else ("", 400, "#dbe6e0", "#55635d")
    width = max(100 * bar.value / most, 0.6)
    text = f'y="{top + 1.1:g}em" font-weight="{weight}" fill="#1d2a26"'
    return (
        f'<text x="0" {text}>{mark}{escape(bar.label)}</text>'
        f'<text x="100%" text-anchor="end" {text}>{number(bar.value)}{escape(unit)}</text>'
        f'<rect x="1" y="{top + 1.5:g}em" width="{width * 0.99:.2f}%" height="0.9em" rx="4" fill="{fill}" stroke="{edge}"/>'
    )
