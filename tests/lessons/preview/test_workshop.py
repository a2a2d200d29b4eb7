"""A workshop shows the last sound build of the files, tells every change once, and keeps little."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from banyan.courseware import build
from banyan.courseware.catalogue import numbers
from banyan.errors import NotFoundError
from banyan.lessons.identity import find_learner
from banyan.lessons.preview import workshop as workshops
from banyan.lessons.preview.throwaway import AUTHOR, throwaway_home
from banyan.lessons.preview.workshop import KEPT, Shelf, Source, Workshop
from banyan.records.engine import open_engine, reading, sessions
from banyan.tracker.county import settings_of
from tests.courseware.sample import Sample, write

FILE = "lessons/first.md"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return write(tmp_path)


@pytest.fixture
def told() -> list[tuple[int, int]]:
    """How many releases and faults there were each time something was told."""
    return []


@pytest.fixture
def shop(sample: Sample, tmp_path: Path, told: list[tuple[int, int]]) -> Workshop:
    def tell(shop: Workshop) -> None:
        told.append((shop.release.number if shop.release else 0, len(shop.faults)))

    return Workshop(Source(sample.courses, "x-1", sample.content), tmp_path / "releases", tell)


def test_a_fault_keeps_the_last_sound_release_and_all_faults_are_told(
    sample: Sample, shop: Workshop, told: list[tuple[int, int]]
) -> None:
    shop.build()
    sound = shop.release
    sample.change(FILE, "## 算一算", "## 算一算\n\n{nosuch}`x`")
    sample.change("exam.yaml", "minutes: 20", "minutes: 0")
    shop.build()
    shop.build()
    assert shop.release is sound
    assert [each.split(": ")[0] for each in shop.faults] == ["courses/x-1/exam.yaml:1", "courses/x-1/lessons/first.md:20"]
    sample.change(FILE, "\n\n{nosuch}`x`", "")
    sample.change("exam.yaml", "minutes: 0", "minutes: 20")
    shop.build()
    assert (shop.release, shop.faults) == (sound, ())
    assert told == [(1, 0), (1, 2), (1, 0)]


def test_what_is_taken_back_is_a_build_of_its_own(sample: Sample, shop: Workshop) -> None:
    names = set()
    for old, new in (("算一算", "数一数"), ("数一数", "算一算"), ("算一算", "数一数")):
        sample.change(FILE, old, new)
        shop.build()
        names.add(shop.built)
    assert len(names) == 3


def test_only_the_newest_builds_are_kept(sample: Sample, shop: Workshop) -> None:
    for number in range(KEPT + 2):
        sample.add(FILE, f"\n第{number}句。\n")
        shop.build()
    assert len(numbers(shop.releases, "x-1")) == KEPT


def test_a_file_saved_during_the_build_is_not_lost(sample: Sample, shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The release holds what was read before, its digest what was read after: nothing would tell them apart later."""
    whole, saved = build._whole, list[bool]()

    def read_then_save(*where: object) -> object:
        found = whole(*where)  # type: ignore[arg-type]
        if not saved:
            saved.append(True)
            sample.change(FILE, "再看一次", "改了一个字")
        return found

    monkeypatch.setattr(build, "_whole", read_then_save)
    shop.build()
    assert shop.release is not None
    assert "改了一个字" in shop.release.notebook("first").read_text(encoding="utf-8")
    assert numbers(shop.releases, "x-1") == [shop.release.number]


def test_a_file_that_is_gone_while_it_is_read_is_looked_at_again(
    shop: Workshop, told: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as once:
        once.setattr(workshops, "build_course", _raise(FileNotFoundError("being saved")))
        shop.build()
    assert told == []
    asyncio.run(_until(shop, lambda: told == [(1, 0)]))


def test_whoever_waits_for_news_is_woken_by_a_saved_file(sample: Sample, shop: Workshop) -> None:
    shop.build()
    before = shop.built

    async def save_and_wait() -> None:
        watching = asyncio.create_task(shop.watch())
        waiting = asyncio.create_task(shop.news(60))
        await asyncio.sleep(0)
        sample.change(FILE, "再看一次", "改了一个字")
        await waiting
        watching.cancel()

    asyncio.run(save_and_wait())
    assert shop.built != before


def test_the_shelf_holds_the_course_and_nothing_else(shop: Workshop) -> None:
    shelf = Shelf(shop)
    with pytest.raises(NotFoundError):
        shelf.newest("x-1")
    shop.build()
    assert shelf.newest("x-1") is shop.release
    with pytest.raises(NotFoundError):
        shelf.newest("x-2")


def test_the_author_reads_what_the_demo_county_says_for_itself(tmp_path: Path) -> None:
    home = throwaway_home(tmp_path / "home", NOW)
    engine = open_engine(home.records_url)
    make = sessions(engine)
    paths = find_learner(make, AUTHOR, NOW).paths
    with reading(make) as session:
        place = settings_of(session).for_units(paths)
    engine.dispose()
    for key in ("duty_phone", "clinic_phone", "county_emergency", "county_cdc"):
        assert place.phone(key).startswith("0000-"), key
    assert place.steps("reporting_chain")
    assert place.value("warning_table")
    assert place.value("drill_clocks")


async def _until(shop: Workshop, so: Callable[[], bool]) -> None:
    watching = asyncio.create_task(shop.watch())
    while not so():
        await asyncio.sleep(0.05)
    watching.cancel()


def _raise(fault: Exception) -> Callable[..., None]:
    def instead(*_: object) -> None:
        raise fault

    return instead
