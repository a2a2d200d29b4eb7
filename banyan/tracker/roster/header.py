"""Where a sheet's header stands: anywhere in the first thirty rows, one line or two, titles above it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from banyan.errors import BadInputError
from banyan.tracker.roster.cells import plain, text_of
from banyan.tracker.roster.fields import PLACES, Field, match
from banyan.tracker.roster.workbook import Sheet, Workbook

LOOKED_AT = 30
ENOUGH = 2  # columns that must be known for a row to be taken for the header without asking


@dataclass(frozen=True)
class Header:
    """`titles` has one text a column, "" for none; a header of two lines has its line break."""

    top: int
    bottom: int
    titles: tuple[str, ...]

    @cached_property
    def last_lines(self) -> tuple[str, ...]:
        """Return what stands in the header's lower line, for comparing."""
        return tuple(plain(title.rsplit("\n", 1)[-1]) for title in self.titles)

    def known(self, remembered: Mapping[str, str]) -> int:
        return len({*match(self.titles, remembered).values()} - {Field.ID_CARD})


def find_sheet(book: Workbook, remembered: Mapping[str, str], asked: str = "") -> tuple[Sheet, Header] | None:
    """Return the sheet with a header and where that is; None when several have one and nobody said which."""
    if asked:
        named = next((each for each in book.sheets if each.name == asked), None)
        if named is None:
            raise BadInputError("文件里没有叫“{name}”的工作表，请重新选", name=asked)
        return named, find_header(named, remembered)
    found = [(each, find_header(each, remembered)) for each in book.sheets if any(each.rows)]
    sure = [pair for pair in found if pair[1].known(remembered) >= ENOUGH]
    if len(sure) > 1:
        return None
    return sure[0] if sure else max(found, key=lambda pair: (pair[1].known(remembered), len(pair[0].rows)))


def find_header(sheet: Sheet, remembered: Mapping[str, str]) -> Header:
    """Return the row, or two rows, whose texts name the most fields; without any, the first row that is filled best."""
    rows = range(min(LOOKED_AT, len(sheet.rows)))
    one = [Header(row, row, _line(sheet, row)) for row in rows]
    two = [Header(row, row + 1, _two_lines(sheet, row)) for row in rows if row + 1 < len(sheet.rows)]
    best = max((*one, *two), key=lambda each: (each.known(remembered), each.top == each.bottom, -each.top), default=None)
    if best is None:
        raise BadInputError("表格里没有内容；请检查是不是选错了文件")
    if best.known(remembered):
        return best
    return max(one, key=lambda each: (len({*filter(None, each.titles)}), -each.top))


def is_header_again(header: Header, texts: tuple[str, ...]) -> bool:
    """Say whether a row repeats the header, as sheets printed on many pages do."""
    same = [title == plain(text) for title, text in zip(header.last_lines, texts, strict=False) if title]
    return sum(same) >= max(ENOUGH, len(same) // 2)


def lacking(fields: Mapping[int, Field]) -> list[str]:
    """Return what a roster cannot do without and this one has no column for."""
    missing = [] if Field.NAME in fields.values() else ["姓名"]
    return missing if any(each in fields.values() for each in PLACES) else [*missing, "镇街、村社区、网格"]


def _line(sheet: Sheet, row: int) -> tuple[str, ...]:
    return tuple(text_of(cell) for cell in sheet.rows[row])


def _two_lines(sheet: Sheet, row: int) -> tuple[str, ...]:
    """Return two rows as one: a group's name stands over all its columns, a title that spans both rows stands once."""
    over, under = list(_line(sheet, row)), list(_line(sheet, row + 1))
    for top, left, bottom, right in sheet.merged:
        if top <= row <= bottom and left < len(over):
            for column in range(left, min(right + 1, len(over))):
                over[column] = text_of(sheet.cell(top, left))
                if bottom > row and column < len(under):
                    under[column] = ""
    under += [""] * (len(over) - len(under))
    return tuple(f"{a}\n{b}" if a and b and a != b else a or b for a, b in zip(over, under, strict=False))
