"""How much a task asks of a person: taps counted as they are made, seconds reckoned from taps and words.

A script is faster than any person, so its clock says nothing. A person reads what a page says at 300 characters a
minute and takes a second and a half for each tap (two for each key of a keyboard that is not digits); what the server
needs is added as measured. `BANYAN_FIGURES=file` writes the table.
"""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

READ, TAP = 60 / 300, 1.5  # seconds a character, a tap
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
        return round(self.read * READ + self.taps * TAP + self.keys * 0.5 + self.waited)

    def wait(self, begun: float) -> None:
        self.waited += time.monotonic() - begun


def keep(tasks: list[Task]) -> None:
    """Add tasks to the file of figures, if one was asked for."""
    if KEPT:
        with Path(KEPT).open("a", encoding="utf-8") as file:
            for task in tasks:
                row = asdict(task) | {"seconds": task.seconds, "waited": round(task.waited, 1)}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
