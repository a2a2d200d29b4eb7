"""Where a line's name may stand beside it, so that no legend is needed: clear of every line and of every other name.

Heights are in em, widths in shares of the picture. A share is reckoned for the narrowest picture there is (a small phone
with large type); on a wider one the same name covers less.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

NARROWEST = 13.0
"""em: 360 px, less the margins, at 22 px a character."""
TALL = 1.3
"""Height of a line of text, in em."""
PLACES = (1.0, 0.0, 0.75, 0.5, 0.25)
SAMPLES = 12

Line = Sequence[tuple[float, float]]
"""Points of a line, from left to right: share of the width, em from the top."""


class Label(NamedTuple):
    """`x` in shares, `y` the baseline in em, `anchor` as SVG names it."""

    x: float
    y: float
    anchor: str


class Box(NamedTuple):
    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def wide(words: str) -> float:
    """Return how wide a text is, in em: a Chinese character is as wide as high."""
    return sum(1.0 if each > "\u2e7f" else 0.6 for each in words)


def share(words: str) -> float:
    return min(wide(words) / NARROWEST, 1.0)


def place(names: Sequence[str], lines: Sequence[Line], height: float, taken: Sequence[Box]) -> list[Label] | None:
    """Return a place for every name, or None where one finds none; `taken` is where other text stands."""
    boxes, found = list(taken), []
    for name, line in zip(names, lines, strict=True):
        for label in _candidates(line):
            box = _box(label, share(name))
            if _is_clear(box, lines, height) and not any(box.meets(each) for each in boxes):
                boxes.append(box)
                found.append(label)
                break
        else:
            return None
    return found


def _candidates(line: Line) -> Iterator[Label]:
    """Yield places beside a line: at its end, at its beginning, along it; above it before below."""
    for part in PLACES:
        x = line[0][0] + part * (line[-1][0] - line[0][0])
        anchor = "end" if x > 0.9 else "start" if x < 0.1 else "middle"
        y = height_at(line, x)
        for off in (-0.45, 1.25, -1.1, 1.9):
            yield Label(x, y + off, anchor)


def _box(label: Label, width: float) -> Box:
    left = label.x - {"end": width, "start": 0.0, "middle": width / 2}[label.anchor]
    return Box(left, left + width, label.y - TALL + 0.3, label.y + 0.3)


def _is_clear(box: Box, lines: Sequence[Line], height: float) -> bool:
    if box.left < 0 or box.right > 1 or box.top < 0 or box.bottom > height:
        return False
    return not any(meets(box, line) for line in lines)


def meets(box: Box, line: Line) -> bool:
    """Say whether a line runs through a box."""
    xs = [box.left + number * (box.right - box.left) / SAMPLES for number in range(SAMPLES + 1)]
    return any(box.top < height_at(line, x) < box.bottom for x in xs if line[0][0] <= x <= line[-1][0])


def height_at(line: Line, x: float) -> float:
    """Return how far from the top a line is at a share of the width."""
    for (x0, y0), (x1, y1) in pairwise(line):
        if x <= x1:
            return y0 if x1 == x0 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return line[-1][1]
