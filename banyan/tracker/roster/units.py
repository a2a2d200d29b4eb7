"""Which unit a row means: by its code, or by its name below the unit above it; new units only where that was chosen.

The tree holds the units somebody administers, and the names above them; what lies elsewhere is not in it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from banyan.domain.organisation import UnitLevel, path_of
from banyan.domain.outline import STANDARD, Outline, check_code
from banyan.errors import BadInputError
from banyan.tracker.roster.cells import CellError, plain
from banyan.tracker.roster.fields import Field
from banyan.tracker.roster.lines import Line
from banyan.tracker.roster.names import alike, nearest, same_unit, stem

DRAWN = "U{number:06d}"
"""The code of a unit whose sheet gives none: no official code begins with a letter."""
LONGEST_NAME, LONGEST_CODE = 40, 20
SLIP = 4  # times as many rows stand beside what was meant as beside a slip of the pen
STEPS: tuple[tuple[UnitLevel, Field, Field | None], ...] = (
    (UnitLevel.CITY, Field.CITY, None),
    (UnitLevel.COUNTY, Field.COUNTY, None),
    (UnitLevel.TOWN, Field.TOWN, Field.TOWN_CODE),
    (UnitLevel.COMMUNITY, Field.COMMUNITY, Field.COMMUNITY_CODE),
    (UnitLevel.GRID, Field.GRID, Field.CODE),  # CODE is that of whichever unit is the deepest
)

SAID = tuple(field for _, *fields in STEPS for field in fields if field)


@dataclass(eq=False, slots=True)
class Place:
    """A unit, or one that this roster would add (`unit_id` None); `rows` counts the lines that name it or one below it."""

    name: str
    level: int
    code: str
    above: "Place | None"
    unit_id: int | None = None
    mine: bool = True
    rows: int = 0
    below: "list[Place]" = field(default_factory=list)

    @property
    def path(self) -> str:
        return path_of(self.above.path if self.above else "/", self.code)

    @property
    def chain(self) -> "tuple[Place, ...]":
        return (*(self.above.chain if self.above else ()), self)

    @property
    def words(self) -> str:
        """青石镇溪口村第一网格; the county's name alone for the county itself."""
        return "".join(each.name for each in self.chain if each.level > UnitLevel.COUNTY) or self.name


MEANT = "没有“{said}”，是不是“{meant}”？"


class NewUnitError(CellError):
    """The unit is not there, and would be if adding units were chosen."""


