"""Seconds and megabytes from a county's file to its people: read, compared, taken in, a slip each, and the same file again.

Each is done in a process of its own: the most that a process held is never forgotten, and one inherits it from who started it.
"""

import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from sqlalchemy import select

from banyan.accounts.slips import PORTION, issue_slips
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.content import open_framework, open_programmes
from banyan.records import migrate
from banyan.records.engine import open_engine, sessions, writing
from banyan.records.people import Person
from banyan.tracker.rulebook import Rulebook
from tests import house
from tests.bench._databases import database
from tests.bench._report import machine, options, tell
from tests.county import NOW, Places
from tests.tracker.roster.registry import HEAD, Registry, open_registry, xlsx

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Office:
    """Where the records are, the file to take in, and who is there before."""

    url: str
    folder: Path
    content: bytes
    at: Places
    people: Mapping[str, Person]

    def open(self) -> Registry:
        return Registry(sessions(open_engine(self.url)), _rulebook(self.folder), self.at, dict(self.people))


def county(people: int) -> bytes:
    """Return a sheet of grids of three people, ten grids a village, ten villages a town; all its units are new."""
    rows = [
        (
            "",
            f"人{chr(0x4E00 + n % 20_000)}{chr(0x4E00 + n // 20_000)}",
            13900000000 + n,
            f"{n // 300 + 1}号镇",
            f"甲{n // 30 % 10}村",
            f"第{n // 3 % 10 + 1}网格",
            "网格员",
        )
        for n in range(people)
    ]
    return xlsx([HEAD, *rows])


def measure(which: str, people: int) -> dict[str, float]:
    """Take a file in with a slip for each, then the same file again; `changed` says how many things that found to do."""
    with database(which) as (url, folder):
        engine = open_engine(url)
        migrate.upgrade(engine)
        before = open_registry(sessions(engine), _rulebook(folder))
        engine.dispose()
        office = Office(url, folder, alone(county, people), before.at, before.people)
        return {"people": people, **alone(take_in, office), **alone(take_in_again, office)}


def take_in(office: Office) -> dict[str, float]:
    registry = office.open()

    def slips() -> None:
        with writing(registry.make) as session:
            ids = list(session.scalars(select(Person.id).order_by(Person.id)))
            for first in range(0, len(ids), PORTION):
                some = session.scalars(select(Person).where(Person.id.in_(ids[first : first + PORTION])))
                issue_slips(session, some, b"a key of this bench", None, NOW)

    found = timed("take_in", lambda: registry.take(office.content, grow=True)) | timed("slips", slips)
    return found | {"import_s": round(found["take_in_s"] + found["slips_s"], 2), "import_mb": most_memory()}


def take_in_again(office: Office) -> dict[str, float]:
    registry, counts = office.open(), dict[str, int]()
    found = timed("reimport", lambda: counts.update(registry.take(office.content, grow=True).counts))
    return found | {"reimport_mb": most_memory(), "changed": sum(counts.values()) - counts.get("same", 0)}


def alone(step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do a step in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
        return one.submit(step, *args, **kwargs).result()


def _rulebook(folder: Path) -> Rulebook:
    content = house.ROOT / "content"
    return Rulebook(open_framework(content), open_programmes(content), house.issuer(), bytes(32), Catalogue(folder / "releases"))


def timed(name: str, step: Callable[[], object]) -> dict[str, float]:
    """Do a step and return the seconds it took, on the wall and of a processor."""
    began, worked = time.perf_counter(), processor()
    step()
    return {f"{name}_s": round(time.perf_counter() - began, 2), f"{name}_cpu_s": round(processor() - worked, 2)}


def main(argv: Sequence[str] | None = None) -> int:
    chosen = options(__doc__ or "", argv, people=3000, postgresql=0)
    found = measure("postgresql" if chosen.postgresql else "sqlite", chosen.people)
    tell(found | machine(), chosen.json)
    return int(found["changed"] > 0)


def processor() -> float:
    """Return the seconds this process and those it started have worked: what it costs where others work too."""
    used = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def most_memory() -> int:
    """Return the most that this process, or the one that reads, has held so far."""
    return max(resource.getrusage(each).ru_maxrss for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024


if __name__ == "__main__":
    sys.exit(main())
