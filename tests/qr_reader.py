"""Reads QR codes as a phone does, off the SVG paths they are drawn with."""

import re
from xml.etree import ElementTree

from PIL import Image
from zxingcpp import read_barcodes

SVG = "{http://www.w3.org/2000/svg}"
SCALE = 6  # dots a module


def drawn(path: str) -> set[tuple[int, int]]:
    """Return the squares a path of strokes one unit wide goes over, by column and row."""
    squares, x, y = set(), 0, 0
    for step in re.finditer(r"M(\d+) (\d+)\.5|m(\d+) 0|h(\d+)", path):
        begin, row, skip, long = step.groups()
        if begin is not None:
            x, y = int(begin), int(row)
        squares |= {(x + each, y) for each in range(int(long or 0))}
        x += int(skip or 0) + int(long or 0)
    return squares


def scanned(svg: str) -> str:
    """Return what the only code of a picture says."""
    picture = ElementTree.fromstring(svg)
    side = int(picture.attrib["viewBox"].split()[2])
    shown = Image.new("L", (side, side), 255)
    for square in drawn(picture.findall(f"{SVG}path")[-1].attrib["d"]):
        shown.putpixel(square, 0)
    (code,) = read_barcodes(shown.resize((side * SCALE, side * SCALE), Image.Resampling.NEAREST))
    return str(code.text)
