"""A notebook task graded once more by the stock command: in a copy, shut in, nothing left of it."""

import socket
import tempfile
from contextlib import suppress
from pathlib import Path

from banyan.errors import TryLaterError
from grading.bridge.gradebook import Course
from grading.bridge.parity import PLACE, Handed, by_stock, differing, held
from grading.bridge.task import grade_task
from tests.grading.bridge.task_sample import SHORT, SOLUTIONS, TASK, work
from tests.grading.confinement.cell import needs_namespaces

pytestmark = needs_namespaces
REACHING = """
import os, socket
def reaches(deed):
    try:
        deed()
    except OSError:
        return False
    return True
if reaches(lambda: open({database!r})) or reaches(lambda: socket.create_connection(("127.0.0.1", {port}), 2)):
    total = None
"""
STAYING = """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(each, signal.SIG_IGN)
    time.sleep(600)
    os._exit(0)
"""


def test_a_task_is_graded_alike_and_what_would_reach_out_reaches_nothing(tasks: Course) -> None:
    handed = Handed(TASK.assignment, "parity", TASK.name)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        reaching = REACHING.format(database=str(tasks.database), port=listening.getsockname()[1])
        found = grade_task(tasks, work(tasks, "parity", SOLUTIONS | {"count": SOLUTIONS["count"] + reaching}), SHORT)
        ours, theirs = held(tasks, handed), by_stock(tasks, handed)

    assert found.cells["test-count"].points == 3.0
    assert differing(ours, theirs) == []


def test_a_process_that_stays_ends_with_the_command(tasks: Course) -> None:
    handed = Handed(TASK.assignment, "stays", TASK.name)
    grade_task(tasks, work(tasks, "stays", SOLUTIONS | {"count": SOLUTIONS["count"] + STAYING}), SHORT)

    assert differing(held(tasks, handed), by_stock(tasks, handed)) == []
    assert [each for each in Path("/proc").glob("[0-9]*/environ") if PLACE.encode() in _read(each)] == []


def test_nothing_of_the_copy_is_left_however_deep_it_was_made(tasks: Course) -> None:
    """Deep only where it is not counted; the stock command, which may not get through it, then says so."""
    nesting = "import os, sys\nfor _ in range(1500 if 'ipykernel' in sys.modules else 0):\n    os.mkdir('d')\n    os.chdir('d')\n"
    handed = Handed(TASK.assignment, "deep", TASK.name)
    grade_task(tasks, work(tasks, "deep", SOLUTIONS | {"count": SOLUTIONS["count"] + nesting}), SHORT)
    before = set(Path(tempfile.gettempdir()).glob(f"{PLACE}*"))

    with suppress(TryLaterError):
        by_stock(tasks, handed)

    assert set(Path(tempfile.gettempdir()).glob(f"{PLACE}*")) <= before


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
