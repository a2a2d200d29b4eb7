"""What a lesson shows; runs in a learner's kernel and knows nobody."""

from widgets.ask import ask
from widgets.chart import Bar, bars
from widgets.panel import Panel, Slider, show

__all__ = ["Bar", "Panel", "Slider", "ask", "bars", "show"]
