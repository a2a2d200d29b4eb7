"""A slip as it is printed or shown: its QR code as a path of a few hundred bytes, drawn quickly for many at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import segno

from banyan.accounts.slips import PrintedSlip
from banyan.records.people import Person

MASK = 4  # trying all eight would take most of the time; any one is read as well
ERROR = "m"


@dataclass(frozen=True)
class Paper:
    """What stands on one slip; `path` is the QR code in squares of one, `side` how many there are with the quiet zone."""

    slip: PrintedSlip
    path: str
    side: int
    place: tuple[str, ...]
    ring: Person | None

    @property
    def digits(self) -> str:
        return f"{self.slip.digits[:4]} {self.slip.digits[4:]}"


def paper(slip: PrintedSlip, origin: str, place: Sequence[str], ring: Person | None) -> Paper:
    rows = segno.make_qr(slip.address(origin), error=ERROR, mask=MASK, boost_error=False).matrix
    return Paper(slip, "".join(_runs(rows)), len(rows) + 8, tuple(place), ring)


def _runs(rows: Iterable[Sequence[int]]) -> Iterable[str]:
    """Yield each run of dark squares as a piece of an SVG path, four squares in for the quiet zone."""
    for y, row in enumerate(rows):
        start = None
        for x, dark in enumerate((*row, 0)):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                yield f"M{start + 4} {y + 4}h{x - start}v1h-{x - start}z"
                start = None
