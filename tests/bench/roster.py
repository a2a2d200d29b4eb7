"""Seconds and megabytes from a county's file to its people: read, compared, taken in, a slip each, and the same file again."""

import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import select

from banyan.accounts.slips import issue_slips
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.content import open_framework, open_programmes
from banyan.records import migrate
from banyan.records.engine import open_engine, sessions, writing
from banyan.records.people import Person
from banyan.tracker.rulebook import Rulebook
from tests import house
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


def main(argv: Sequence[str] | None = None) -> int:
    chosen = options(__doc__ or "", argv, people=3000)
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/records.sqlite")
        migrate.upgrade(engine)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as maker:  # what making it takes is not ours
            content, shared = maker.submit(county, chosen.people).result(), house.ROOT / "content"
        rulebook = Rulebook(
            open_framework(shared), open_programmes(shared), house.issuer(), bytes(32), Catalogue(Path(folder) / "releases")
        )
        registry = open_registry(sessions(engine), rulebook)

        def slips() -> None:
            with writing(registry.make) as session:
                issue_slips(session, session.scalars(select(Person)), b"a key of this bench", None, NOW)

        for name, step in (
            ("read, compare and take in", lambda: registry.take(content, grow=True)),
            ("a slip for each", slips),
            ("read and compare again", lambda: registry.look(content, grow=True)),
        ):
            began, worked = time.perf_counter(), processor()
            done = step()
            found[f"{name}, s"] = round(time.perf_counter() - began, 2)
            found[f"{name}, s of a processor"] = round(processor() - worked, 2)
            found[f"{name}, MB at most"] = most_memory()
        again = 0 if done.changes_nothing else 1  # type: ignore[attr-defined]
        engine.dispose()
    tell({"people": chosen.people, **found, "changed by the same file again": again, **machine()}, chosen.json)
    return again


def processor() -> float:
    """Return the seconds this process and those it started have worked: what it costs where others work too."""
    used = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def most_memory() -> int:
    """Return the most that this process, or the one that reads, has held so far."""
    return max(resource.getrusage(each).ru_maxrss for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024


if __name__ == "__main__":
    sys.exit(main())
