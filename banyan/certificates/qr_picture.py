"""A QR code as the path of an SVG picture: a few kilobytes, drawn in a hundredth of a second, for many at once."""

import re
from collections.abc import Iterator, Sequence

import segno

MASK = 4  # trying all eight patterns takes most of the time; any one is read as well
ERROR = "m"  # a scratch or a fold may cost 15 %; more would make the modules too small for a phone
QUIET = 4  # blank modules around a code, as its readers expect
UNSCRATCHED = "l"  # enough on a screen, where a long address so keeps larger modules


def modules(address: str, error: str = ERROR) -> tuple[bytes, ...]:
    """Return the code's rows, a byte of 0 or 1 per module, without the quiet zone."""
    return tuple(bytes(row) for row in segno.make_qr(address, error=error, mask=MASK, boost_error=False).matrix)


def path(rows: Sequence[bytes], quiet: int = 0) -> str:
    """Return the dark squares as an SVG path, one unit a module, `quiet` of them in from the left and the top."""
    return "".join(_runs(rows, quiet))


def svg(address: str) -> str:
    """Return the picture for print; the blank modules around it are the page's to leave."""
    rows = modules(address)
    side = len(rows)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{path(rows)}"/></svg>'


def inline(address: str, error: str = ERROR, quiet: int = 2) -> str:
    """Return the picture for a page, dark on white whatever stands behind it."""
    rows = modules(address, error)
    side = len(rows) + 2 * quiet
    squares = f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#1d2a26" d="{path(rows, quiet)}"/>'
    return f'<svg viewBox="0 0 {side} {side}" shape-rendering="crispEdges">{squares}</svg>'


def _runs(rows: Sequence[bytes], quiet: int) -> Iterator[str]:
    for y, row in enumerate(rows, start=quiet):
        for run in re.finditer(b"\x01+", row):
            across = run.end() - run.start()
            yield f"M{run.start() + quiet} {y}h{across}v1h-{across}z"
