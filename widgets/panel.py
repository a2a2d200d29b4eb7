"""A simulation in a lesson: what one can set, one sentence with the number that matters, pictures and their tables.

The model is computed here, in Python; the script only shows what comes back. It sends a value when the finger lifts
or a button has rested, not while it moves, so that an old phone on a slow line is not flooded. A drag is never the
only way: two buttons step through the same values. Every panel says on screen what it is (`note`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from banyan.errors import BadInputError
from widgets.bar_chart import Bar, bars
from widgets.chart import TABLE, figure, framed
from widgets.series import Chart, number

HERE = Path(__file__).parent
LESS, MORE = "少一点", "多一点"


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

    def taken(self, value: Any) -> int:
        return min(max(int(value), self.lowest), self.highest)


@dataclass(frozen=True)
class Choice:
    """One of a few `options`: a name for the code and how it reads; the first is chosen at the start."""

    label: str
    options: Mapping[str, str]

    @property
    def start(self) -> str:
        return next(iter(self.options))

    def taken(self, value: Any) -> str:
        return value if value in self.options else self.start


@dataclass(frozen=True)
class Panel:
    """One slider and one picture: `rows` gives the bars for a value, `sentence` says in words what they show."""

    note: str
    slider: Slider
    picture: str
    unit: str
    rows: Callable[[int], Sequence[tuple[str, float, bool]]]
    sentence: Callable[[int], str]


@dataclass(frozen=True)
class Simulation:
    """Several things to set, by name, and several pictures.

    `sentence` and each of the `pictures` are called with all values, by name: def ill(day, masks): return Chart(…).
    """

    note: str
    controls: Mapping[str, Slider | Choice]
    sentence: Callable[..., str]
    pictures: Sequence[Callable[..., Chart]]


class PanelWidget(anywidget.AnyWidget):
    """Each control is a trait of its own name (`value` for a panel); `view` holds what belongs to their values."""

    _esm = HERE / "panel.js"
    _css = "\n".join((HERE / each).read_text(encoding="utf-8") for each in ("panel.css", "chart.css"))
    note = traitlets.Unicode().tag(sync=True)
    controls: Any = traitlets.List().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, panel: Panel | Simulation) -> None:
        self.panel = panel
        self.settings: Mapping[str, Slider | Choice] = {"value": panel.slider} if isinstance(panel, Panel) else panel.controls
        _check(self.settings, self.trait_names())
        start = {name: each.start for name, each in self.settings.items()}
        self.add_traits(**{name: _Setting(each).tag(sync=True) for name, each in self.settings.items()})
        controls = [_control(name, each) for name, each in self.settings.items()]
        super().__init__(note=panel.note, controls=controls, view=look(panel, start), **start)
        self.observe(self._moved, list(self.settings))

    def _moved(self, _change: Any) -> None:
        values = {name: getattr(self, name) for name in self.settings}
        if values != self.view["values"]:
            self.view = look(self.panel, values)


class _Setting(traitlets.TraitType):
    """A value a browser may send: whatever comes, it stays on its control."""

    def __init__(self, control: Slider | Choice) -> None:
        super().__init__(default_value=control.start)
        self.control = control

    def validate(self, obj: Any, value: Any) -> Any:
        try:
            return self.control.taken(value)
        except (TypeError, ValueError, OverflowError):
            return self.control.start


def look(panel: Panel | Simulation, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is shown at these values: the sentence, and each picture with its table as HTML."""
    if isinstance(panel, Panel):
        pictures = [_bars(panel, values["value"])]
        sentence = panel.sentence(values["value"])
    else:
        pictures = [figure(draw(**values)) for draw in panel.pictures]
        sentence = panel.sentence(**values)
    return {"values": dict(values), "sentence": sentence, "pictures": pictures}


def _bars(panel: Panel, value: int) -> str:
    rows = [Bar(*row) for row in panel.rows(value)]
    table = "".join(
        f'<tr><th scope="row">{escape(bar.label)}</th><td>{escape(number(bar.value) + panel.unit)}</td></tr>' for bar in rows
    )
    return framed(panel.picture, bars(rows, panel.unit, panel.picture), f"<tbody>{table}</tbody>")


def _control(name: str, control: Slider | Choice) -> dict[str, Any]:
    """Return what the script needs of a control; options keep their order as pairs."""
    if isinstance(control, Choice):
        return {"name": name, "label": control.label, "options": [list(each) for each in control.options.items()]}
    return {"name": name} | asdict(control)


def _check(controls: Mapping[str, Slider | Choice], taken: Sequence[str]) -> None:
    if not controls:
        raise BadInputError("互动面板里没有可以拨的东西，请在 controls 里写一样")
    for name, each in controls.items():
        if name in taken or name == "settings" or not name.isidentifier():
            raise BadInputError("互动面板里不能用 {name} 这个名字，请换一个英文名字", name=name)
        if isinstance(each, Choice) and len(each.options) < 2:
            raise BadInputError("“{label}”至少要有两个选项", label=each.label)
        if isinstance(each, Slider) and not each.lowest <= each.start <= each.highest:
            raise BadInputError("“{label}”的 start 不在 lowest 和 highest 之间", label=each.label)


__all__ = ["TABLE", "Choice", "Panel", "PanelWidget", "Simulation", "Slider", "look"]
