"""Cells as a sheet gives them, their text, and where they stand; nothing a cell says is trusted."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from banyan.errors import BadInputError

Cell = str | float | bool | date | None

ID_CARD = re.compile(r"(?<![0-9])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9])")
LEFT_OUT = "身份证号（没有读入）"
"""What stands where an identity number stood; the number itself is never kept."""

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: row and column count from 0; no column means the whole row."""

    row: int
    column: int | None
    error: BadInputError


class CellError(BadInputError):
    """One cell cannot be taken; `field` says in which column it stands."""

    field: str = ""

    def at(self, field: str) -> "CellError":
        self.field = field
        return self


def address(row: int, column: int | None = None) -> str:
    """Return B7 for row 6 and column 1, or 7 for a whole row."""
    letters, rest = "", -1 if column is None else column
    while rest >= 0:
        letters, rest = chr(ord("A") + rest % 26) + letters, rest // 26 - 1
    return f"{letters}{row + 1}"


def text_of(cell: Cell | datetime | time) -> str:
    """Return a cell as one reads it: whole numbers without a point, no control characters, one line."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return clean(str(cell))


def clean(text: str) -> str:
    """Return a text without control and invisible characters, each run of blanks one."""
    if text.isprintable() and "  " not in text:  # as nearly every cell is
        return text.strip()
    seen = "".join(" " if each.isspace() else each for each in text if each.isspace() or unicodedata.category(each)[0] != "C")
    return re.sub(r" +", " ", seen.replace("\u3000", " ")).strip()


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Return a text for comparing: full-width as half-width, no blanks, small letters."""
    found = "".join(unicodedata.normalize("NFKC", clean(text)).split()).lower()
    return text if found == text else found  # one of the two is enough


def without_id_cards(text: str) -> str:
    """Blank the identity numbers in a text: those whose check digit is right, since a grid's code may look like one."""
    return ID_CARD.sub(lambda found: LEFT_OUT if _checks(found.group()) else found.group(), text)


def _checks(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1].upper()


def _number(number: float) -> str:
    if number != number or number in (float("inf"), float("-inf")):
        return ""
    return str(int(number)) if number == int(number) else format(Decimal(repr(number)).normalize(), "f")
