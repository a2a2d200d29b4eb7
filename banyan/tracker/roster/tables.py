"""A sheet of units or of facilities: its header found by the names of its columns, its rows as texts by column."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from banyan.errors import BadInputError
from banyan.tracker.roster.broken import WRONG
from banyan.tracker.roster.cells import Cell, CellError, plain, text_of
from banyan.tracker.roster.entries import day_of
from banyan.tracker.roster.fields import key_of
from banyan.tracker.roster.workbook import Sheet, Workbook

LOOKED_AT = 30  # rows in which a header is looked for
LONGEST = 200  # characters of a cell


@dataclass(frozen=True)
class Columns:
    """What a table is called, its columns by their names, and which of them it cannot be without."""

    title: str
    names: Mapping[str, str]  # key → the names a header may have, the first is told
    needed: tuple[str, ...]

    def word(self, key: str) -> str:
        return self.names[key].split()[0]


@dataclass(frozen=True)
class Row:
    """One row: `number` counts from 0; `columns` say where each key stands."""

    number: int
    cells: Mapping[str, Cell]
    columns: Mapping[str, int]

    def text(self, key: str) -> str:
        """Return what a cell says, or raise CellError where no cell of a table says that."""
        said = text_of(self.cells.get(key))
        if WRONG.fullmatch(said):
            raise CellError("这一格的公式没有算出来（{said}）；请改成文字，再传一次", said=said).at(key)
        if len(said) > LONGEST:
            raise CellError("这一格太长（{n}个字），不像名册里的内容", n=len(said)).at(key)
        return said

    def code(self, key: str) -> str:
        """Return a code; a spreadsheet keeps fifteen digits of a number, and makes a longer one up."""
        said, cell = self.text(key), self.cells.get(key)
        if isinstance(cell, float) and len(said) > 15:
            raise CellError("“{said}”被表格软件改成了数字，后几位已经不对；请把这一列设成文本，重新填", said=said).at(key)
        return said

    def day(self, key: str) -> date | None:
        cell, said = self.cells.get(key), self.text(key)
        if isinstance(cell, date) or not said:
            return cell if isinstance(cell, date) else None
        day = day_of(plain(said))
        if day is None:
            raise CellError("看不出“{said}”是哪一天；请写成 2024-03-01", said=said[:30]).at(key)
        return day


@dataclass(frozen=True)
class Table:
    sheet: Sheet
    rows: tuple[Row, ...]


def find_table(book: Workbook, wanted: Columns) -> Table:
    """Return the first sheet with the columns wanted, merged cells filled; BadInputError names those that lack."""
    for sheet in book.sheets:
        for number, cells in enumerate(sheet.rows[:LOOKED_AT]):
            columns = _matched(cells, wanted)
            if set(wanted.needed) <= set(columns):
                return Table(sheet, tuple(_rows(sheet, number, columns)))
    lacking = "”“".join(wanted.word(key) for key in wanted.needed)
    raise BadInputError("没有找到{title}：表头里要有“{what}”", title=wanted.title, what=lacking)


def _matched(cells: tuple[Cell, ...], wanted: Columns) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, cell in enumerate(cells):
        said = key_of(text_of(cell))
        key = next((key for key, names in wanted.names.items() if said and said in names.split()), None)
        if key:
            found.setdefault(key, column)
    return found


def _rows(sheet: Sheet, header: int, columns: Mapping[str, int]) -> Iterator[Row]:
    merged = {
        (row, column): sheet.cell(top, left)
        for top, left, bottom, right in sheet.merged
        if top > header
        for row in range(top, min(bottom + 1, len(sheet.rows)))
        for column in range(left, right + 1)
    }
    for number in range(header + 1, len(sheet.rows)):
        cells = {key: merged.get((number, column), sheet.cell(number, column)) for key, column in columns.items()}
        if any(text_of(each) for each in cells.values()):
            yield Row(number, cells, columns)
