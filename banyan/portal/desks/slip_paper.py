"""A slip as it is printed or shown: its QR code as a path of a few hundred bytes, drawn quickly for many at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from banyan.accounts.slips import PrintedSlip
from banyan.certificates import qr_picture
from banyan.certificates.qr_picture import QUIET
from banyan.records.people import Person


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
    rows = qr_picture.modules(slip.address(origin))
    return Paper(slip, qr_picture.path(rows, QUIET), len(rows) + 2 * QUIET, tuple(place), ring)
