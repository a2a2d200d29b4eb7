"""The queue for kernels when all are lent: first come, first served, as long as one keeps asking.

A page asks again and again; whoever has stopped asking loses the place. Times are seconds of a steady clock.
"""

from dataclasses import dataclass, field

FORGOTTEN = 20  # seconds without asking
SOONEST, LATEST = 1.0, 5.0  # seconds until a page asks again


@dataclass
class Queue:
    """`asked` says who waits and when they asked last; its order is the queue's."""

    asked: dict[str, float] = field(default_factory=dict)

    def place(self, who: str, free: int, now: float) -> int:
        """Return how many are before one who asks now, or 0 when it is their turn: then they have left the queue."""
        self.tidy(now)
        self.asked[who] = now
        before = list(self.asked).index(who)
        if before < free:
            del self.asked[who]
            return 0
        return before - free + 1

    def tidy(self, now: float) -> None:
        """Forget who has stopped asking."""
        self.asked = {who: last for who, last in self.asked.items() if now - last <= FORGOTTEN}


def again(place: int) -> float:
    """Return after how many seconds a page in this place asks again."""
    return min(SOONEST + 0.25 * (place - 1), LATEST)
