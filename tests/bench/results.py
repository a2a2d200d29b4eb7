"""From handing in to the result on the screen, one at a time and all at once; and what a grader's worker weighs after thousands.

Portal and grader run as they are served (tests/bench/_portal.py). A phone hands in as the exam page does, then asks for its
result as often as the result page does and reads that page once it is there. Before and after the burst nobody else works.
"""

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from threading import Barrier
from typing import Any

import psutil
from sqlalchemy import func, select

from banyan.domain.examination import State
from banyan.records.engine import reading, writing
from banyan.records.examinations import Answer, Attempt, Submission
from banyan.tracker import handing_in, jobs
from banyan.tracker.jobs import GradingRoom, Queue
from tests.bench._many import MB, p95
from tests.bench._portal import FORK, Line, open_room, portal
from tests.bench._report import machine, options, tell
from tests.bench._school import clock_of
from tests.bench.answers import Sitter, seat
from tests.county import COURSE

EACH, MOST, FIRST, SLOWER, LAST = 0.06, 0.6, 0.2, 1.5, 8.0  # seconds and times, as assets/result/wait.js asks
AT_ONCE = 100  # people in one transaction
SETTLED = 100  # submissions after which a worker has everything it keeps


def answer_all(room: GradingRoom, sitters: Sequence[Sitter]) -> None:
    """Keep a right answer to every question but the one a trainer marks."""
    exam, now = room.rulebook.catalogue.newest(COURSE).exam, datetime.now(UTC)
    with writing(room.make) as session:
        for sitter in sitters:
            form = {each["name"]: each["question"] for each in session.get_one(Attempt, sitter.attempt).form["slots"]}
            for slot, value in sitter.answers:
                if exam.items[form[slot]].type != "open":
                    session.add(Answer(attempt_id=sitter.attempt, slot=slot, seq=1, value=value, saved_at=now))


@contextmanager
def grader(room: GradingRoom) -> Iterator[psutil.Process]:
    """Serve the grader with its workers."""
    process = FORK.Process(target=_grade, args=(room,))
    process.start()
    try:
        yield psutil.Process(process.pid)
    finally:
        os.kill(process.pid or 0, signal.SIGTERM)
        process.join()


def _grade(room: GradingRoom) -> None:
    os.setsid()
    room.make.kw["bind"].dispose(close=False)
    jobs.run(room)


def hand_in(sitter: Sitter, port: int, together: Barrier) -> float:
    """Hand in when all are ready; return the seconds until the page shows the result."""
    phone = Line(sitter.who, sitter.attempt, port)
    together.wait()
    began = time.perf_counter()
    phone.ask("POST", "/submit", {})
    phone.ask("GET", "/receipt", accept="text/html")
    wait(phone)
    page = phone.ask("GET", "/result", accept="text/html").decode()
    assert "result-mark" in page or "这次没过" in page, page
    return time.perf_counter() - began


def wait(phone: Line) -> None:
    """Ask for the result as the page does until it is there."""
    least, ahead, at = FIRST, 0, 0.0
    while (said := json.loads(phone.ask("GET", "/place")))["state"] == State.SUBMITTED:
        now, gone = time.perf_counter(), ahead - said["ahead"] if at else 0
        each = (now - at) / gone if gone > 0 else EACH
        ahead, at = said["ahead"], now
        time.sleep(min(max(ahead * each * MOST, least), LAST))
        phone.line.close()  # the portal does not keep a line open that long; it opens again by itself
        least = FIRST if gone > 0 else min(least * SLOWER, LAST)


