"""How long a pile of work still takes, judged by how fast it went so far."""

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Pile:
    """So many of so many are done, in so many seconds."""

    done: int
    total: int
    elapsed: float

    @property
    def left(self) -> int:
        return max(self.total - self.done, 0)


def seconds_left(pile: Pile) -> int | None:
    """Return whole seconds, 0 once all is done, None while there is nothing to judge by."""
    if not pile.left:
        return 0
    if pile.done <= 0 or pile.elapsed <= 0:
        return None
    return max(1, ceil(pile.elapsed / pile.done * pile.left))
