"""Seconds and megabytes from a county's file to its people: read, compared, taken in, a slip each, and the same file again."""

import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from sqlalchemy import select

from banyan.accounts.slips import issue_slips
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.content import open_framework, open_programmes
from banyan.records import migrate
from banyan.records.engine import open_engine, sessions, writing
from banyan.records.people import Person
from banyan.tracker.rulebook import Rulebook
from tests import house
from tests.bench._databases import database
from tests.bench._report import machine, options, tell
from tests.county import NOW
from tests.tracker.roster.registry import HEAD, open_registry, xlsx


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
    """Take a file in with a slip for each, then look at the same file again; `changed` says whether that found anything to do."""
    found: dict[str, float] = {"people": people}
    with database(which) as (url, folder):
        engine = open_engine(url)
        migrate.upgrade(engine)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as maker:  # what making it takes is not ours
            content, shared = maker.submit(county, people).result(), house.ROOT / "content"
        catalogue = Catalogue(folder / "releases")
        rulebook = Rulebook(open_framework(shared), open_programmes(shared), house.issuer(), bytes(32), catalogue)
        registry = open_registry(sessions(engine), rulebook)

        def slips() -> None:
            with writing(registry.make) as session:
                issue_slips(session, session.scalars(select(Person)), b"a key of this bench", None, NOW)

        found |= timed("take_in", lambda: registry.take(content, grow=True))
        found |= timed("slips", slips)
        found |= {"import_s": round(found["take_in_s"] + found["slips_s"], 2), "import_mb": most_memory()}
        found |= timed("again", lambda: found.update(changed=not registry.look(content, grow=True).changes_nothing))
        found["again_mb"] = most_memory()
        engine.dispose()
    return found


def timed(name: str, step: Callable[[], object]) -> dict[str, float]:
    """Do a step and return the seconds it took, on the wall and of a processor."""
    began, worked = time.perf_counter(), processor()
    step()
    return {f"{name}_s": round(time.perf_counter() - began, 2), f"{name}_cpu_s": round(processor() - worked, 2)}


def main(argv: Sequence[str] | None = None) -> int:
    chosen = options(__doc__ or "", argv, people=3000, postgresql=0)
    found = measure("postgresql" if chosen.postgresql else "sqlite", chosen.people)
    tell(found | machine(), chosen.json)
    return int(found["changed"])


def processor() -> float:
    """Return the seconds this process and those it started have worked: what it costs where others work too."""
    used = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def most_memory() -> int:
    """Return the most that this process, or the one that reads, has held so far."""
    return max(resource.getrusage(each).ru_maxrss for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024


if __name__ == "__main__":
    sys.exit(main())
