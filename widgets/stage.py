"""One word for all that a lesson shows."""

from typing import Any

from widgets.chart import Chart, Drawing
from widgets.panel import Panel, PanelWidget, Simulation


def show(what: Any) -> Any:
    """Return what a cell shows of a panel, a simulation or a chart; anything else is shown as it is."""
    if isinstance(what, Panel | Simulation):
        return PanelWidget(what)
    return Drawing(what) if isinstance(what, Chart) else what
