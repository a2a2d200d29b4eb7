"""What the hub asks an attendant for, and what the attendant answers: both are lines of JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True)
class Order:
    """A person's room and what their server may reach.

    `readable` are further files and folders it reads; `writable` those it owns; `begins_in` is where it is started;
    `ports` are those on 127.0.0.1 it may connect to. `memory` and `disk` are bytes that all of it may take together.
    """

    readable: tuple[str, ...]
    writable: tuple[str, ...]
    begins_in: str
    ports: tuple[int, ...]
    memory: int
    disk: int
    processes: int
    scratch: str

    def said(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def heard(cls, text: str) -> Self:
        values: dict[str, Any] = {}
        for name, value in json.loads(text).items():
            values[name] = tuple(value) if isinstance(value, list) else value
        return cls(**values)

    @property
    def own(self) -> list[Path]:
        return [Path(each) for each in self.writable]


STANDS, NO_WALLS = "stands", "no walls"
