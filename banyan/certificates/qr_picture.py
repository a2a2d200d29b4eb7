"""A QR code as the path of an SVG picture: a few kilobytes, drawn in two thousandths of a second, for many at once."""

import re
from collections.abc import Iterator, Sequence

from zxingcpp import BarcodeFormat, create_barcode

ERROR = "M"  # a scratch or a fold may cost 15 %; more would make the modules too small for a phone
QUIET = 4  # blank modules around a code, as its readers expect
DARK = bytes([1]) + bytes(255)  # black to 1, white to 0
BLOCKS = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
UNSCRATCHED = "L"  # enough on a screen, where a long address so keeps larger modules


def modules(address: str, error: str = ERROR) -> tuple[bytes, ...]:
    """Return the code's rows, a byte of 0 or 1 per module, without the quiet zone."""
    dots = create_barcode(address, BarcodeFormat.QRCode, ec_level=error).to_image(scale=1, add_quiet_zones=False)
    side, shades = dots.shape[0], bytes(memoryview(dots)).translate(DARK)  # type: ignore[arg-type]
    return tuple(shades[start : start + side] for start in range(0, side * side, side))


def blocks(rows: Sequence[bytes], quiet: int = QUIET) -> str:
    """Return the picture for a terminal, dark squares left blank: two rows of the code in each line."""
    side = len(rows) + 2 * quiet
    padded = [bytes(side)] * quiet + [bytes(quiet) + row + bytes(quiet) for row in rows] + [bytes(side)] * (quiet + side % 2)
    pairs = zip(padded[::2], padded[1::2], strict=True)
    return "\n".join("".join(BLOCKS[upper, lower] for upper, lower in zip(*pair, strict=True)) for pair in pairs)


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
