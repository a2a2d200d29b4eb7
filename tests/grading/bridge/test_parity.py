"""A notebook task graded once more by the stock command: in a copy, shut in, nothing left of it."""

import socket
from pathlib import Path

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


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
