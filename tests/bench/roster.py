"""Seconds from a county's file to its people: reading, comparing, taking in, and the same file again."""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from banyan.courseware.catalogue import Catalogue
from banyan.courseware.content import open_framework, open_programmes
from banyan.records import migrate
from banyan.records.engine import open_engine, sessions
from banyan.tracker.roster.workbook import read_workbook
from banyan.tracker.rulebook import Rulebook
from tests import house
from tests.bench._report import machine, options, tell
from tests.tracker.roster.registry import HEAD, open_registry, xlsx


def county(people: int) -> bytes:
    """Return a sheet of grids of three people, ten grids a village, ten villages a town; all its units are new."""
    rows = [
        (
            "",
            f"人{chr(0x4E00 + n)}",
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
        content, shared = county(chosen.people), house.ROOT / "content"
        rulebook = Rulebook(
            open_framework(shared), open_programmes(shared), house.issuer(), bytes(32), Catalogue(Path(folder) / "releases")
        )
        registry = open_registry(sessions(engine), rulebook)
        for name, step in (
            ("read", lambda: read_workbook(content)),
            ("look", lambda: registry.look(content, grow=True)),
            ("take in", lambda: registry.take(content, grow=True)),
            ("look again", lambda: registry.look(content, grow=True)),
        ):
            began = time.perf_counter()
            done = step()
            found[f"{name}, s"] = round(time.perf_counter() - began, 2)
        again = 0 if done.changes_nothing else 1  # type: ignore[attr-defined]
        engine.dispose()
    tell({"people": chosen.people, **found, "changed by the same file again": again, **machine()}, chosen.json)
    return again


if __name__ == "__main__":
    sys.exit(main())
