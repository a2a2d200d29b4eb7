"""A simulation in a lesson: one slider, one sentence with the number that matters, one picture and its table.

The model is computed here, in Python; the script only shows what comes back. It sends a value when the finger lifts
or a button has rested, not while it moves, so that an old phone on a slow line is not flooded. A drag is never the
only way: two buttons step through the same values. Every panel says on screen what it is (`note`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from widgets.chart import Bar, bars, number

HERE = Path(__file__).parent
LESS, MORE = "少一点", "多一点"
WORDS = {"table": "用表格看", "late": "这会儿算不出来，请刷新页面再试。"}
"""What the script says of itself; the page may translate it (banyan/lessons/widget_words.py)."""


@dataclass(frozen=True)
class Slider:
    """`said` is how a value reads, e.g. "第{}天"; `less` and `more` name the buttons."""

    label: str
    lowest: int
    highest: int
    start: int
    said: str = "{}"
    less: str = LESS
    more: str = MORE


@dataclass(frozen=True)
class Panel:
    """`rows` gives the bars for a value of the slider, `sentence` says in words what they show."""

    note: str
    slider: Slider
    picture: str
    unit: str
    rows: Callable[[int], Sequence[tuple[str, float, bool]]]
    sentence: Callable[[int], str]


class PanelWidget(anywidget.AnyWidget):
    """`view` holds what belongs to `value`; both change together in the browser."""

    _esm = HERE / "panel.js"
    _css = HERE / "panel.css"
    note = traitlets.Unicode().tag(sync=True)
    slider = traitlets.Dict().tag(sync=True)
    value = traitlets.Int().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict(WORDS).tag(sync=True)

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        slider = panel.slider
        words = {each: getattr(slider, each) for each in ("label", "lowest", "highest", "said", "less", "more")}
        super().__init__(note=panel.note, slider=words, value=slider.start, view=look(panel, slider.start))

    @traitlets.validate("value")
    def _within(self, proposal: Any) -> int:
        return min(max(proposal["value"], self.panel.slider.lowest), self.panel.slider.highest)

    @traitlets.observe("value")
    def _moved(self, _change: Any) -> None:
        self.view = look(self.panel, self.value)


def show(panel: Panel) -> PanelWidget:
    return PanelWidget(panel)


def look(panel: Panel, value: int) -> dict[str, Any]:
    """Return what is shown at a value of the slider: sentence, picture (SVG) and table."""
    rows = [Bar(*row) for row in panel.rows(value)]
    table = [[bar.label, f"{number(bar.value)}{panel.unit}"] for bar in rows]
    return {
        "value": value,
        "sentence": panel.sentence(value),
        "picture": bars(rows, panel.unit, panel.picture),
        "title": panel.picture,
        "table": table,
    }
