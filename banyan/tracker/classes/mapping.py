"""Which cell of a form takes what: guessed from what the form says, put right once by an administrator, kept as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from banyan.errors import BadInputError
from banyan.tracker.classes.fields import Field
from banyan.tracker.classes.grid import Grid, Header, Spot, header_of, spots

LOWEST = 2000


@dataclass(frozen=True)
class Mapped:
    """`columns` says by column, counted from 1, what a person's row holds, from `first_row` on; `spots` what single cells do."""

    sheet: str
    first_row: int
    columns: Mapping[int, Field]
    spots: Mapping[str, Field]

    def to_json(self) -> dict[str, Any]:
        columns = {str(column): field.value for column, field in self.columns.items()}
        return {"sheet": self.sheet, "first_row": self.first_row, "columns": columns, "spots": dict(self.spots)}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Mapped":
        columns = {int(column): Field(field) for column, field in told["columns"].items()}
        return cls(told["sheet"], told["first_row"], columns, {key: Field(field) for key, field in told["spots"].items()})


@dataclass(frozen=True)
class Proposal:
    """A sheet as it can be mapped: its header, its places, and what was guessed."""

    grid: Grid
    header: Header
    places: tuple[Spot, ...]
    guessed: Mapped


def propose(grids: Sequence[Grid], asked: str = "") -> Proposal:
    """Return how a form is probably meant: on the sheet that was asked for, or on the one that asks for most of a person."""
    named = [each for each in grids if each.name == asked]
    if asked and not named:
        raise BadInputError("文件里没有叫“{name}”的工作表，请重新选", name=asked)
    grid = max(named or grids, key=lambda each: len(header_of(each).guesses))
    header = header_of(grid)
    places = tuple(spots(grid, header))
    guesses: dict[str, Field] = {}
    for each in places:
        if each.guess and each.guess not in guesses.values():
            guesses[each.key] = each.guess
    return Proposal(grid, header, places, Mapped(grid.name, header.bottom + 1, header.guesses, guesses))


def read_mapping(proposal: Proposal, form: Mapping[str, str]) -> Mapped:
    """Return the mapping a form says (`column-3`, `spot-B2`, `first_row`), or raise BadInputError."""
    columns = {column: _field(form.get(f"column-{column}", ""), person=True) for column in proposal.header.titles}
    places = {each.key: _field(form.get(f"spot-{each.key}", ""), person=False) for each in proposal.places}
    kept = {column: field for column, field in columns.items() if field}
    if Field.NAME not in kept.values():
        raise BadInputError("请选哪一列是姓名；一列也没有的话，请检查是不是选错了工作表")
    row = form.get("first_row", "").strip()
    first = int(row) if row.isdecimal() and len(row) <= 4 else 0
    if not proposal.header.bottom < first <= LOWEST:
        raise BadInputError("从第几行开始填：要在表头（到第{row}行）下面", row=proposal.header.bottom)
    return Mapped(proposal.grid.name, first, kept, {key: field for key, field in places.items() if field})


def _field(text: str, person: bool) -> Field | None:
    if not text:
        return None
    try:
        field = Field(text)
    except ValueError:
        raise BadInputError("有一格选的不认识，请重新打开页面") from None
    if field.is_person != person:
        raise BadInputError("有一格选的不认识，请重新打开页面")
    return field
