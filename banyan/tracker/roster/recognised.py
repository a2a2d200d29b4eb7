"""A workbook with its sheet, header and columns recognised: what the person looks at first."""

from collections.abc import Mapping
from dataclasses import dataclass

from banyan.tracker.roster.cells import text_of
from banyan.tracker.roster.fields import Field, key_of, match
from banyan.tracker.roster.header import Header, find_sheet, lacking
from banyan.tracker.roster.lines import Read, read_lines
from banyan.tracker.roster.workbook import Sheet, Workbook

SAMPLES = 3


@dataclass(frozen=True)
class Recognised:
    """`counts` is the header of a column that only numbers its rows, "" if there is none."""

    sheet: Sheet
    header: Header
    fields: Mapping[int, Field]
    counts: str = ""

    @property
    def lacking(self) -> list[str]:
        return lacking(self.fields)

    @property
    def id_cards(self) -> list[str]:
        return [self.title(column) for column, field in self.fields.items() if field is Field.ID_CARD]

    @property
    def left_out(self) -> list[str]:
        return [self.title(column) for column, title in enumerate(self.header.titles) if title and column not in self.fields]

    def title(self, column: int) -> str:
        return self.header.titles[column].replace("\n", " ")

    def samples(self, column: int) -> list[str]:
        """Return the first few things that stand below a header, so that one sees what it holds."""
        below = (text_of(self.sheet.cell(row, column)) for row in range(self.header.bottom + 1, len(self.sheet.rows)))
        found = dict.fromkeys(each for each in below if each)
        return list(found)[:SAMPLES]

    def read(self) -> Read:
        return read_lines(self.sheet, self.header, self.fields)


def recognise(book: Workbook, remembered: Mapping[str, str], asked: str = "") -> Recognised | None:
    """Return what was recognised; None when several sheets look like a roster and nobody said which."""
    found = find_sheet(book, remembered, asked)
    if found is None:
        return None
    sheet, header = found
    fields = match(header.titles, remembered)
    column = next((each for each, field in fields.items() if field is Field.STAFF_NUMBER), None)
    if column is None or key_of(header.titles[column]) in remembered or not _only_counts(sheet, header, column):
        return Recognised(sheet, header, fields)
    kept = {each: field for each, field in fields.items() if each != column}
    return Recognised(sheet, header, kept, header.titles[column])


def _only_counts(sheet: Sheet, header: Header, column: int) -> bool:
    """Say whether a column headed 编号 only counts its rows; those are no staff numbers."""
    if "工" in header.titles[column]:
        return False
    said = [text_of(sheet.cell(row, column)) for row in range(header.bottom + 1, len(sheet.rows))]
    filled = [each for each in said if each]
    return bool(filled) and filled == [str(number) for number in range(1, len(filled) + 1)]
