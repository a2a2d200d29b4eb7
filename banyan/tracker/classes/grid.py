"""A form as it was read: texts by cell, merged areas; where its header stands, and which places wait to be filled in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from banyan.tracker.classes.fields import Field, guess, is_otherwise

Cell = tuple[int, int]
"""Row and column, both counted from 1."""
Area = tuple[int, int, int, int]
"""Top, left, bottom, right, all within."""
TALLEST, LOOKED_AT, MOST_SPOTS = 3, 40, 40
BLANK = re.compile(
    r"(?P<label>[^\s：:_{}｛｝]{1,20})\s*[：:](?P<blank>[\s_]*)(?=$|\S)|(?P<slot>[{｛](?P<inner>[^{}｛｝]{1,20})[}｝])"
)


@dataclass(frozen=True)
class Grid:
    """One sheet of a form."""

    name: str
    texts: Mapping[Cell, str]
    merged: tuple[Area, ...] = ()

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> "Grid":
        texts = {(row, column): text for row, column, text in told["cells"]}
        return cls(told["name"], texts, tuple(tuple(each) for each in told["merged"]))

    def area(self, cell: Cell) -> Area:
        """Return the merged area a cell lies in, or the cell itself."""
        return self._areas.get(cell, (*cell, *cell))

    def text(self, cell: Cell) -> str:
        """Return what stands there; what is merged stands everywhere in its area."""
        return self.texts.get(self.area(cell)[:2], "")

    @property
    def height(self) -> int:
        return max((row for row, _ in self.texts), default=0)

    @property
    def width(self) -> int:
        return max((self.area(cell)[3] for cell in self.texts), default=0)

    @cached_property
    def _areas(self) -> dict[Cell, Area]:
        return {
            (row, column): area
            for area in self.merged
            for row in range(area[0], area[2] + 1)
            for column in range(area[1], area[3] + 1)
        }


@dataclass(frozen=True)
class Header:
    """Rows from top to bottom, both within; `titles` says by column what stands there, a group's name before its columns'."""

    top: int
    bottom: int
    titles: Mapping[int, str]

    @property
    def guesses(self) -> dict[int, Field]:
        """Return what each column asks for, each thing once: the first column that says it keeps it."""
        found: dict[int, Field] = {}
        for column, title in self.titles.items():
            above, _, own = title.rpartition("／")
            field = guess(title, person=True) or (None if is_otherwise(above) else guess(own, person=True))
            if field and field not in found.values():
                found[column] = field
        return found


def header_of(grid: Grid) -> Header:
    """Return the rows whose titles ask for most that is known, the fewest and the highest of them; else the fullest row."""
    rows = range(1, min(grid.height, LOOKED_AT) + 1)
    every = [_header(grid, top, top + more) for top in rows for more in range(TALLEST) if top + more <= grid.height]
    best = max(every, key=lambda each: (len(each.guesses), each.top - each.bottom, -each.top), default=Header(1, 1, {}))
    if len(best.guesses) > 1:
        return _header(grid, min(grid.area((best.bottom, column))[0] for column in best.titles), best.bottom)
    return max((each for each in every if each.top == each.bottom), key=lambda each: len(each.titles), default=best)


def _header(grid: Grid, top: int, bottom: int) -> Header:
    titles = {}
    for column in range(1, grid.width + 1):
        parts = dict.fromkeys(grid.text((row, column)).strip() for row in range(top, bottom + 1))
        title = "／".join(each.replace("\n", "") for each in parts if each)
        if title and grid.area((bottom, column))[1] == column:
            titles[column] = title
    return Header(top, bottom, titles)


@dataclass(frozen=True)
class Spot:
    """A place for one value: a cell of its own (`B2`), or the n-th blank in a cell's text (`A2#0`). `label` asks for it."""

    key: str
    label: str

    @property
    def cell(self) -> str:
        return self.key.split("#")[0]

    @property
    def guess(self) -> Field | None:
        return guess(self.label, person=False)


def spots(grid: Grid, header: Header) -> list[Spot]:
    """Return the places outside the header that wait for a value: after a colon, in braces, or right of a known label."""
    found: dict[str, Spot] = {}
    for cell in sorted(each for each in grid.texts if not header.top <= each[0] <= header.bottom):
        for spot in _of_cell(grid, cell):
            found.setdefault(spot.key, spot)
    return list(found.values())[:MOST_SPOTS]


@dataclass(frozen=True)
class Blank:
    """A blank within a text: from where to where, which label asks for it; a gap after a colon, or a word in braces."""

    begin: int
    end: int
    label: str
    is_gap: bool


def blanks(text: str) -> list[Blank]:
    """Return the blanks in a text, in order."""
    found = []
    for each in BLANK.finditer(text):
        if each["slot"]:
            found.append(Blank(each.start("slot"), each.end("slot"), each["inner"], is_gap=False))
        elif each["blank"] or each.end() == len(text):
            found.append(Blank(each.start("blank"), each.end("blank"), each["label"], is_gap=True))
    return found


def name_of(cell: Cell) -> str:
    """Return a cell as spreadsheets name it."""
    return f"{letters(cell[1])}{cell[0]}"


def letters(column: int) -> str:
    left, rest = divmod(column - 1, 26)
    return (letters(left) if left else "") + chr(ord("A") + rest)


def _of_cell(grid: Grid, cell: Cell) -> Iterator[Spot]:
    text = grid.texts[cell]
    inside = blanks(text)
    area, beside = grid.area(cell), (cell[0], grid.area(cell)[3] + 1)
    free = not grid.text(beside) and (beside[1] <= grid.width or area == (*cell, *cell))
    alone = not inside or (len(inside) == 1 and inside[0].is_gap and not text[inside[0].end :] and inside[0].begin == len(text))
    if alone and free and guess(text, person=False):
        yield Spot(name_of(beside), text.strip().rstrip("：:"))
        return
    yield from (Spot(f"{name_of(cell)}#{number}", each.label) for number, each in enumerate(inside))
