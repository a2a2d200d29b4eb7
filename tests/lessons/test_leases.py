"""The lender, with real kernels of a real lesson: what nobody uses comes back, a cap holds, nothing outlives the service."""

import asyncio
import logging
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
import zmq.asyncio
from jupyter_client import AsyncKernelManager

from banyan.errors import TryLaterError
from banyan.lessons import leases as leases_module
from banyan.lessons.kernels import Maker
from banyan.lessons.leases import LATELY, TROUBLES, Lease, Leases, Place, Terms, Wish
from banyan.lessons.provisioner import SnapshotProvisioner
from banyan.lessons.snapshots import Snapshots
from banyan.lessons.surroundings import empty_home, environment

pytestmark = pytest.mark.timeout(120)
LONG = Terms(most=4, most_each=4, unseen_for=3600, left_for=3600, quiet_for=3600, answers_in=3600)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Socket:
    """A page's end of a line."""

    closed = ""

    def close(self, code: int | None = None, reason: str | None = None) -> None:
        self.closed = reason or ""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a socket's may have 107 letters."""
    path = Path(tempfile.mkdtemp(prefix="bl-"))
    cell = nbformat.v4.new_code_cell("import ipywidgets as w\nw.IntSlider()", id="c")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path / "lesson.ipynb")
    yield path
    shutil.rmtree(path, ignore_errors=True)


@asynccontextmanager
async def lender(folder: Path, terms: Terms) -> AsyncIterator[tuple[Leases, Clock]]:
    told, clock = environment(empty_home(folder)), Clock()
    SnapshotProvisioner.shared = snapshots = Snapshots(told, folder)
    leases = Leases(Maker(folder, told, zmq.asyncio.Context()), terms, logging.getLogger("test"), clock)
    try:
        yield leases, clock
    finally:
        await leases.close()
        snapshots.close()
        SnapshotProvisioner.shared = None


def run(scene: Callable[[], Awaitable[None]]) -> None:
    async def act() -> None:
        await scene()

    asyncio.run(act())


def wish(folder: Path, person: str = "lin", lesson: str = "l") -> Wish:
    return Wish(person, "c", lesson, folder / "lesson.ipynb")


async def lend(leases: Leases, asked: Wish) -> Lease:
    lease = await leases.lend(asked)
    assert isinstance(lease, Lease)
    return lease


def test_what_nobody_uses_is_taken_back(folder: Path) -> None:
    async def scene() -> None:
        terms = replace(LONG, unseen_for=10, left_for=20, quiet_for=30)
        async with lender(folder, terms) as (leases, clock):
            unseen, left, open_one = [await lend(leases, wish(folder, lesson=name)) for name in "abc"]
            left.seen = open_one.seen = True
            open_one.lines.add(page := Socket())
            gone = []
            for each in (11, 21, 31):
                clock.now = 1000 + each
                await leases.tidy()
                gone.append([lease for lease in (unseen, left, open_one) if leases.of(lease.id, "lin") is None])
            assert gone == [[unseen], [unseen, left], [unseen, left, open_one]]
            assert page.closed == "quiet"

    run(scene)


def test_a_line_lost_for_a_minute_finds_its_kernel_again_and_one_lost_for_two_does_not(folder: Path) -> None:
    async def scene() -> None:
        async with lender(folder, Terms()) as (leases, clock):
            lease, other = await lend(leases, wish(folder)), await lend(leases, wish(folder, "chen"))
            lease.seen = other.seen = True
            other.lines.add(page := Socket())
            clock.now += 60
            await leases.tidy()
            assert leases.of(lease.id, "lin") is lease
            clock.now += 60
            await leases.tidy()
            assert list(leases) == [other]
            assert page.closed == ""

    run(scene)


def test_a_simulation_that_does_not_answer_is_ended(folder: Path) -> None:
    async def scene() -> None:
        async with lender(folder, replace(LONG, answers_in=20)) as (leases, clock):
            slow, other = await lend(leases, wish(folder)), await lend(leases, wish(folder, "chen"))
            slow.asked = clock.now
            clock.now += 21
            await leases.tidy()
            assert list(leases) == [other]

    run(scene)


def test_one_that_resists_does_not_keep_the_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary = leases_module.end

    async def scene() -> None:
        async with lender(folder, replace(LONG, unseen_for=10)) as (leases, clock):
            first, second = [await lend(leases, wish(folder, each)) for each in "ab"]

            async def end(kernel: AsyncKernelManager) -> None:
                await ordinary(kernel)
                if kernel is first.kernel:
                    raise OSError("a disk that fails")

            monkeypatch.setattr(leases_module, "end", end)
            clock.now += 11
            await leases.tidy()
            assert list(leases) == []
            assert not await second.kernel.is_alive()

    run(scene)


