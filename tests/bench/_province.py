"""A province of invented people, written straight into the tables: units down to the grid, posts, and what everybody has shown.

Written in bulk by each database's own means, since thirty million rows are too many to be taken in one by one.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Engine, Table, text

from banyan.domain.calendar import add_months
from banyan.domain.framework import Framework, Kind
from banyan.domain.organisation import UnitLevel, path_of
from banyan.records.competence import EvidenceRow
from banyan.records.learning import Assignment
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person

AT_A_GRID, GRIDS, VILLAGES, TOWNS, COUNTIES = 7, 5, 10, 12, 10  # people a grid, grids a village, … counties a city
ROWS_EACH = 30  # evidence
CHUNK = 100_000
FAMILY, GIVEN = "赵钱孙李周吴郑王冯陈林黄苏卢蒋蔡贾丁魏薛", "秀英桂兰玉梅建国志强海燕春花明辉丽华文斌晓东"
KINDS = (Kind.OA, Kind.SIM, Kind.AO)


@dataclass(frozen=True)
class Province:
    """What was written: people from `first` up to but not including `after`, by their ids."""

    first: int
    after: int
    units: int
    evidence: int


@dataclass
class _Writer:
    """Writes rows of a table in the order of `columns`; what a model fills in by itself is filled in here."""

    engine: Engine

    def write(self, table: Any, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> int:
        """Write rows and return how many."""
        known: Table = table.__table__
        preset = {
            each.name: each.default.arg
            for each in known.columns
            if each.default is not None and each.default.is_scalar and each.name not in columns
        }
        names, given = [*columns, *preset], tuple(preset.values())
        whole, count = (row + given for row in rows), 0
        while chunk := list(islice(whole, CHUNK)):
            count += len(chunk)
            (self._copy if self.engine.dialect.name == "postgresql" else self._insert)(known, names, chunk)
        return count

    def _insert(self, table: Table, names: list[str], rows: list[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(names))
        raw = self.engine.raw_connection()
        driver: Any = raw.driver_connection
        driver.execute("BEGIN IMMEDIATE")
        driver.executemany(f'INSERT INTO "{table.name}" ({", ".join(names)}) VALUES ({marks})', rows)
        driver.execute("COMMIT")
        raw.close()

    def _copy(self, table: Table, names: list[str], rows: list[tuple[Any, ...]]) -> None:
        raw = self.engine.raw_connection()
        driver: Any = raw.driver_connection
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({", ".join(names)}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        raw.commit()
        raw.close()

    def said(self, when: date) -> Any:
        """Return a day or a moment as the driver takes it: SQLite's as the text it keeps, made once and not for each row."""
        if self.engine.dialect.name == "postgresql":
            return when
        return when.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(when, datetime) else when.isoformat()

    def let_count(self) -> None:
        """Let PostgreSQL go on counting where the written rows end, and both know how much there is of what."""
        with self.engine.begin() as connection:
            if self.engine.dialect.name == "postgresql":
                for each in (Unit, Person, Appointment, Assignment):
                    name = each.__tablename__
                    connection.execute(
                        text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
                    )
            connection.execute(text("ANALYZE"))


def settle(engine: Engine, framework: Framework, first: int, people: int, now: datetime) -> Province:
    """Write people numbered on from `first` (1 for an empty province), each with a post and `ROWS_EACH` rows of evidence."""
    writer, after = _Writer(engine), first + people
    moment, begun, due = map(writer.said, (now, date(2026, 1, 1), date(now.year + 1, 12, 31)))
    grids = -(-people // AT_A_GRID)
    units = list(_units(first, grids))
    writer.write(Unit, ("id", "parent_id", "code", "name", "level", "path"), units)
    at = [each[0] for each in units if each[4] == UnitLevel.GRID]
    named = ("id", "staff_number", "handle", "name", "phone", "must_change_password", "created_at")
    writer.write(Person, named, (_person(each, moment) for each in range(first, after)))
    posts = ((each, each, at[(each - first) // AT_A_GRID], "GS", "网格员", True, begun) for each in range(first, after))
    writer.write(Appointment, ("id", "person_id", "unit_id", "role", "post", "full_time", "starts_on"), posts)
    asked = ((each, each, "ER-T1", due, moment) for each in range(first, after))
    writer.write(Assignment, ("id", "person_id", "programme", "due_on", "assigned_at"), asked)
    shown = (
        "person_id",
        "competency",
        "indicators",
        "kind",
        "level",
        "observed_on",
        "expires_on",
        "framework",
        "source",
        "digest",
    )
    rows = writer.write(EvidenceRow, (*shown, "taken_at"), _evidence(framework, range(first, after), now, writer.said))
    writer.let_count()
    return Province(first, after, len(units), rows)


def _person(number: int, now: Any) -> tuple[Any, ...]:
    name = FAMILY[number % 20] + GIVEN[number % 22] + GIVEN[number // 22 % 22]
    return (number, f"{20_000_000 + number}", f"p{number:x}", name, f"139{number:08d}"[-11:], False, now)


def _units(first: int, grids: int) -> Iterator[tuple[Any, ...]]:
    """Yield the tree of so many grids as rows, a unit before those below it; a part of its own for every `first`."""
    width = (COUNTIES * TOWNS * VILLAGES * GRIDS, TOWNS * VILLAGES * GRIDS, VILLAGES * GRIDS, GRIDS, 1)
    number = 2 * first  # a province has fewer units than twice its people
    names = ("市", "县", "镇", "村", "网格")
    level, code = UnitLevel.PROVINCE, f"{first:012d}"
    above: list[tuple[int, str]] = [(number, path_of("/", code))]
    yield (number, None, code, f"第{first}省", level, above[0][1])
    for grid in range(grids):
        for depth, size in enumerate(width, start=1):
            if grid % size == 0:
                number += 1
                parent, path = above[depth - 1]
                here = path_of(path, f"{first:x}{depth}{grid // size:x}")
                del above[depth:]
                above.append((number, here))
                yield (
                    number,
                    parent,
                    f"{first:x}{depth}{grid // size:x}",
                    f"{grid // size + 1}{names[depth - 1]}",
                    depth + 1,
                    here,
                )


def _evidence(framework: Framework, people: range, now: datetime, said: Callable[[date], Any]) -> Iterator[tuple[Any, ...]]:
    """Yield what everybody has shown: all indicators of a competency each time, on days of the last year."""
    today, codes = now.date(), list(framework)
    known = [(each.code, json.dumps(sorted(each.indicator_codes)), each.valid_months) for each in codes]
    days = [today - timedelta(days=each) for each in range(360)]
    until = {months: [said(add_months(day, months)) for day in days] for months in {each[2] for each in known}}
    days, moment = list(map(said, days)), said(now)
    kinds = [each.value for each in KINDS]
    number = (people.start - 1) * ROWS_EACH
    for person in people:
        for nth in range(ROWS_EACH):
            number += 1
            code, indicators, months = known[(person + nth) % len(known)]
            day = (person * 7 + nth * 13) % 360
            yield (
                person, code, indicators, kinds[(person + nth) % 3], 1 + nth % 3, days[day], until[months][day],
                framework.version, f"bench:{number}", f"{number:064x}", moment,
            )  # fmt: skip