class Tree:
    """Every unit somebody administers; `grow` lets lines add to it. `taken` are the codes of units elsewhere."""

    def __init__(
        self, places: Iterable[Place], grow: bool, taken: Iterable[str] = (), last_drawn: int = 0, outline: Outline = STANDARD
    ) -> None:
        self.places = list(places)
        self.grow, self.taken, self.last_drawn, self.outline = grow, set(taken), last_drawn, outline
        self.tops = [each for each in self.places if each.mine and not (each.above and each.above.mine)]
        self.high = [each for each in self.places if each.level <= UnitLevel.COUNTY]
        self.codes = {each.code: each for each in self.places}
        self.by_parent: dict[tuple[Place | None, int], list[Place]] = defaultdict(list)
        self.by_level: dict[int, list[Place]] = defaultdict(list)
        self.steps: dict[tuple[Place | None, int, tuple[str, str]], Place] = {}  # a town is said once for each of its grids
        self.found: dict[tuple[str, ...], Place | CellError] = {}
        self.needed: set[Place] | None = None
        for each in self.places:
            self._index(each)

    def place_of(self, line: Line) -> Place:
        """Return the unit a line means, or raise CellError naming the field that does not fit."""
        said = tuple(line.text(each) for each in (*SAID, Field.UNIT))
        if said not in self.found:
            try:
                self.found[said] = self._find(line)
            except CellError as fault:
                self.found[said] = fault
        place = self.found[said]
        if isinstance(place, CellError):
            raise type(place)(place.message, **place.params).at(place.field)
        for each in place.chain:
            each.rows += 1
        return place

    @property
    def new(self) -> list[Place]:
        """Return the units to be added, each after the one above it."""
        fresh = (each for top in self.tops for each in _walk(top) if each.unit_id is None)
        return [each for each in fresh if self.needed is None or each in self.needed]

    def keep(self, places: Iterable[Place]) -> None:
        """Add no unit but these and those above them: what only a faulty row names is not built."""
        self.needed = {each for place in places for each in place.chain}

    def doubts(self, place: Place) -> str:
        """Return the name of a neighbour a new town or community may be a slip of the pen for, "" for none.

        A slip is rare beside what was meant; 上坪村 and 下坪村 with a dozen rows each are two villages.
        """
        if place.level > UnitLevel.COMMUNITY:
            return ""
        neighbours = [each for each in self.by_parent[place.above, place.level] if each is not place]
        beside = [each for each in neighbours if each.rows >= SLIP * place.rows or (each.unit_id and each.rows >= place.rows)]
        return next((each.name for each in beside if alike(place.name, each.name)), "")

    def _find(self, line: Line) -> Place:
        code = line.text(Field.CODE)
        if code in self.codes and self.codes[code].mine:
            return self._agreed(self.codes[code], line)
        if code in self.taken or code in self.codes:
            raise CellError("编码“{code}”的单位不在您管的范围里", code=code).at(Field.CODE)
        at: Place | None = None
        last = _deepest(line)
        for level, name_field, code_field in STEPS:
            if level <= UnitLevel.COUNTY and len(self.by_level[level]) < 2:
                continue  # there is only one, whatever the sheet calls it
            text = line.text(name_field)
            own = (line.text(code_field) if code_field else "") or (code if name_field is last else "")
            if text and not (at and plain(text) == plain(at.name)):  # a cell merged across says the unit above again
                at = self._known_step(at, level, (text, own), name_field)
        at = at or self._written_out(line)
        if at is None:
            raise CellError("没有写单位；请填镇街、村社区或网格")
        if not at.mine:
            raise CellError("这一行不在您管的范围里（您管{mine}）", mine=self._mine()).at(_deepest(line))
        return at

    def _agreed(self, place: Place, line: Line) -> Place:
        """A code and a name that mean two units are a fault, whichever of them is right."""
        for level, name_field, _ in STEPS:
            text = line.text(name_field)
            if level == place.level and text and not same_unit(self._bare(text, place.above), place.name, level):
                raise CellError(
                    "编码“{code}”是{name}，表里写的却是“{said}”；请改成一致", code=place.code, name=place.words, said=text
                ).at(name_field)
        return place

    def _known_step(self, at: Place | None, level: UnitLevel, said: tuple[str, str], name_field: Field) -> Place:
        key = (at, level, said)
        if key not in self.steps:
            self.steps[key] = self._step(at, level, said, name_field)
        return self.steps[key]

    def _step(self, at: Place | None, level: UnitLevel, said: tuple[str, str], name_field: Field) -> Place:
        """Go one unit down; the text may repeat the names above, and levels between may be left out."""
        text, code = self._bare(said[0], at), said[1]
        if code in self.codes and self.codes[code].level == level:
            return self.codes[code]
        own = next((each for each in self.high if plain(each.name) == plain(text)), None) if at is None else None
        if own:
            return own
        beside = self._beside(at, level)
        fitting = [each for each in beside if same_unit(text, each.name, level)]
        exact = [each for each in fitting if plain(each.name) == plain(text)]
        fitting = exact or fitting
        if len(fitting) > 1:
            names = "、".join(dict.fromkeys(each.words for each in fitting[:5]))
            raise CellError("“{said}”有好几个：{names}；请把上一级单位也写上", said=text, names=names).at(name_field)
        if fitting and code and fitting[0].code != code:
            raise CellError(
                "{name}在系统里的编码是{known}，表里写的是{code}；请改成一致，或把编码留空",
                name=fitting[0].words,
                known=fitting[0].code,
                code=code,
            ).at(name_field)
        if fitting:
            return fitting[0]
        return self._unknown(at, level, (text, code), name_field)

    def _unknown(self, at: Place | None, level: UnitLevel, said: tuple[str, str], name_field: Field) -> Place:
        text, code = said
        above = at or (self.tops[0] if len(self.tops) == 1 and self.tops[0].level == level - 1 else None)
        mine = above is not None and above.mine and above.level == level - 1
        if self.grow and mine and (level == UnitLevel.GRID or code):  # too many to look for a slip of the pen in each
            return self._add(above, level, text, code, name_field)
        meant = nearest(text, [each.name for each in self._beside(at, level) if each.mine])
        slip = level <= UnitLevel.COMMUNITY and not code and meant and stem(meant) == stem(text)
        if self.grow and mine and not slip:
            return self._add(above, level, text, code, name_field)
        if meant and level < UnitLevel.GRID:
            kind = CellError if slip or not mine else NewUnitError
            raise kind(MEANT, said=text, meant=meant).at(name_field)
        if not mine and self.tops and self.tops[0].level >= level:
            raise CellError("这一行不在您管的范围里（您管{mine}）", mine=self._mine()).at(name_field)
        if not mine:
            raise CellError("没有“{said}”；请把它上一级的单位也写上", said=text).at(name_field)
        raise NewUnitError("系统里还没有“{said}”", said=text).at(name_field)

    def _add(self, above: Place | None, level: UnitLevel, name: str, code: str, name_field: Field) -> Place:
        if len(name) > LONGEST_NAME or len(code) > LONGEST_CODE:
            raise CellError("“{said}”太长，不像单位的名称或编码", said=(name if len(name) > LONGEST_NAME else code)[:30]).at(
                name_field
            )
        if code and (not code.isascii() or not code.isalnum() or code in self.codes or code in self.taken):
            raise CellError("编码“{code}”用不了：只能是字母和数字，也不能和别的单位一样", code=code).at(name_field)
        if code:
            self._ensure_fits(code, level, above, name_field)
        else:
            self.last_drawn += 1
            code = DRAWN.format(number=self.last_drawn)
        place = Place(name, level, code, above)
        self.places.append(place)
        self.codes[code] = place
        self._index(place)
        return place

    def _ensure_fits(self, code: str, level: UnitLevel, above: Place | None, name_field: Field) -> None:
        try:
            check_code(code, level, above.code if above else "", self.outline)
        except BadInputError as fault:
            raise CellError(fault.message, **fault.params).at(name_field) from None

    def _beside(self, at: Place | None, level: int) -> list[Place]:
        """Return the units of a level below a unit, or anywhere if none was named."""
        if at is not None and at.level == level - 1:
            return self.by_parent[at, level]
        return [each for each in self.by_level[level] if at is None or at in each.chain]

    def _written_out(self, line: Line) -> Place | None:
        """Find a place told in one cell: 青石镇溪口村第一网格."""
        rest = line.text(Field.UNIT)
        if not rest:
            return None
        fitting = self._said.get(plain(rest), [])
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            names = "、".join(each.words for each in fitting[:5])
            raise CellError("“{said}”有好几个：{names}；请写全", said=rest, names=names).at(Field.UNIT)
        meant = nearest(rest, [each.words for each in self.places if each.mine])
        if meant:
            raise CellError(MEANT, said=rest, meant=meant).at(Field.UNIT)
        raise CellError("系统里还没有“{said}”", said=rest).at(Field.UNIT)

    @cached_property
    def _said(self) -> dict[str, list[Place]]:
        """Return the units by every way to write them out: with all, some or none of those above."""
        ways: dict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            chain = [plain(each.name) for each in place.chain]
            for way in {"".join(chain[first:]) for first in range(len(chain))}:
                ways[way].append(place)
        return ways

    def _bare(self, text: str, at: Place | None) -> str:
        """Return a name without those of the units above it."""
        for above in at.chain if at else ():
            if len(text) > len(above.name) and text.startswith(above.name):
                text = text[len(above.name) :].strip()
        return text

    def _mine(self) -> str:
        return "、".join(each.words for each in self.tops)

    def _index(self, place: Place) -> None:
        self.by_parent[place.above, place.level].append(place)
        self.by_level[place.level].append(place)
        if place.above:
            place.above.below.append(place)


def _walk(place: Place) -> Iterable[Place]:
    yield place
    for each in place.below:
        yield from _walk(each)


def _deepest(line: Line) -> Field:
    return next((each for each in (Field.GRID, Field.COMMUNITY, Field.TOWN, Field.UNIT) if line.text(each)), Field.NAME)