def shown(room: GradingRoom, one_by_one: int, burst: int) -> dict[str, Any]:
    """Measure what people wait, served by portal and grader."""
    sitters = seat(room.make, room.rulebook, one_by_one + burst + 1)
    answer_all(room, sitters)
    room.make.kw["bind"].dispose()
    with grader(room) as graders, portal(room) as (served, port):
        hand_in(sitters.pop(), port, Barrier(1))  # a house that has just begun has things to fetch
        idle = [hand_in(each, port, Barrier(1)) for each in sitters[:one_by_one]]
        clocks = {"portal": [clock_of(served.pid or 0)], "grader": [clock_of(each.pid) for each in graders.children()]}
        before = {name: sum(map(time.clock_gettime, each)) for name, each in clocks.items()}
        with ThreadPoolExecutor(burst) as hands:
            together = Barrier(burst)
            crowd = list(hands.map(lambda each: hand_in(each, port, together), sitters[one_by_one:]))
        spent = {name: sum(map(time.clock_gettime, each)) - before[name] for name, each in clocks.items()}
    return {
        "result_idle_p95_s": round(p95(idle), 2),
        "result_idle_median_s": round(median(idle), 2),
        "result_burst_p95_s": round(p95(crowd), 2),
        "result_burst_median_s": round(median(crowd), 2),
        **{f"burst_{name}_cpu_ms_each": round(each * 1000 / burst, 1) for name, each in spent.items()},
        "one_by_one": one_by_one,
        "burst": burst,
    }


def growth(room: GradingRoom, submissions: int) -> dict[str, Any]:
    """Let the served grader grade thousands; return by how much its heaviest worker grew once it had everything it keeps."""
    wait_in_line(room, submissions)
    room.make.kw["bind"].dispose()
    settled, began = min(SETTLED, submissions // 2), time.monotonic()
    with grader(room) as process:
        early: dict[int, float] = {}
        while left := count(room, State.SUBMITTED):
            if not early and submissions - left >= settled:
                early = weights(process)
            time.sleep(0.2)
        late = weights(process)
        spent = sum(time.clock_gettime(clock_of(pid)) for pid in late)
        early = early or late
    return {
        "worker_growth_mb": round(max(late[pid] - early[pid] for pid in late), 1),
        "worker_mb": round(max(late.values()), 1),
        "grader_cpu_ms_each": round(spent * 1000 / submissions, 1),
        "submissions": submissions,
        "seconds": round(time.monotonic() - began),
        "stuck": count(room, State.FAILED_TO_GRADE),
        "tried_again": tried_again(room),
    }


def wait_in_line(room: GradingRoom, submissions: int) -> None:
    """Let so many people hand in and wake the grader that is not there yet.

    In a process of its own: what this takes up here, workers forked from here would seem to grow by.
    """
    process = FORK.Process(target=_hand_in_all, args=(room, submissions))
    process.start()
    process.join()
    assert process.exitcode == 0


def _hand_in_all(room: GradingRoom, submissions: int) -> None:
    room.make.kw["bind"].dispose(close=False)
    sitters, queue = seat(room.make, room.rulebook, submissions), Queue(room.queue)
    for each in batched(sitters, AT_ONCE):
        answer_all(room, each)
        with writing(room.make) as session:
            sat = [session.get_one(Attempt, sitter.attempt) for sitter in each]
            handed_in = [handing_in.hand_in(session, attempt, room.rulebook, datetime.now(UTC)).id for attempt in sat]
        for submission in handed_in:
            queue.wake(submission)


def batched(sitters: Sequence[Sitter], size: int) -> Iterator[Sequence[Sitter]]:
    return (sitters[start : start + size] for start in range(0, len(sitters), size))


def weights(grader: psutil.Process) -> dict[int, float]:
    """Return what each worker has to itself, in MB."""
    return {each.pid: each.memory_full_info().uss / MB for each in grader.children()}


def count(room: GradingRoom, state: State) -> int:
    with reading(room.make) as session:
        return session.scalar(select(func.count()).where(Submission.state == state)) or 0


def tried_again(room: GradingRoom) -> int:
    """Return how many submissions were not graded at the first try."""
    with reading(room.make) as session:
        return session.scalar(select(func.count()).where(Submission.tries > 1)) or 0


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    chosen = options(__doc__ or "", argv, idle=20, burst=100, submissions=5000)
    found = machine()
    with tempfile.TemporaryDirectory() as folder:
        found |= shown(open_room(Path(folder)), chosen.idle, chosen.burst)
    with tempfile.TemporaryDirectory() as folder:
        found |= growth(open_room(Path(folder)), chosen.submissions)
    tell(found, chosen.json)
    return found


if __name__ == "__main__":
    sys.exit(main()["stuck"])