def test_who_finds_no_room_gets_a_place_and_then_the_first_kernel_that_is_free(folder: Path) -> None:
    async def scene() -> None:
        async with lender(folder, replace(LONG, most=2)) as (leases, _clock):
            first, _ = [await lend(leases, wish(folder, each)) for each in "ab"]
            assert await leases.lend(wish(folder, "c")) == Place(1)
            assert await leases.lend(wish(folder, "d")) == Place(2)
            await leases.take_back(first)
            assert await leases.lend(wish(folder, "d")) == Place(1)
            assert isinstance(await leases.lend(wish(folder, "c")), Lease)
            assert len(leases) == 2

    run(scene)


def test_the_cap_holds_for_all_who_come_at_once(folder: Path) -> None:
    async def scene() -> None:
        async with lender(folder, replace(LONG, most=3)) as (leases, _clock):
            came = await asyncio.gather(*(leases.lend(wish(folder, f"p{n}")) for n in range(8)))
            assert sum(isinstance(each, Lease) for each in came) == 3
            assert sorted(each.number for each in came if isinstance(each, Place)) == [1, 2, 3, 4, 5]

    run(scene)


def test_a_killed_kernel_is_missed_at_once_and_costs_nobody_else(folder: Path) -> None:
    async def scene() -> None:
        async with lender(folder, LONG) as (leases, _clock):
            mine, other = await lend(leases, wish(folder)), await lend(leases, wish(folder, "chen"))
            mine.lines.add(page := Socket())
            mine.kernel.provisioner.process.kill()  # type: ignore[union-attr]
            until = time.monotonic() + 5
            while len(leases) > 1 and time.monotonic() < until:
                await asyncio.sleep(0.02)
            assert list(leases) == [other]
            assert page.closed == "died"
            assert not Path(mine.kernel.connection_file).parent.exists()
            assert await other.kernel.is_alive()

    run(scene)


def test_who_makes_kernels_end_by_force_rests_for_a_while(folder: Path) -> None:
    async def scene() -> None:
        async with lender(folder, replace(LONG, answers_in=5)) as (leases, clock):
            for _ in range(TROUBLES):
                slow = await lend(leases, wish(folder))
                slow.asked = clock.now
                clock.now += 6
                await leases.tidy()
            with pytest.raises(TryLaterError):
                await leases.lend(wish(folder))
            assert isinstance(await leases.lend(wish(folder, "chen")), Lease)
            clock.now += LATELY
            assert isinstance(await leases.lend(wish(folder)), Lease)

    run(scene)


def test_a_lesson_that_cannot_be_run_leaves_nothing_behind(folder: Path) -> None:
    async def scene() -> None:
        async with lender(folder, LONG) as (leases, _clock):
            before = sorted(folder.iterdir())
            with pytest.raises(TryLaterError):
                await leases.lend(Wish("lin", "c", "l", folder / "none.ipynb"))
            assert (len(leases), sorted(folder.iterdir())) == (0, before)

    run(scene)


LENDER = """
import asyncio, logging, sys
from pathlib import Path
import zmq.asyncio
from banyan.lessons.kernels import Maker, process_of
from banyan.lessons.leases import Leases, Terms, Wish
from banyan.lessons.provisioner import SnapshotProvisioner
from banyan.lessons.snapshots import Snapshots
from banyan.lessons.surroundings import empty_home, environment

async def scene():
    folder = Path(sys.argv[1])
    told = environment(empty_home(folder))
    SnapshotProvisioner.shared = Snapshots(told, folder)
    leases = Leases(Maker(folder, told, zmq.asyncio.Context()), Terms(), logging.getLogger())
    lease = await leases.lend(Wish("a", "c", "l", folder / "lesson.ipynb"))
    print(process_of(lease.kernel), flush=True)
    await asyncio.sleep(60)

asyncio.run(scene())
"""


def test_no_kernel_outlives_a_killed_service(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", LENDER, str(folder)], stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout
        kernel = int(service.stdout.readline())
        assert lives(kernel)
        service.send_signal(signal.SIGKILL)
        service.wait()
    until = time.monotonic() + 5
    while lives(kernel) and time.monotonic() < until:
        time.sleep(0.05)
    assert not lives(kernel)


def lives(process: int) -> bool:
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] not in "ZX"
