"""A QR code as the path of an SVG picture, or as a PNG with a pixel a module: drawn in a thousandth of a second, for many."""

import re
import struct
import zlib
from collections.abc import Sequence
from functools import cache

from zxingcpp import BarcodeFormat, create_barcode

PART = 8  # modules drawn by heart: there are no more than 510 ways for up to so many to look
STROKE = 'fill="none" stroke-width="1"'
ERROR = "M"  # a scratch or a fold may cost 15 %; more would make the modules too small for a phone
QUIET = 4  # blank modules around a code, as its readers expect
DARK = bytes([1]) + bytes(255)  # black to 1, white to 0
PIXELS = bytes.maketrans(b"\x00\x01", b"10")  # in a PNG of one bit 0 is black
BLOCKS = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
MASK = 3  # trying all eight takes longer than all the rest, and signed addresses look like chance under any
UNSCRATCHED = "L"  # enough on a screen, where a long address so keeps larger modules


def modules(address: str, error: str = ERROR) -> tuple[bytes, ...]:
    """Return the code's rows, a byte of 0 or 1 per module, without the quiet zone."""
    dots = create_barcode(address, BarcodeFormat.QRCode, ec_level=error, data_mask=MASK).to_image(scale=1, add_quiet_zones=False)
    side, shades = dots.shape[0], bytes(memoryview(dots)).translate(DARK)  # type: ignore[arg-type]
    return tuple(shades[start : start + side] for start in range(0, side * side, side))


def blocks(rows: Sequence[bytes], quiet: int = QUIET) -> str:
    """Return the picture for a terminal, dark squares left blank: two rows of the code in each line."""
    side = len(rows) + 2 * quiet
    padded = [bytes(side)] * quiet + [bytes(quiet) + row + bytes(quiet) for row in rows] + [bytes(side)] * (quiet + side % 2)
    pairs = zip(padded[::2], padded[1::2], strict=True)
    return "\n".join("".join(BLOCKS[upper, lower] for upper, lower in zip(*pair, strict=True)) for pair in pairs)


def path(rows: Sequence[bytes], quiet: int = 0) -> str:
    """Return the dark squares as an SVG path to be stroked one unit wide, a unit a module, `quiet` of them in from the
    left and the top.
    """
    parts = [slice(start, start + PART) for start in range(0, len(rows), PART)]
    lines = ("".join([_strokes(row[each]) for each in parts]) for row in rows)
    return "".join(f"M{quiet} {y}.5{line}" for y, line in enumerate(lines, start=quiet))


@cache
def _strokes(part: bytes) -> str:
    """Return how a part of a row is drawn, from where the pen is to where the next part begins."""
    runs = (each.group() for each in re.finditer(rb"\x00+|\x01+", part))
    return "".join(f"h{len(run)}" if run[0] else f"m{len(run)} 0" for run in runs)


def svg(address: str, error: str = ERROR) -> str:
    """Return the picture for print; the blank modules around it are the page's to leave."""
    rows = modules(address, error)
    side = len(rows)
    squares = f'<path {STROKE} stroke="#000" d="{path(rows)}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">{squares}</svg>'


def png(address: str) -> bytes:
    """Return the picture for a thousand certificates: a path takes longer to read and to set than all their words.

    Whoever shows it larger must leave its pixels square.
    """
    rows = modules(address)
    wide, spare = divmod(len(rows), -8)
    lines = b"".join(b"\x00" + (int(row.translate(PIXELS), 2) << -spare).to_bytes(-wide, "big") for row in rows)
    head = struct.pack(">IIBBBBB", len(rows), len(rows), 1, 0, 0, 0, 0)  # one bit, grey
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(lines)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def inline(address: str, error: str = ERROR, quiet: int = 2) -> str:
    """Return the picture for a page, dark on white whatever stands behind it."""
    rows = modules(address, error)
    side = len(rows) + 2 * quiet
    squares = f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path {STROKE} stroke="#1d2a26" d="{path(rows, quiet)}"/>'
    return f'<svg viewBox="0 0 {side} {side}" shape-rendering="crispEdges">{squares}</svg>'
