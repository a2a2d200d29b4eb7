"""The warm process and what it forks: gone with their owner, made anew when they die, not used where they cannot be shut in."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from banyan.errors import HomeError, TryLaterError
from grading.confinement import Protection
from grading.sandbox.names import Names
from grading.sandbox.nursery import nursery
from grading.sandbox.run import Allowance, Kind, running
from tests.grading.confinement.cell import needs_filter, needs_tree

pytestmark = [needs_filter, needs_tree]
NESTED = "import os\nfor _ in range(1500):\n    os.mkdir('d')\n    os.chdir('d')\n"
FORK = multiprocessing.get_context("fork")


def one_cell() -> str:
    with running({}, {}, Names()) as run:
        return str(run.cell(Kind.LEARNER, "6 * 7", 1).outputs[0]["data"]["text/plain"])


def until(claim: object, seconds: float = 10) -> bool:
    """Wait until a claim (a function) holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if claim():  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False


def test_a_warm_process_that_dies_is_made_anew() -> None:
    first = nursery()
    os.kill(first.process.pid, signal.SIGKILL)

    with pytest.raises(TryLaterError, match="中断了"):
        one_cell()

    assert one_cell() == "42"
    assert nursery().process.pid != first.process.pid
    assert not first.rooms.exists()


def in_the_midst(told: "multiprocessing.queues.SimpleQueue[tuple[int, str]]") -> None:
    """Be an owner that is killed while a learner's program runs."""
    with running({}, {}, Names(), Allowance(deep=2000, files=3000)) as run:
        told.put((nursery().process.pid, str(nursery().rooms)))
        run.cell(Kind.LEARNER, NESTED + "while True: pass", 1)


def test_with_its_owner_killed_nothing_goes_on_and_no_file_is_left() -> None:
    told = FORK.SimpleQueue()
    owner = FORK.Process(target=in_the_midst, args=(told,))
    owner.start()
    warm, rooms = told.get()
    assert until(lambda: len(list(Path(f"/proc/{warm}/task/{warm}").glob("children"))) == 1)
    forks = Path(f"/proc/{warm}/task/{warm}/children").read_text().split()
    assert until(lambda: any(Path(each, "work", *"d" * 1200).exists() for each in Path(rooms).iterdir()))
    assert owner.pid

    os.kill(owner.pid, signal.SIGKILL)
    owner.join()

    assert len(forks) == 2
    assert until(lambda: not any(lives(each) for each in (warm, *forks)))
    assert until(lambda: not list(Path(rooms).iterdir()))
    Path(rooms).rmdir()


def lives(process: int | str) -> bool:
    """Say whether a process still runs; one that has ended may wait for whoever adopts orphans here to notice."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_each_process_that_grades_has_its_own() -> None:
    def ask(told: "multiprocessing.queues.SimpleQueue[tuple[int, str]]") -> None:
        told.put((nursery().process.pid, one_cell()))

    told = FORK.SimpleQueue()
    other = FORK.Process(target=ask, args=(told,))
    other.start()
    warm, said = told.get()
    other.join()

    assert said == "42"
    assert warm != nursery().process.pid
    assert one_cell() == "42"


def test_where_a_program_cannot_be_shut_in_none_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nursery(), "protection", Protection(network=True, tree=True, landlock=0, filtered=False))

    with pytest.raises(HomeError, match=r"关不住学员写的程序.*开别的程序"):
        one_cell()
