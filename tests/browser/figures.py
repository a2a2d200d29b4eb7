"""How much a task asks of a person: taps counted as they are made, seconds reckoned from taps and words.

A script is faster than any person, so its clock says nothing. A person reads up to a screen of what a page says, 300
characters at 300 a minute, and takes a second and a half for each tap, half a second for each letter typed; what the
server needs is added as measured. `BANYAN_FIGURES=file` writes the table.
"""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

READ, TAP, KEY = 60 / 300, 1.5, 0.5  # seconds a character, a tap, a letter
SCREEN = 300  # characters
KEPT = os.environ.get("BANYAN_FIGURES")


@dataclass
class Task:
    """One thing somebody does; `taps` counts fingers on the screen, digits typed too, `keys` letters on a keyboard."""

    name: str
    taps: int = 0
    keys: int = 0
    read: int = 0
    waited: float = 0.0

    @property
    def seconds(self) -> int:
        """What it takes a person."""
        return round(self.read * READ + self.taps * TAP + self.keys * KEY + self.waited)

    def wait(self, begun: float) -> None:
        self.waited += time.monotonic() - begun


def keep(tasks: list[Task]) -> None:
    """Add tasks to the file of figures, if one was asked for."""
    if KEPT:
        with Path(KEPT).open("a", encoding="utf-8") as file:
            for task in tasks:
                row = asdict(task) | {"seconds": task.seconds, "waited": round(task.waited, 1)}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
