"""Processes of the house are killed under open lessons: who can go on goes on, and nobody's kernel is left behind."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from banyan.courseware.build import build_course
from tests.lessons.conftest import BORN, CHEN, LIN, LittleHouse, Reader, little_house, reader_at
from tests.lessons.open_page import Page, run, wait_for

pytestmark = [pytest.mark.served, pytest.mark.timeout(240)]
Sign = Callable[[str], Reader]


@contextmanager
def new_kernels(house: LittleHouse, many: int) -> Iterator[set[int]]:
    """Give the processes of the kernels that are lent meanwhile, at its end."""
    before, found = house.forked()[1], set[int]()
    yield found
    found |= house.forked()[1] - before
    assert len(found) == many


def gone(processes: set[int]) -> bool:
    return not any(Path(f"/proc/{each}").exists() for each in processes)


def test_a_hub_that_is_killed_costs_no_reader_a_kernel_and_leaves_none(little: LittleHouse, reader: Sign) -> None:
    async def scene() -> None:
        one, other = Page(reader(LIN), little, "hostile"), Page(reader(CHEN), little, "hostile")
        with new_kernels(little, 2) as kernels:
            await one.open()
            await other.open()
        little.kill("hub")
        assert await one.answered(7)
        assert await other.answered(7)
        wait_for(lambda: httpx.get(f"{little.url}/hub/login").status_code == 200)
        assert await one.answered(8)
        one.line.close()
        assert one.come_back()
        await one.join()
        assert await one.answered(9)
        assert not gone(kernels)
        one.leave()
        assert await other.answered(8)
        other.leave()
        assert gone(kernels)

    run(scene)


def test_a_lessons_service_that_is_killed_takes_its_kernels_along_and_lends_others(little: LittleHouse, reader: Sign) -> None:
    async def scene() -> None:
        one, other = Page(reader(LIN), little, "hostile"), Page(reader(CHEN), little, "hostile")
        with new_kernels(little, 2) as kernels:
            await one.open()
            await other.open()
        assert await one.answered(7)
        first, _ = little.forked()
        folder = (little.home.run / "lessons.sockets").read_text().split()[-1]
        little.kill("lessons")
        wait_for(lambda: gone(kernels | first), 10)
        for page in (one, other):
            assert await page.hear(lambda _said: False) is None, "the page hears that its line is gone"
        wait_for(lambda: httpx.get(f"{little.url}/services/lessons/offline.js").status_code == 200)
        assert not one.come_back()
        assert not Path(folder).exists()
        for page in (one, other):
            await page.open()
            assert await page.answered(8)
            page.leave()

    run(scene)


def test_a_zygote_that_is_killed_is_noticed_by_nobody(little: LittleHouse, reader: Sign) -> None:
    async def scene() -> None:
        one, other = Page(reader(LIN), little, "hostile"), Page(reader(CHEN), little, "hostile")
        await one.open()
        first, _ = little.forked()
        for each in first:
            os.kill(each, signal.SIGKILL)
        assert await one.answered(7)
        await other.open()
        assert await other.answered(7)
        assert await one.answered(8)
        one.leave()
        other.leave()
        assert not little.forked()[0] & first

    run(scene)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[tuple[LittleHouse, Reader]]:
    """A house of one's own, with a reader in it."""
    with little_house(tmp_path) as house, reader_at(house) as reader:
        reader.sign_in(LIN)
        yield house, reader


def test_a_lesson_that_is_changed_is_run_anew_while_the_old_ones_kernels_go_on(alone: tuple[LittleHouse, Reader]) -> None:
    house, reader = alone
    folder = house.home.root.parent

    async def scene() -> None:
        old = Page(reader, house, "hostile")
        await old.open()
        assert await old.answered(7)
        lesson = folder / "courses" / "x-1" / "lessons" / "hostile.md"
        lesson.write_text(lesson.read_text(encoding="utf-8").replace("str(change.new)", "str(change.new * 10)"), encoding="utf-8")
        build_course(folder / "courses", "x-1", folder / "content", house.home.releases, BORN)
        new = Page(reader, house, "hostile")
        await new.open()
        assert await new.answered(7, says="70")
        assert await old.answered(8)
        for page in (old, new):
            page.leave()

    run(scene)


def test_a_house_that_is_asked_to_stop_leaves_no_process(alone: tuple[LittleHouse, Reader]) -> None:
    house, reader = alone

    async def scene() -> None:
        page = Page(reader, house, "hostile")
        await page.open()
        assert await page.answered(7)
        first, kernels = house.forked()
        assert first
        assert kernels
        house.keeper.terminate()
        house.keeper.wait(timeout=15)
        assert gone(first | kernels)

    run(scene)
